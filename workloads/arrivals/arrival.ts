/**
 * What a kind of arrival is: the gaps between the tasks of one worker, as a stream of numbers.
 *
 * A rate is always the total over all workers; each worker gets its share of it, and the shares add up to
 * the whole whatever their number.
 *
 * @module
 */
import type { OptionValues } from "../../allocators/kind.ts";
import type { Kind } from "../../allocators/option.ts";
import type { Random } from "../random.ts";

/** Whose arrivals are asked for. */
export interface ArrivalContext {
  /** This worker's share of the total rate, 0 to 1. */
  readonly rateShare: number;
  /** This worker, from 0 up. */
  readonly worker: number;
  /** How many workers share the rate. */
  readonly workers: number;
  /**
   * A stream that is the same in every worker, for what comes over all of them at once; a worker that is alone may go
   * without.
   */
  readonly common?: Random;
  /** What {@linkcode ArrivalKind.load} has read. */
  readonly recorded?: Float64Array;
}

/** A registered kind of arrival: one file, one line in `mod.ts`. */
export interface ArrivalKind extends Kind {
  /**
   * Reads what its options name, once, before any worker starts.
   *
   * @throws {TraceError} where that cannot serve.
   */
  load?(options: OptionValues): Promise<Float64Array<SharedArrayBuffer>>;
  /**
   * Starts the arrivals of one worker.
   *
   * @returns the nanoseconds from the last arrival (at first: from the start) to the next, perhaps with a
   * fraction. It is called inside timed loops: it allocates nothing and never throws.
   */
  gaps(options: OptionValues, context: ArrivalContext, random: Random): () => number;
}

/** The option that all kinds with a rate share. */
export const RATE = {
  type: "rate",
  summary: "arrivals per second, total over all workers",
  min: 0.001,
  max: 1e10,
} as const;

/** Mean nanoseconds between the arrivals of one worker. */
export function meanGapNs(options: OptionValues, context: ArrivalContext): number {
  return 1e9 / (Number(options.rate) * context.rateShare);
}
