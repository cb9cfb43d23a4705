/**
 * `bench --paced`: a run whose pace somebody else sets. It loads and says that it is ready; then it
 * answers each line on stdin with a line of JSON, until stdin ends. Between two lines the whole process
 * sleeps, so that several such processes can take turns on one machine without disturbing each other.
 *
 * | line | does | answer |
 * |---|---|---|
 * | `slots`, where the first line of the answers says that it can | begins a repeat in slots, and warms up | `{}` |
 * | `all 10`, `alone 10 1` or `timed 10`, in such a repeat | runs a slot of 10 ms, of worker 1 alone | what was measured |
 * | `end`, in such a repeat | ends it | the result of this repeat |
 * | anything else, an empty line for one | runs a repeat in one piece | the result of this repeat |
 *
 * Where workers do not come back from a slot, since they need one that sleeps, the answer is a {@linkcode PacedStuck}, and
 * nothing comes after it. The seed goes up by one with each repeat, whoever else ran meanwhile.
 *
 * @module
 */
import type { Result } from "../results/result.ts";
import type { RunSlots } from "../workloads/slots.ts";
import type { SlotName } from "../workloads/slot_kind.ts";
import { Exit } from "./exit.ts";
import { formatName } from "./formats.ts";
import type { Io, OutputSink } from "./io.ts";
import type { RunningOptions } from "./options.ts";
import { revisionAt } from "./revision.ts";

/** The schema's name of the first line. */
export const PACED_SCHEMA = "mempool-bench/paced@1";

/** The first line: loaded, and asleep until a line comes. */
export interface PacedReady {
  readonly schema: typeof PACED_SCHEMA;
  /** The scenario's name. */
  readonly scenario: string;
  readonly revision: string | null;
  /** Whether it can run in slots; not there in checkouts that know no slots. */
  readonly slots?: boolean;
}

/** Instead of an answer, where a run cannot go on in slots. */
export interface PacedStuck {
  /** Why, a clause. */
  readonly stuck: string;
}

/** The lines that begin and end a repeat in slots. */
export const SLOTS_LINE = "slots";
export const END_LINE = "end";

const SLOT_NAMES: readonly string[] = ["all", "alone", "timed"] satisfies SlotName[];

/** For so many repeats in one piece workers are started before the first: a block of `ab` has no more. */
const SPARE_REPEATS = 2;

/** What `bench` takes for it. */
export type PacedOptions = { paced?: true | undefined };

/**
 * Runs one scenario as the lines on stdin say.
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
  const [
    { RunError, runInterleaved },
    { SpareWorkers },
    { crewOf },
    { runsInSlots, StuckError },
  ] = await Promise.all([
    import("../workloads/runner.ts"),
    import("../workloads/spare_workers.ts"),
    import("../workloads/run_plan.ts"),
    import("../workloads/slots.ts"),
  ]);
  using interruption = io.interruption();
  using output = io.output(options.output);
  const slots = runsInSlots(scenario!);
  using spares = new SpareWorkers((slots ? 1 : SPARE_REPEATS) * crewOf(scenario!));
  await spares.loaded();
  const revision = revisionAt(new URL("../", import.meta.url));
  const ready: PacedReady = { schema: PACED_SCHEMA, scenario: scenario!.name, revision, slots };
  let line: PacedReady | Result = ready;
  let asked: string | null = "";
  const mayStart = () => {
    say(output, line);
    return (asked = io.nextLine()) !== null;
  };
  const inSlots = () =>
    slots && asked === SLOTS_LINE
      ? (run: RunSlots) => runSlots(run, scenario!.workload.workers, io, output)
      : null;
  try {
    await runInterleaved([{
      scenario: { ...scenario!, repeat: Number.MAX_SAFE_INTEGER },
      options: {
        signal: interruption.signal,
        onProgress() {},
        revision,
        mayStart,
        inSlots,
        measuresFloor: false,
        spares,
      },
    }], (result) => line = { ...result, runs: result.runs.slice(-1) });
  } catch (error) {
    if (error instanceof StuckError) return say(output, { stuck: error.message });
    if (!(error instanceof RunError)) throw error;
    throw new Exit(3, error.message);
  }
  if (interruption.signal.aborted) throw new Exit(130);
}

/** No slot is longer than this. */
const SLOT_MOST_MS = 60_000;

/** One slot a line, until the line that ends it, or stdin, does. */
function runSlots(slots: RunSlots, workers: number, io: Io, output: OutputSink): void {
  say(output, {});
  for (let line = io.nextLine(); line !== null && line !== END_LINE; line = io.nextLine()) {
    const [name = "", ms, worker = "0"] = line.split(" ");
    const isWorker = /^\d+$/.test(worker) && Number(worker) < workers;
    if (
      !SLOT_NAMES.includes(name) || !(Number(ms) > 0 && Number(ms) <= SLOT_MOST_MS) || !isWorker
    ) {
      throw new Exit(2, `--paced: there is no slot ${JSON.stringify(line)}`);
    }
    say(output, slots.run(name as SlotName, Number(ms), Number(worker)));
  }
}

function say(output: OutputSink, line: object): void {
  output.write(`${JSON.stringify(line)}\n`);
}
