/**
 * Records latencies at the price of a few instructions: find the bucket, count, and keep the sum, the
 * smallest and the largest. Nothing is allocated, nothing is shared; one worker owns one histogram and
 * sends it over as plain data when the run is over.
 *
 * Between two clock reads a record can't be told from none, since it overlaps with them; back to back
 * it takes 5 to 10 ns, a good part of it the sum waiting for itself. Quantiles are within 1 % above the
 * truth (see `bucket.ts`); count, sum, min and max are exact. One bucket counts to 2^32 - 1, which is
 * minutes of timing every operation and days of sampling.
 *
 * @module
 */
import { bucketOf, BUCKETS, highestIn, smallBucketOf } from "./bucket.ts";
import { position, type Samples, SAMPLES_BEYOND, summarizeLatency } from "./latency.ts";
import type { LatencySummary } from "./result.ts";

const SUM = 0;
const MIN = 1;
const MAX = 2;

/** A histogram as plain data, for `postMessage`: only the buckets from the first in use to the last. */
export interface HistogramData {
  /** The sum of all samples. */
  readonly sum: number;
  /** Infinity where nothing was recorded. */
  readonly min: number;
  /** -Infinity where nothing was recorded. */
  readonly max: number;
  /** The bucket that `counts` begins with. */
  readonly firstBucket: number;
  /** Samples by bucket. */
  readonly counts: Uint32Array;
}

/**
 * Counts of nanoseconds by bucket.
 *
 * @example
 * ```ts
 * import { Histogram } from "mempool-bench/results";
 *
 * const histogram = new Histogram();
 * for (let latency = 1; latency <= 1000; latency++) histogram.record(latency);
 * histogram.percentile(50); // 501: at most 1 % above the 500 that it stands for
 * histogram.percentile(99.9); // null: fewer than 10 samples lie beyond it
 * ```
 */
export class Histogram implements Samples {
  readonly #counts: Uint32Array = new Uint32Array(BUCKETS);
  /** In a typed array, since a field that changes would be boxed: the exact sum, min and max. */
  readonly #exact: Float64Array = new Float64Array([0, Infinity, -Infinity]);

  /** Records a value in nanoseconds. A fraction is cut off, and what is below 0 counts as 0. */
  record(value: number): void {
    if (value >= 0 && value < 0x80000000) {
      const whole = value | 0;
      this.#counts[smallBucketOf(whole)]!++;
      const exact = this.#exact;
      exact[SUM]! += whole;
      if (whole < exact[MIN]!) exact[MIN] = whole;
      if (whole > exact[MAX]!) exact[MAX] = whole;
    } else {
      this.#recordRare(value);
    }
  }

  /** Records what is negative or past 2^31 ns (2.1 s). */
  #recordRare(value: number): void {
    if (Number.isNaN(value)) throw new RangeError("Cannot record a latency that is not a number");
    const whole = Math.min(Math.max(0, Math.trunc(value)), Number.MAX_SAFE_INTEGER);
    this.#counts[bucketOf(whole)]!++;
    this.#widen({ sum: whole, min: whole, max: whole });
  }

  #widen(other: { sum: number; min: number; max: number }): void {
    const exact = this.#exact;
    exact[SUM]! += other.sum;
    exact[MIN] = Math.min(exact[MIN]!, other.min);
    exact[MAX] = Math.max(exact[MAX]!, other.max);
  }

  /** Samples recorded. */
  get count(): number {
    return this.#counts.reduce((total, count) => total + count, 0);
  }

  /** The sum of all samples. */
  get sum(): number {
    return this.#exact[SUM]!;
  }

  /** The smallest sample, or null where there is none. */
  get min(): number | null {
    return finite(this.#exact[MIN]!);
  }

  /** The largest sample, or null where there is none. */
  get max(): number | null {
    return finite(this.#exact[MAX]!);
  }

  /** The mean of all samples, or null where there is none. */
  get mean(): number | null {
    const count = this.count;
    return count === 0 ? null : this.sum / count;
  }

  /**
   * The percentile `p` (0 to 100) by nearest rank: the smallest sample that at least `p` % of all
   * samples don't exceed, read at the highest value of its bucket.
   *
   * @returns null unless at least 10 samples lie beyond it.
   * @throws {RangeError} where `p` isn't from 0 to 100.
   */
  percentile(p: number): number | null {
    const count = this.count;
    const rank = Math.ceil(position(p, count));
    if (count - rank < SAMPLES_BEYOND) return null;
    let seen = 0;
    let bucket = -1;
    do seen += this.#counts[++bucket]!; while (seen < Math.max(1, rank));
    return Math.min(highestIn(bucket), this.#exact[MAX]!);
  }

  /** Adds all samples of another histogram. */
  add(other: Histogram): void {
    this.#addData(other.toData());
  }

  #addData({ firstBucket, counts, ...exact }: HistogramData): void {
    counts.forEach((count, index) => this.#counts[firstBucket + index]! += count);
    this.#widen(exact);
  }

  /** Count, mean, percentiles and extremes. */
  summarize(): LatencySummary {
    return summarizeLatency(this);
  }

  /** A copy as plain data. */
  toData(): HistogramData {
    const used = (count: number) => count > 0;
    const firstBucket = Math.max(0, this.#counts.findIndex(used));
    const counts = this.#counts.slice(firstBucket, this.#counts.findLastIndex(used) + 1);
    const [sum = 0, min = Infinity, max = -Infinity] = this.#exact;
    return { sum, min, max, firstBucket, counts };
  }

  /** The histogram that `data` was taken from. */
  static from(data: HistogramData): Histogram {
    const histogram = new Histogram();
    histogram.#addData(data);
    return histogram;
  }
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
