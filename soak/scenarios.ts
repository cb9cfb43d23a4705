/**
 * What the runner runs in between: replays, and built-in scenarios under each kind of pressure, in short.
 *
 * @module
 */
import { parseScenario } from "../workloads/parse_scenario.ts";
import { registered } from "../workloads/registered.ts";
import { runScenario } from "../workloads/runner.ts";

/** A built-in scenario and what is changed in it. */
export interface ShortScenario {
  readonly name: string;
  readonly changes: Parameters<typeof parseScenario>[1];
}

const BRIEF = { duration: "200ms", warmup: "0", workers: "2" };

/** All of them. */
export const SCENARIOS: readonly ShortScenario[] = [
  { name: "sqlite", changes: { speed: "0" } },
  ...["bio", "canonical", "contended", "dead", "highmem", "nested", "outages", "raid1", "swap-out"]
    .map((name) => ({ name, changes: BRIEF })),
];

/** Runs one as `bench` does, and so checks its composition. @throws {Error} where an element is lost, or it fails. */
export async function runAsBench({ name, changes }: ShortScenario, seed: number): Promise<void> {
  const scenario = parseScenario({ name }, { ...changes, seed: String(seed) }, registered);
  const { runs } = await runScenario(scenario, {
    signal: new AbortController().signal,
    onProgress: () => {},
    revision: null,
  });
  for (const { leaked } of runs) {
    if (leaked !== 0) throw new Error(`${leaked} elements leaked in ${name}`);
  }
}
