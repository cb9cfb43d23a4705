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
import { holdTimes, streamOf } from "../workloads/kinds/streams.ts";
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

const ALONE: Share = { worker: 0, workers: 1 };

/** Nanoseconds from one arrival to the next, as a worker of that share would draw them. */
export function drawnGaps({ arrival }: DrawnLoad, seed: number, share: Share = ALONE) {
  const { worker, workers } = share;
  const random = streamOf({ seed, worker }, "arrival");
  const context = { rateShare: 1 / workers, worker, workers };
  return ARRIVALS[arrival.kind]!.gaps(arrival, context, random);
}

/** Nanoseconds that the tasks hold, as that worker would draw them. */
export function drawnHolds({ hold }: DrawnLoad, seed: number, { worker }: Share = ALONE) {
  return holdTimes(hold, { seed, worker });
}

/** Mean nanoseconds that a task holds. */
export function meanHoldNs({ hold }: DrawnLoad): number {
  return HOLDS[hold.kind]!.mean(hold);
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
