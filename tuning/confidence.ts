/**
 * How far a simulated share can be trusted, though one wait comes seldom alone.
 *
 * Waits come in clumps, so intervals for independent events are far too narrow. A run is cut into blocks of
 * equally many tasks (batch means), and the spread of the blocks' counts over their mean, the index of dispersion F,
 * says how many waits one clump holds. The limits are then those of Wilson's score for a count whose variance is
 * F times its mean, with Student's quantile for the few blocks there are: they hold for rare events too, and
 * where nobody waited at all, which an interval of mean and deviation takes for certainty.
 *
 * Assumed: the load is stationary, and blocks are long against what the load remembers. Against the second failing, F is
 * taken for blocks of two lengths, and the wider limit counts: where blocks still depend on each other, longer
 * ones spread more.
 *
 * @module
 */
import { studentQuantile } from "./student.ts";

/** Counts of one run by block. */
export interface BlockCounts {
  /** Waits too long, by block. */
  readonly blocks: Float64Array;
  /** Tasks in all blocks together. */
  readonly tasks: number;
}

/** A share with its limits. */
export interface Interval {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/** Blocks without any of what is counted say little of its clumps: so many with some must be there. */
const BLOCKS_WITH_SOME = 12;

/** The clumps seen in a run: F for each number of blocks looked at. */
export type Dispersion = ReadonlyMap<number, number>;

/** Adds up neighbouring blocks until `many` are left. */
function merged(blocks: Float64Array, many: number): Float64Array {
  const each = blocks.length / many;
  const sums = new Float64Array(many);
  blocks.forEach((count, block) => sums[Math.floor(block / each)]! += count);
  return sums;
}

function dispersionOf(counts: Float64Array): number {
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const squares = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0);
  return squares / (counts.length - 1) / mean;
}

/** Whether there are enough blocks with something in them to speak of clumps. */
export function showsDispersion({ blocks }: BlockCounts): boolean {
  return blocks.filter((count) => count > 0).length >= BLOCKS_WITH_SOME;
}

/** F of a run, for blocks of these numbers. */
export function dispersion({ blocks }: BlockCounts, scales: readonly number[]): Dispersion {
  return new Map(scales.map((many) => [many, dispersionOf(merged(blocks, many))]));
}

/**
 * The limits of a share.
 *
 * @param counts of the run.
 * @param clumps of this run, or of another on the same tasks with more waits, where this one has too few.
 * @param confidence of each limit by itself.
 */
export function intervalOf(counts: BlockCounts, clumps: Dispersion, confidence: number): Interval {
  const { blocks, tasks } = counts;
  const share = blocks.reduce((sum, count) => sum + count, 0) / tasks;
  let low = share;
  let high = share;
  for (const [many, factor] of clumps) {
    const t = studentQuantile(confidence, many - 1);
    // Even a single wait is one; and where nearly all wait, the rest is what spreads.
    const half = t * t * Math.max(factor, 1 - share) / (2 * tasks);
    const reach = Math.sqrt(half * half + 2 * half * share);
    low = Math.min(low, share + half - reach);
    high = Math.max(high, share + half + reach);
  }
  return { share, low: Math.max(0, low), high: Math.min(1, high) };
}
