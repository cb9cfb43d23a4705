/**
 * `bench --paced`: a run whose pace somebody else sets. It loads and says that it is ready; then it
 * runs a repeat for each line on stdin and answers with a line of JSON, until stdin ends. Between two repeats the whole process
 * sleeps, so that several such processes can take turns on one machine without disturbing each other.
 *
 * The seed goes up by one with each repeat, whoever else ran meanwhile.
 *
 * @module
 */
import type { Result } from "../results/result.ts";
import { Exit } from "./exit.ts";
import { formatName } from "./formats.ts";
import type { Io } from "./io.ts";
import type { RunningOptions } from "./options.ts";
import { revisionAt } from "./revision.ts";

/** The schema's name of the first line. */
export const PACED_SCHEMA = "mempool-bench/paced@1";

/** The first line: loaded, and asleep until a line comes. All lines after it are results of one run each. */
export interface PacedReady {
  readonly schema: typeof PACED_SCHEMA;
  /** The scenario's name. */
  readonly scenario: string;
  readonly revision: string | null;
}

/** For so many repeats workers are started before the first: a block of `ab` has no more. */
const SPARE_REPEATS = 2;

/** What `bench` takes for it. */
export type PacedOptions = { paced?: true | undefined };

/**
 * Runs one scenario, a repeat for each line.
 *
 * @throws {Exit} 2, where there is not one scenario alone, or where it is not to be printed as JSON; 3, where a repeat failed.
 */
export async function runPaced(
  named: readonly string[],
  options: RunningOptions,
  io: Io,
): Promise<void> {
  formatName({ format: "json", ...options }, ["json"]);
  const { loadScenarios } = await import("./scenarios.ts");
  const [scenario, ...more] = await loadScenarios(named, options);
  if (more.length > 0) throw new Exit(2, "--paced: several scenarios are named: give one");
  const [{ RunError, runInterleaved }, { SpareWorkers }, { crewOf }] = await Promise.all([
    import("../workloads/runner.ts"),
    import("../workloads/spare_workers.ts"),
    import("../workloads/run_plan.ts"),
  ]);
  using interruption = io.interruption();
  using output = io.output(options.output);
  using spares = new SpareWorkers(SPARE_REPEATS * crewOf(scenario!));
  await spares.loaded();
  const revision = revisionAt(new URL("../", import.meta.url));
  const ready: PacedReady = { schema: PACED_SCHEMA, scenario: scenario!.name, revision };
  let line: PacedReady | Result = ready;
  const mayStart = () => {
    output.write(`${JSON.stringify(line)}\n`);
    return io.nextLine();
  };
  try {
    await runInterleaved([{
      scenario: { ...scenario!, repeat: Number.MAX_SAFE_INTEGER },
      options: {
        signal: interruption.signal,
        onProgress() {},
        revision,
        mayStart,
        measuresFloor: false,
        spares,
      },
    }], (result) => line = { ...result, runs: result.runs.slice(-1) });
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    throw new Exit(3, error.message);
  }
  if (interruption.signal.aborted) throw new Exit(130);
}
