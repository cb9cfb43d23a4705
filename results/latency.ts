/**
 * The steps from recorded samples to a {@linkcode LatencySummary}, shared by all that hold samples, so
 * that no two of them can differ in what a percentile is or in when one may be claimed.
 *
 * @module
 */
import type { LatencySummary } from "./result.ts";

/** How many samples must lie beyond a percentile before it is claimed. */
export const SAMPLES_BEYOND = 10;

/** Shaved off a rank before it is rounded up, since 99.9 % of 10,000 must not become the 9,991st. */
const ROUNDING = 1e-11;

/** What a summary is made from. */
export interface Samples {
  /** Samples recorded. */
  readonly count: number;
  /** The smallest, or null where there is none. */
  readonly min: number | null;
  /** The mean, or null where it isn't known. */
  readonly mean: number | null;
  /** The largest, or null where there is none. */
  readonly max: number | null;
  /** The percentile `p`, or null where too few samples lie beyond it. */
  percentile(p: number): number | null;
}

/** Where in `total` the percentile `p` lies: a number of samples (to be rounded up) or of operations. */
export function position(p: number, total: number): number {
  if (!(p >= 0 && p <= 100)) {
    throw new RangeError(`Cannot take a percentile outside 0 to 100: current value is ${p}`);
  }
  return p * total / 100 * (1 - ROUNDING);
}

/** The summary of some samples. */
export function summarizeLatency(samples: Samples): LatencySummary {
  return {
    count: samples.count,
    min: samples.min,
    mean: samples.mean,
    p50: samples.percentile(50),
    p90: samples.percentile(90),
    p99: samples.percentile(99),
    "p99.9": samples.percentile(99.9),
    "p99.99": samples.percentile(99.99),
    max: samples.max,
  };
}
