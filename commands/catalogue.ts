/**
 * What there is to choose from, read out of the registries: whatever is registered is listed, with no
 * further line anywhere.
 *
 * @module
 */
import type { Options } from "../allocators/option.ts";
import { parseScenario } from "../workloads/parse_scenario.ts";
import { registered } from "../workloads/registered.ts";
import { builtinNames } from "../workloads/scenarios/mod.ts";
import { WORKLOAD } from "../workloads/schema/scenario_options.ts";

/** One thing to choose. Whatever else its registry says of it in data comes along. */
export interface Entry {
  readonly name: string;
  readonly summary: string;
  readonly scope?: string;
  readonly options?: Options;
}

type Registry = Readonly<Record<string, Omit<Entry, "name">>>;

/** Every section of the catalogue by name, each loaded only when it is asked for. */
export const SECTIONS: Readonly<Record<string, () => Promise<Entry[]>>> = {
  scenarios: () => Promise.resolve(builtinNames().map(scenarioEntry)),
  workloads: () => Promise.resolve(entriesOf(registered.workloads)),
  arrivals: () => Promise.resolve(entriesOf(registered.arrivals)),
  holds: () => Promise.resolve(entriesOf(registered.holds)),
  pressures: () => Promise.resolve(entriesOf(registered.pressures)),
  allocators: () => Promise.resolve(entriesOf(registered.allocators)),
  policies: () => Promise.resolve(entriesOf(registered.policies)),
  formats: async () => entriesOf(await import("../results/formats/mod.ts")),
  "trace-formats": async () => entriesOf(await import("../workloads/traces/mod.ts")),
};

/** What every kind of a section has besides its own options, for people; none where there is nothing. */
export function sharedEntries(section: string): Entry[] {
  if (section !== "workloads") return [];
  return [{ name: "(all of them)", summary: "what every kind may be given", options: WORKLOAD }];
}

function entriesOf(registry: Registry): Entry[] {
  return Object.entries(registry).map(([name, kind]) => ({ name, ...kind }));
}

function scenarioEntry(name: string): Entry {
  return { name, summary: parseScenario({ name }, {}, registered).summary };
}
