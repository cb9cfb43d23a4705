/**
 * Holds without memory: mostly short, now and then several times the mean. The one for which queueing
 * theory has closed answers, and so the one to check against them.
 *
 * @module
 */
import { HOLD_NS_MAX, type HoldKind } from "./hold.ts";

/** Exponential with a mean. */
export const exponential: HoldKind = {
  summary: "memoryless: mostly short, 1 % beyond 4.6 times the mean",
  options: {
    mean: { type: "duration", summary: "the mean", min: 0, max: HOLD_NS_MAX },
  },
  times(options, random) {
    const mean = Number(options.mean);
    return () => -Math.log(random.uniform()) * mean;
  },
  mean: (options) => Number(options.mean),
  // Without memory: what is left is as long as a hold that begins.
  left: (options, random) => exponential.times(options, random),
};
