/**
 * What a kind of hold is: how long each task keeps its elements, as a stream of numbers.
 *
 * @module
 */
import type { OptionValues } from "../../allocators/kind.ts";
import type { Kind } from "../../allocators/option.ts";
import type { Random } from "../random.ts";

/** A registered kind of hold: one file, one line in `mod.ts`. */
export interface HoldKind extends Kind {
  /**
   * Starts a stream of hold times.
   *
   * @returns the nanoseconds that the next task holds its elements, perhaps with a fraction. It is called
   * inside timed loops: it allocates nothing and never throws.
   */
  times(options: OptionValues, random: Random): () => number;
  /** The mean of those times, nanoseconds. */
  mean(options: OptionValues): number;
}

/** The longest time that a hold may be given: a day. */
export const HOLD_NS_MAX = 86_400e9;
