/**
 * Runs a scenario, as often as it says, and makes its result.
 *
 * @module
 */
import { type Result, RESULT_SCHEMA, type Run, type Warning } from "../results/result.ts";
import { summarize } from "../results/summary.ts";
import { type Outcome, runOnce } from "./coordinator.ts";
import { environmentOf, measureClock } from "./environment.ts";
import { measureFloor } from "./floor.ts";
import { InputError } from "./input_error.ts";
import { runResult } from "./run_result.ts";
import type { Scenario } from "./scenario.ts";
import { compileReplay, type ReplayProgram } from "./traces/program.ts";
import { warningsOf } from "./warnings.ts";

/** How far a scenario has come. */
export interface Progress {
  /** What is being done. */
  readonly phase: "warming up" | "measuring";
  /** Nanoseconds of this repeat that are over. */
  readonly doneNs: number;
  /** Nanoseconds that this repeat takes; 0 where nobody knows. */
  readonly totalNs: number;
  /** This repeat, from 0 up. */
  readonly repeat: number;
  /** How many repeats there are. */
  readonly repeats: number;
}

/** How to run a scenario. */
export interface RunOptions {
  /** Stops the workers; what was measured is returned, marked partial. */
  readonly signal: AbortSignal;
  /** Hears how far the run has come, every now and then. */
  readonly onProgress: (progress: Progress) => void;
  /** What was checked out, for the result. */
  readonly revision: string | null;
}

/** The run itself failed: a worker died, or nobody could go on. One sentence, and what is known. */
export class RunError extends Error {
  /** The class by name, for those that have only a copy of the error. */
  override readonly name = "RunError";
  /** What was measured until then, marked partial; null where nothing was. */
  readonly result: Result | null;

  /** A failure and what is known all the same. */
  constructor(message: string, result: Result | null) {
    super(message);
    this.result = result;
  }
}

async function loadProgram(scenario: Scenario): Promise<ReplayProgram | null> {
  const { kind, trace } = scenario.workload;
  return kind === "replay" && trace !== null ? await compileReplay(trace) : null;
}

function totalNsOf(scenario: Scenario, program: ReplayProgram | null): number {
  const { warmup, duration, speed } = scenario.workload;
  if (program === null) return warmup + duration;
  return program.timed && speed > 0 ? program.durationNs / speed : 0;
}

/** The sentence for a run that failed; null where it did not. */
function failureOf(scenario: Scenario, outcome: Outcome): Error | null {
  const first = outcome.failures[0];
  if (first?.input) return new InputError(`${scenario.name}: ${first.message}`);
  if (first !== undefined) return new Error(`worker ${first.worker} failed: ${first.message}`);
  if (outcome.ending === "failed") return new Error("a worker did not stop when it was told to");
  if (outcome.ending !== "stuck") return null;
  const waiting = outcome.composition.pools
    .filter((pool) => pool.marks().maxDepth > 0)
    .map(({ name }) => `"${name}"`);
  return new Error(
    `no progress: every worker waits for an element of ${waiting.join(" or ")} ` +
      `and nothing is due to be freed: raise its reserve`,
  );
}

function traceWarnings(program: ReplayProgram | null): Warning[] {
  const advice = "see the trace's own statistics before drawing conclusions";
  return (program?.warnings ?? []).map((message) => ({ code: "trace", message, advice }));
}

/**
 * Runs a scenario with real workers.
 *
 * @throws {InputError} or {TraceError} on bad input, {RunError} where the run itself failed.
 */
export async function runScenario(scenario: Scenario, options: RunOptions): Promise<Result> {
  const startedAt = new Date().toISOString();
  const program = await loadProgram(scenario);
  const totalNs = totalNsOf(scenario, program);
  const { signal } = options;
  const environment = environmentOf(
    measureClock(),
    await measureFloor(signal),
    options.revision,
  );
  const runs: Run[] = [];
  let ending: Outcome["ending"] = "done";

  const result = (): Result => ({
    schema: RESULT_SCHEMA,
    id: crypto.randomUUID(),
    startedAt,
    partial: ending !== "done",
    environment,
    scenario: { ...scenario },
    warnings: [...traceWarnings(program), ...warningsOf(scenario, runs, environment.clock)],
    runs,
    summary: summarize(runs),
  });

  for (let repeat = 0; repeat < scenario.repeat && !signal.aborted; repeat++) {
    const seed = scenario.seed + repeat;
    const onProgress = (doneNs: number) =>
      options.onProgress({
        phase: doneNs < scenario.workload.warmup ? "warming up" : "measuring",
        doneNs,
        totalNs,
        repeat,
        repeats: scenario.repeat,
      });
    const outcome = await runOnce(scenario, { seed, program, signal, onProgress });
    ending = outcome.ending;
    const failure = failureOf(scenario, outcome);
    if (failure instanceof InputError) throw failure;
    if (outcome.reports.some((report) => report !== undefined)) {
      runs.push(runResult(scenario, outcome, { repeat, seed }));
    }
    if (failure !== null) {
      throw new RunError(`${scenario.name}: ${failure.message}`, runs.length > 0 ? result() : null);
    }
    if (ending === "done") outcome.composition.check();
  }
  if (signal.aborted) ending = "interrupted";
  return result();
}
