/**
 * What a kind of hold is: how long each task keeps its elements, as a stream of numbers.
 *
 * @module
 */
import type { OptionValues } from "../../allocators/kind.ts";
import type { Kind } from "../../allocators/option.ts";
import type { Random } from "../random.ts";

/** Whose holds are asked for. */
export interface HoldContext {
  /** This worker, from 0 up. */
  readonly worker: number;
  /** How many workers there are. */
  readonly workers: number;
  /** What {@linkcode HoldKind.load} has read; null where it has nothing to read. */
  readonly recorded: Float64Array | null;
}

/** A registered kind of hold: one file, one line in `mod.ts`. */
export interface HoldKind extends Kind {
  /**
   * Reads what its options name, once, before any worker starts.
   *
   * @throws {TraceError} where that cannot serve.
   */
  load?(options: OptionValues): Promise<Float64Array<SharedArrayBuffer>>;
  /**
   * Starts a stream of hold times.
   *
   * @returns the nanoseconds that the next task holds its elements, perhaps with a fraction. It is called
   * inside timed loops: it allocates nothing and never throws.
   */
  times(options: OptionValues, random: Random, context?: HoldContext): () => number;
  /** The mean of those times, nanoseconds; Infinity where they have none. `recorded` is what `load` has read. */
  mean(options: OptionValues, recorded?: Float64Array): number;
  /**
   * Starts a stream of what is left, at any one moment, of the holds under way then, where `mean` is finite. Long holds are met
   * more often than they begin, so this may be far longer than a hold. Left out where times are recorded.
   */
  left?(options: OptionValues, random: Random): () => number;
}

/** The longest time that a hold may be given: a day. */
export const HOLD_NS_MAX = 86_400e9;
