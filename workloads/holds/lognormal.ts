/**
 * Holds whose logarithm is normal: a body around the median and a long tail, as service times of disks and
 * requests have. `sigma` is the deviation of the logarithm: at 1 the mean is 1.65 medians and 1 % lasts
 * beyond 10 medians.
 *
 * @module
 */
import { HOLD_NS_MAX, type HoldKind } from "./hold.ts";

/** Log-normal with a median. */
export const lognormal: HoldKind = {
  summary: "a body around the median and a long tail",
  options: {
    median: { type: "duration", summary: "half last longer", min: 0, max: HOLD_NS_MAX },
    sigma: {
      type: "number",
      summary: "deviation of the logarithm: 0 is constant, 1 is a long tail",
      default: 1,
      min: 0,
      max: 4,
    },
  },
  times(options, random) {
    const median = Number(options.median);
    const sigma = Number(options.sigma);
    return () => median * Math.exp(sigma * random.normal());
  },
  mean: (options) => Number(options.median) * Math.exp(Number(options.sigma) ** 2 / 2),
  left(options, random) {
    const sigma = Number(options.sigma);
    // Met in proportion to its length a hold is log-normal again, its median exp(sigma^2) times as long.
    const met = lognormal.times({
      ...options,
      median: Number(options.median) * Math.exp(sigma ** 2),
    }, random);
    return () => random.uniform() * met();
  },
};
