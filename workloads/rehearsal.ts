/**
 * A run without its load: all that comes before the workers start, so that a scenario can be refused where nobody wants to wait
 * for a run.
 *
 * @module
 */
import { prepareRun } from "./coordinator.ts";
import { loadProgram, loadRecorded } from "./recordings.ts";
import type { Scenario } from "./scenario.ts";

/**
 * Reads the traces of a scenario, loads its allocators, makes its memory and fills its reserves; then lets go of all of it.
 * Pools that each worker has for itself are filled by the workers, so whether theirs can be filled is not seen here.
 *
 * @throws {InputError} or {TraceError}, as a run would before it starts.
 */
export async function rehearse(scenario: Scenario): Promise<void> {
  const program = await loadProgram(scenario);
  await loadRecorded(scenario);
  await prepareRun(scenario, program);
}
