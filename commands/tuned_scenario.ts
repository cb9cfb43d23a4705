/**
 * From what stands on the command line of `tune` to what is tuned: the scenario, what each of its pools may be set to, and
 * what it is with any setting.
 *
 * @module
 */
import { resolve } from "node:path";
import type { PolicySpec } from "../pools/policy.ts";
import { plural } from "../results/formats/facts.ts";
import type {
  PolicyChoice,
  Session,
  Setting,
  Tuned,
  TunedPool,
} from "../tuning/session/session.ts";
import type { Simulable } from "../tuning/session/simulator.ts";
import {
  cautions,
  floorAt,
  plannedElements,
  poolNames,
  unpredictable,
} from "../tuning/session/subject.ts";
import { backendOf } from "../tuning/scenario_subject.ts";
import { backendText } from "../tuning/subjects.ts";
import { InputError } from "../workloads/input_error.ts";
import { parseScenario, type ScenarioSource } from "../workloads/parse_scenario.ts";
import { loadProgram } from "../workloads/recordings.ts";
import { registered } from "../workloads/registered.ts";
import type { Scenario } from "../workloads/scenario.ts";
import type { RunningOptions } from "./options.ts";
import { sourceOf } from "./scenarios.ts";
import { traceOptions } from "./trace_options.ts";
import { traceScenario } from "./tuned_trace.ts";

/** What is tuned. */
export interface TunedScenario {
  readonly tuned: Tuned;
  /** As it stands at the beginning. */
  readonly settings: readonly Setting[];
  readonly simulable: Simulable;
  /** As it was written, and the options that change it. */
  readonly source: ScenarioSource;
  readonly options: RunningOptions;
}

/** No pool over an allocator without a bound is tried with more elements than these. */
const MOST = 2 ** 16;

/**
 * Loads what is named.
 *
 * @throws {InputError} or {TraceError} one sentence: place, what was found and what is allowed.
 */
export async function tunedScenario(
  named: string | undefined,
  options: RunningOptions,
): Promise<TunedScenario> {
  const { source, applied } = await sourceFrom(named, options);
  const scenario = parseScenario(source, applied, registered);
  const program = await loadProgram(scenario);
  const elements = plannedElements(scenario);
  const pools = poolNames(scenario).map((name): TunedPool => ({
    name,
    bytesPerElement: elements.get(name)!.elementBytes,
    floor: floorAt({ scenario, pool: name }),
    most: mostOf(scenario, name, elements.get(name)!.capacity),
    policies: policiesOf(scenario, name),
    unpredicted: unpredictable({ scenario, pool: name }),
  }));
  const settings = pools.map(({ name, policies }) => {
    const { minReserve, policy } = scenario.pools[name]!;
    return { minReserve, policy: policies.findIndex(({ spec }) => spec === policy) };
  });
  const timed = program?.timed ?? true;
  return {
    tuned: { name: scenario.name, facts: factsOf(scenario), pools, timed },
    settings,
    simulable: { scenario, program },
    source,
    options: applied,
  };
}

async function sourceFrom(named: string | undefined, options: RunningOptions) {
  const { trace } = options;
  if (trace === undefined) return { source: sourceOf(named!), applied: options };
  if (named !== undefined) {
    throw new InputError(`tune: give a scenario or --trace FILE: found ${named} and ${trace}`);
  }
  const reading = await traceOptions(options);
  const raw = await traceScenario(trace, reading);
  // How the trace is read stands in the scenario already.
  const { trace: _, unfinished: _u, spread: _s, view: _v, join: _j, hold: _h, ...applied } =
    options;
  return { source: { label: trace, raw }, applied: applied as RunningOptions };
}

/** The scenario with other settings. @throws {InputError} where it cannot be so. */
export function scenarioWith({ simulable: { scenario } }: TunedScenario, session: Session) {
  const { tuned, settings } = session;
  const pools = { ...scenario.pools };
  settings.forEach(({ minReserve, policy }, index) => {
    const { name, policies } = tuned.pools[index]!;
    pools[name] = { ...pools[name]!, minReserve, policy: policies[policy]!.spec };
  });
  return resolved({ ...scenario, pools });
}

/** A resolved scenario is a scenario as written. */
function resolved(scenario: Scenario): Scenario {
  return parseScenario({ label: scenario.name, raw: scenario }, {}, registered);
}

function isSound(scenario: Scenario, pool: string, change: Partial<Scenario["pools"][string]>) {
  const pools = { ...scenario.pools, [pool]: { ...scenario.pools[pool]!, ...change } };
  try {
    resolved({ ...scenario, pools });
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

/** The largest reserve that the memory holds beside the others. */
function mostOf(scenario: Scenario, pool: string, capacity: number): number {
  const isPossible = (minReserve: number) => isSound(scenario, pool, { minReserve });
  let low = scenario.pools[pool]!.minReserve;
  let high = Math.max(low, capacity || MOST);
  if (isPossible(high)) return high;
  while (high - low > 1) {
    const middle = low + Math.floor((high - low) / 2);
    if (isPossible(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** The pool's own policy, and all registered ones that it may have instead. */
function policiesOf(scenario: Scenario, pool: string): PolicyChoice[] {
  const { policy: own } = scenario.pools[pool]!;
  const choice = (name: string, spec: PolicySpec, summary: string): PolicyChoice => ({
    ...{ name, spec, summary },
    cautions: cautions({ scenario, pool }, spec),
  });
  const others = Object.entries(registered.policies)
    .filter(([name]) => name === own || isSound(scenario, pool, { policy: name }))
    .map(([name, { summary }]) => choice(name, name, summary));
  return typeof own === "string" ? others : [choice("own", own, "its own steps"), ...others];
}

function factsOf(scenario: Scenario): string[] {
  const { workload: { kind, workers, trace }, seed } = scenario;
  const load = trace === null ? `${kind} load` : `replay of ${trace.split(/[/\\]/).at(-1)}`;
  const backend = backendOf(scenario);
  const { kind: pressure } = scenario.pressure;
  return [
    load,
    plural(workers, "worker"),
    ...(backend === null
      ? pressure === "none" ? [] : [`pressure ${pressure}`]
      : [backendText(backend)]),
    `seed ${seed}`,
  ];
}

/** The folder from which a source's paths start; null where they are absolute. */
export function folderOf(source: ScenarioSource): string | null {
  return "file" in source ? resolve(source.file, "..") : null;
}
