/**
 * Runs a scenario, as often as it says, and makes its result.
 *
 * @module
 */
import { type Result, RESULT_SCHEMA, type Run, type Warning } from "../results/result.ts";
import { summarize } from "../results/summary.ts";
import { type Outcome, runOnce } from "./coordinator.ts";
import { type Bound, boundsOf } from "./deadlock.ts";
import { deathSentence } from "./death_text.ts";
import { deadlockSentence, deadlockWarning } from "./deadlock_text.ts";
import { environmentOf, measureClock } from "./environment.ts";
import { measureFloor } from "./floor.ts";
import { InputError } from "./input_error.ts";
import type { LoadKind } from "./kinds/load.ts";
import * as loadRegistry from "./kinds/mod.ts";
import { loadProgram, loadRecorded } from "./recordings.ts";
import { scopeOf } from "./run_plan.ts";
import { runResult } from "./run_result.ts";
import type { Scenario } from "./scenario.ts";
import type { RunSlots } from "./slots.ts";
import type { SpareWorkers } from "./spare_workers.ts";
import type { ReplayProgram } from "./traces/program.ts";
import { unstoppedSentence } from "./unstopped_text.ts";
import { warningsOf } from "./warnings.ts";

const LOADS: Readonly<Record<string, LoadKind>> = loadRegistry;

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
  /** Whether what the harness itself costs is measured before, which takes about 120 ms: yes if not given, else it reads 0. */
  readonly measuresFloor?: boolean;
  /** Workers that are loaded already; those that are taken are not replaced. */
  readonly spares?: SpareWorkers;
  /** Asked before each repeat; where it says no, the run is over as it stands. It may block. */
  readonly mayStart?: () => boolean;
  /** Asked after that: how the repeat runs in slots, or null where it runs in one piece. */
  readonly inSlots?: () => ((slots: RunSlots) => void) | null;
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

/** Warnings that say nothing new of a run that ended in a deadlock. */
const FOLLOW_FROM_DEADLOCK: readonly string[] = [
  "abandoned",
  "draining",
  "not-steady",
  "rate-not-reached",
];

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
  const { ending, burials, unstopped, complaint } = outcome;
  if (ending === "failed") {
    const died = burials.length > 0 ? [deathSentence(burials)] : [];
    const lives = unstopped.length > 0 ? [unstoppedSentence(unstopped, complaint)] : [];
    return new Error([...died, ...lives].join("; "));
  }
  if (ending !== "deadlock") return null;
  return new Error(deadlockSentence(outcome.deadlock!, missedBounds(scenario, outcome)));
}

/** The bounds that a deadlock's reserves are below. */
function missedBounds(scenario: Scenario, { deadlock }: Outcome): Bound[] {
  const kind = LOADS[scenario.workload.kind]!;
  return boundsOf(deadlock!, scenario, kind, (pool) => scopeOf(scenario, pool) === "shared");
}

/** The account of how a run ended, where it ended in a deadlock. */
function deadlockWarnings(scenario: Scenario, outcome: Outcome): Warning[] {
  if (outcome.ending !== "deadlock") return [];
  return [deadlockWarning(outcome.deadlock!, missedBounds(scenario, outcome))];
}

/**
 * Runs a scenario with real workers.
 *
 * @throws {InputError} or {TraceError} on bad input, {RunError} where the run itself failed.
 */
export async function runScenario(scenario: Scenario, options: RunOptions): Promise<Result> {
  const [result] = await runInterleaved([{ scenario, options }]);
  return result!;
}

/** A scenario and how to run it. */
export interface Running {
  /** The scenario. */
  readonly scenario: Scenario;
  /** How to run it. */
  readonly options: RunOptions;
}

/**
 * Runs several scenarios, a repeat of each in turn, so that what the machine does meanwhile befalls all of them alike.
 *
 * @param runnings What to run.
 * @param onResult Hears what is known of each so far, after each repeat.
 * @throws as {@linkcode runScenario} does, at the first that fails.
 */
export async function runInterleaved(
  runnings: readonly Running[],
  onResult: (result: Result) => void = () => {},
): Promise<Result[]> {
  const results: Result[] = [];
  let pending = runnings.map(({ scenario, options }, index) => ({
    index,
    repeats: runRepeats(scenario, options),
  }));
  while (pending.length > 0) {
    for (const { index, repeats } of pending) {
      const { done, value } = await repeats.next();
      if (done) pending = pending.filter((other) => other.index !== index);
      if (done) results[index] = value;
      else onResult(value);
    }
  }
  return results;
}

/** The repeats of a scenario: yields what is known after each, and returns it all. */
async function* runRepeats(
  scenario: Scenario,
  options: RunOptions,
): AsyncGenerator<Result, Result> {
  const startedAt = new Date().toISOString();
  const program = await loadProgram(scenario);
  const recorded = await loadRecorded(scenario);
  const totalNs = totalNsOf(scenario, program);
  const { signal, measuresFloor = true } = options;
  const environment = environmentOf(
    measureClock(),
    measuresFloor ? await measureFloor(signal) : 0,
    options.revision,
  );
  const runs: Run[] = [];
  let ending: Outcome["ending"] = "done";
  let deadlocks: Warning[] = [];

  const warnings = (): Warning[] => {
    const all = [...(program?.warnings ?? []), ...warningsOf(scenario, runs, environment.clock)];
    if (deadlocks.length === 0) return all;
    return [...deadlocks, ...all.filter(({ code }) => !FOLLOW_FROM_DEADLOCK.includes(code))];
  };
  const result = (): Result => ({
    schema: RESULT_SCHEMA,
    id: crypto.randomUUID(),
    startedAt,
    partial: ending !== "done",
    environment,
    scenario: { ...scenario },
    warnings: warnings(),
    runs,
    summary: summarize(runs),
  });

  const { mayStart = () => true } = options;
  for (let repeat = 0; repeat < scenario.repeat && !signal.aborted && mayStart(); repeat++) {
    const seed = scenario.seed + repeat;
    const onProgress = (doneNs: number) =>
      options.onProgress({
        phase: doneNs < scenario.workload.warmup ? "warming up" : "measuring",
        doneNs,
        totalNs,
        repeat,
        repeats: scenario.repeat,
      });
    const settings = {
      ...{ seed, program, recorded, signal, onProgress, spares: options.spares },
      inSlots: options.inSlots?.() ?? null,
    };
    const outcome = await runOnce(scenario, settings);
    ending = outcome.ending;
    deadlocks = deadlockWarnings(scenario, outcome);
    const failure = failureOf(scenario, outcome);
    if (failure instanceof InputError) throw failure;
    if (outcome.reports.some((report) => report !== undefined)) {
      runs.push(runResult(scenario, outcome, { repeat, seed }));
    }
    if (failure !== null) {
      throw new RunError(`${scenario.name}: ${failure.message}`, runs.length > 0 ? result() : null);
    }
    if (ending === "done") outcome.composition.check();
    yield result();
  }
  if (signal.aborted) ending = "interrupted";
  return result();
}
