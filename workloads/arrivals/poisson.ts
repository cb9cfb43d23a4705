/**
 * Independent arrivals at a steady rate: gaps are exponential. Many users who know nothing of one another
 * look like this; disks, kernels and programs do not, they arrive in far worse bursts.
 *
 * @module
 */
import { type ArrivalKind, meanGapNs, RATE } from "./arrival.ts";

/** Independent arrivals at a steady rate. */
export const poisson: ArrivalKind = {
  summary: "independent of one another, exponential gaps",
  options: { rate: RATE },
  gaps(options, context, random) {
    const mean = meanGapNs(options, context);
    return () => -Math.log(random.uniform()) * mean;
  },
};
