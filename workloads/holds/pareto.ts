/**
 * Holds with a tail that is a power: of those beyond some time the share beyond twice that is always the same,
 * 2^-alpha. Sessions, transfers and lives of processes are like that, with an alpha between 1 and 2: then there is a mean
 * but no variance, and averages settle slowly. At an alpha of 1 and below there is no mean either, and an open load never
 * settles at all.
 *
 * @module
 */
import { HOLD_NS_MAX, type HoldKind } from "./hold.ts";

/** A power for a tail. */
export const pareto: HoldKind = {
  summary: "at least min, and a tail that is a power: no variance below alpha 2, no mean up to 1",
  options: {
    min: { type: "duration", summary: "the shortest", min: 0, max: HOLD_NS_MAX },
    alpha: {
      type: "number",
      summary: "the tail's index: the smaller, the heavier",
      default: 1.5,
      min: 0.1,
      max: 100,
    },
  },
  times(options, random) {
    const min = Number(options.min);
    const exponent = -1 / Number(options.alpha);
    return () => min * random.uniform() ** exponent;
  },
  mean(options) {
    const alpha = Number(options.alpha);
    return alpha > 1 ? Number(options.min) * alpha / (alpha - 1) : Infinity;
  },
  left(options, random) {
    // Met in proportion to its length a hold has a tail that is a power again, by 1 heavier.
    const met = pareto.times({ ...options, alpha: Number(options.alpha) - 1 }, random);
    return () => random.uniform() * met();
  },
};
