/**
 * Tasks for the simulator: when each arrives and how long it holds its element, in columns of whole nanoseconds.
 *
 * Tasks that are drawn come from the same registered arrivals and holds, and by the same streams of random
 * numbers, as those of real workers. Times are rounded to nanoseconds as soon as they are drawn and are added and
 * compared as whole numbers from then on. V8 computes logarithms and exponentials by code of its own, not by the
 * platform's, so a seed gives the same tasks everywhere, to the bit.
 *
 * @module
 */
import type { ArrivalKind } from "../workloads/arrivals/arrival.ts";
import * as arrivalRegistry from "../workloads/arrivals/mod.ts";
import type { HoldKind } from "../workloads/holds/hold.ts";
import * as holdRegistry from "../workloads/holds/mod.ts";
import { InputError } from "../workloads/input_error.ts";
import { commonStream, holdTimes, streamOf } from "../workloads/kinds/streams.ts";
import type { Spec } from "../workloads/scenario.ts";

const ARRIVALS: Readonly<Record<string, ArrivalKind>> = arrivalRegistry;
const HOLDS: Readonly<Record<string, HoldKind>> = holdRegistry;

/** Tasks in order of their arrival; column i describes task i. */
export interface Tasks {
  /** How many of the columns' places are in use. */
  readonly count: number;
  /** When, nanoseconds from an arbitrary origin; never decreasing. */
  readonly startNs: Float64Array;
  /** How long; Infinity: for ever. */
  readonly holdNs: Float64Array;
}

/** Gives tasks, chunk by chunk; a chunk is overwritten by the next. */
export interface TaskStream {
  /** The next tasks, at most so many; none where the stream has ended. */
  next(most: number): Tasks;
}

/** A load that can be drawn: arrivals and holds of registered kinds. */
export interface DrawnLoad {
  readonly arrival: Spec;
  readonly hold: Spec;
}

/** Tasks drawn at once: columns that stay in the cache. */
export const CHUNK = 8192;

/** One worker among others that share a rate. */
export interface Share {
  readonly worker: number;
  readonly workers: number;
}

/** What a product of numbers read as text may be off by. */
const ROUNDING = 1e-9;

const ALONE: Share = { worker: 0, workers: 1 };

/**
 * Nanoseconds from one arrival to the next, as a worker of that share would draw them.
 *
 * @throws {InputError} where they are recorded.
 */
export function drawnGaps({ arrival }: DrawnLoad, seed: number, share: Share = ALONE) {
  const { worker, workers } = share;
  const kind = ARRIVALS[arrival.kind]!;
  if (kind.load !== undefined) throw recorded("arrival");
  const common = commonStream({ seed, worker });
  const context = { rateShare: 1 / workers, worker, workers, common };
  return kind.gaps(arrival, context, streamOf({ seed, worker }, "arrival"));
}

/**
 * Nanoseconds that the tasks hold, as that worker would draw them.
 *
 * @throws {InputError} where they are recorded.
 */
export function drawnHolds({ hold }: DrawnLoad, seed: number, { worker, workers }: Share = ALONE) {
  if (HOLDS[hold.kind]!.load !== undefined) throw recorded("hold");
  return holdTimes(hold, { seed, worker, workers, recorded: { hold: null } });
}

/** What is recorded is sized as it is, not drawn. */
function recorded(what: "arrival" | "hold"): InputError {
  return new InputError(
    `${what}: a reserve for what was recorded is sized from the trace itself: give --trace, ` +
      `or a kind of ${what} that is drawn`,
  );
}

/** Mean nanoseconds that a task holds. @throws {InputError} where they have no mean. */
export function meanHoldNs({ hold }: DrawnLoad): number {
  const mean = HOLDS[hold.kind]!.mean(hold);
  if (mean < Infinity) return mean;
  throw new InputError(
    `hold: ${hold.kind} holds with this tail have no mean, so that no reserve is enough for long: ` +
      "give a lighter one",
  );
}

/** Elements held at once on the average, where there are enough. */
export function meanHeld(load: DrawnLoad): number {
  return Number(load.arrival.rate) / 1e9 * meanHoldNs(load);
}

/**
 * The least that keeps up with a load: with fewer, or with exactly as many as are held on the average where anything varies, those
 * who wait become more without end, which a simulation of any length shows the beginning of only.
 */
export function leastThatKeepsUp(load: DrawnLoad): number {
  const held = meanHeld(load);
  return isEven(load) ? Math.ceil(held * (1 - ROUNDING)) : Math.floor(held * (1 + ROUNDING)) + 1;
}

/** Whether nothing of a load varies: its tasks can keep all elements busy, and none waits. */
export function isEven({ arrival, hold }: DrawnLoad): boolean {
  return arrival.kind === "constant" && hold.kind === "constant";
}

/** Draws tasks without end. */
export function drawTasks(load: DrawnLoad, seed: number): TaskStream {
  const gap = drawnGaps(load, seed);
  const hold = drawnHolds(load, seed);
  const startNs = new Float64Array(CHUNK);
  const holdNs = new Float64Array(CHUNK);
  let at = 0;
  return {
    next(most) {
      const count = Math.min(most, CHUNK);
      for (let task = 0; task < count; task++) {
        at += gap();
        startNs[task] = Math.round(at);
        holdNs[task] = Math.round(hold());
      }
      return { count, startNs, holdNs };
    },
  };
}
