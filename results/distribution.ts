/**
 * Latencies of several histograms as one distribution, where they don't stand for equally much: of a
 * pool's fast level only a sample is timed, of its slow levels every event, and a plain sum of the two
 * would claim that the slow levels are where most of the time goes.
 *
 * So each histogram brings the number of operations that it stands for, and each of its samples weighs
 * operations / count. Percentiles are over operations; whether one may be claimed is still decided by
 * the samples really recorded beyond it. It assumes that the samples of one histogram were picked
 * without regard to their latency.
 *
 * Operations of which no sample was taken could lie anywhere: a percentile that they might move
 * noticeably (they are more than a tenth of what lies beyond it) is not claimed either.
 *
 * @module
 */
import { BUCKETS, highestIn } from "./bucket.ts";
import type { Histogram } from "./histogram.ts";
import { position, type Samples, SAMPLES_BEYOND, summarizeLatency } from "./latency.ts";
import type { LatencySummary } from "./result.ts";

/** The most that operations without a sample may be, as a share of what lies beyond a percentile. */
const UNSAMPLED_SHARE = 0.1;

/** A histogram and the number of operations that its samples stand for. */
export interface Part {
  /** The samples. */
  readonly histogram: Histogram;
  /** How many operations there were, timed or not. */
  readonly operations: number;
}

/** Histograms merged by the operations that they stand for. */
export class Distribution implements Samples {
  readonly #operationsIn: Float64Array = new Float64Array(BUCKETS);
  readonly #samplesIn: Float64Array = new Float64Array(BUCKETS);
  #count = 0;
  /** Operations that samples stand for, and operations of which there is no sample. */
  #sampled = 0;
  #unsampled = 0;
  #sum = 0;
  #min: number | null = null;
  #max: number | null = null;

  /** Adds a histogram that stands for `operations`; each sample for one if not given. */
  add(histogram: Histogram, operations: number = histogram.count): void {
    const { count, min, max } = histogram;
    if (!(operations >= 0)) {
      throw new RangeError(`Cannot add a histogram of ${operations} operations: must be >= 0`);
    }
    if (min === null || max === null) {
      this.#unsampled += operations;
      return;
    }
    const weight = operations / count;
    const { firstBucket, counts } = histogram.toData();
    counts.forEach((samples, index) => {
      this.#samplesIn[firstBucket + index]! += samples;
      this.#operationsIn[firstBucket + index]! += samples * weight;
    });
    this.#count += count;
    this.#sampled += operations;
    this.#sum += histogram.sum * weight;
    this.#min = Math.min(this.#min ?? min, min);
    this.#max = Math.max(this.#max ?? max, max);
  }

  /** Samples really recorded. */
  get count(): number {
    return this.#count;
  }

  /** Operations, those without a sample included. */
  get operations(): number {
    return this.#sampled + this.#unsampled;
  }

  /** The smallest sample, or null where there is none. */
  get min(): number | null {
    return this.#min;
  }

  /** The largest sample, or null where there is none. */
  get max(): number | null {
    return this.#max;
  }

  /** The mean over operations; null where there are none, or too many without a sample. */
  get mean(): number | null {
    return this.#sampled === 0 || this.#isBlurred(50) ? null : this.#sum / this.#sampled;
  }

  /**
   * The percentile `p` (0 to 100) over operations, read at the highest value of its bucket.
   *
   * @returns null unless at least 10 recorded samples lie beyond it.
   * @throws {RangeError} where `p` isn't from 0 to 100.
   */
  percentile(p: number): number | null {
    const target = position(p, this.#sampled);
    if (this.#sampled === 0 || this.#isBlurred(p)) return null;
    let operations = 0;
    let samples = 0;
    let bucket = -1;
    do {
      operations += this.#operationsIn[++bucket]!;
      samples += this.#samplesIn[bucket]!;
    } while (operations < target || operations === 0);
    const share = (operations - target) / this.#operationsIn[bucket]!;
    const beyond = this.#count - samples + Math.floor(share * this.#samplesIn[bucket]!);
    return beyond < SAMPLES_BEYOND ? null : Math.min(highestIn(bucket), this.#max!);
  }

  #isBlurred(p: number): boolean {
    return this.#unsampled > UNSAMPLED_SHARE * (1 - p / 100) * this.operations;
  }

  /** Count, mean, percentiles and extremes. */
  summarize(): LatencySummary {
    return summarizeLatency(this);
  }
}

/**
 * The latency of a whole pool from the histograms of its levels, each sample weighted by the
 * operations that it stands for. `count` is the samples recorded, not the operations.
 */
export function merge(parts: Iterable<Part>): LatencySummary {
  const distribution = new Distribution();
  for (const { histogram, operations } of parts) distribution.add(histogram, operations);
  return distribution.summarize();
}
