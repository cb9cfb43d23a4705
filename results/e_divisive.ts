/**
 * Where a series changes its distribution: E-divisive (Matteson and James, JASA 109, 2014), as it is used on histories of
 * benchmarks (Daly et al., ICPE 2020).
 *
 * Two parts of a series are compared by their energy distance, which takes nothing for granted but a finite mean, and which one
 * outlier does not move far. The place where it is largest, over all places and all ends of the later part, is a change point if
 * shuffling the series gives a distance as large with a probability below `alpha`; both sides are then searched alike. The
 * shuffles come from a fixed seed, so the answer is the same each time; they stop as soon as they can no longer confirm a
 * change (Besag and Clifford, Biometrika 78, 1991), which for most series is at once.
 *
 * Assumed: where nothing changed, any order of the values is as likely as any other. Quadratic in the values for each shuffle.
 *
 * @module
 */
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** A part has at least so many values: of fewer, an outlier could be one. */
export const PART_LEAST = 3;

/** Shuffles, as a multiple of 1 / alpha: a change is confirmed where at most two of them are as extreme. */
const SHUFFLES_PER_ALPHA = 3;

const SEED = 2014;

/** Where the parts of a series begin that follow its first: ascending, each found with the probability `alpha` by chance. */
export function changePoints(values: readonly number[], alpha: number): number[] {
  return changePointsIn(Float64Array.from(values), 0, alpha).sort((a, b) => a - b);
}

function changePointsIn(values: Float64Array, offset: number, alpha: number): number[] {
  if (values.length < 2 * PART_LEAST) return [];
  const sums = new Float64Array((values.length + 1) ** 2);
  const best = bestSplit(values, sums);
  if (best.distance <= 0 || !isConfirmed(values, sums, best.distance, alpha)) return [];
  return [
    offset + best.at,
    ...changePointsIn(values.subarray(0, best.at), offset, alpha),
    ...changePointsIn(values.subarray(best.at), offset + best.at, alpha),
  ];
}

/** Whether shuffles are rarely as extreme. Leaves `values` as they are. */
function isConfirmed(
  values: Float64Array,
  sums: Float64Array,
  distance: number,
  alpha: number,
): boolean {
  const shuffles = Math.ceil(SHUFFLES_PER_ALPHA / alpha);
  const allowed = Math.floor(alpha * (shuffles + 1)) - 1;
  const random = xoroshiro128plus(SEED);
  const shuffled = values.slice();
  // What was summed in another order may differ in its last digits, and is as extreme all the same.
  const asExtreme = distance * (1 - 1e-9);
  let extreme = 0;
  for (let shuffle = 0; shuffle < shuffles; shuffle++) {
    for (let last = shuffled.length - 1; last > 0; last--) {
      const other = (random.next() >>> 0) % (last + 1);
      [shuffled[last], shuffled[other]] = [shuffled[other]!, shuffled[last]!];
    }
    if (bestSplit(shuffled, sums).distance >= asExtreme && ++extreme > allowed) return false;
  }
  return true;
}

/** The place with the largest energy distance between what lies before and what follows, up to the end that makes it largest. */
function bestSplit(values: Float64Array, sums: Float64Array): { at: number; distance: number } {
  const { length } = values;
  sumDistances(values, sums);
  const row = length + 1;
  let best = { at: 0, distance: -Infinity };
  for (let end = 2 * PART_LEAST; end <= length; end++) {
    const all = sums[end * row + end]!;
    for (let at = PART_LEAST; at <= end - PART_LEAST; at++) {
      const before = sums[at * row + at]!;
      const across = sums[at * row + end]! - before;
      const after = all - before - 2 * across;
      const rest = end - at;
      const energy = 2 * across / (at * rest) - before / (at * (at - 1)) -
        after / (rest * (rest - 1));
      const distance = energy * at * rest / end;
      if (distance > best.distance) best = { at, distance };
    }
  }
  return best;
}

/** Sums of the distances between the first `i` and the first `j` values, `i <= j`, at `i * (length + 1) + j`. */
function sumDistances(values: Float64Array, sums: Float64Array): void {
  const { length } = values;
  const row = length + 1;
  for (let i = 0; i < length; i++) {
    const value = values[i]!;
    let inRow = 0;
    for (let j = 0; j < i; j++) inRow += Math.abs(value - values[j]!);
    // Up to the diagonal they are the transposed ones, which nobody asks for.
    sums[(i + 1) * row + i + 1] = sums[i * row + i]! + 2 * inRow;
    for (let j = i + 1; j < length; j++) {
      inRow += Math.abs(value - values[j]!);
      sums[(i + 1) * row + j + 1] = sums[i * row + j + 1]! + inRow;
    }
  }
}

/**
 * The fewest values from which a change can be told: two parts that lie wholly apart are so by chance in 2 of all ways to choose
 * the half of them, which must be five times rarer than `alpha`, so that the shuffles rarely hit it.
 */
export function valuesNeeded(alpha: number): number {
  let needed = 2 * PART_LEAST;
  while (10 / choices(needed, needed >> 1) > alpha) needed++;
  return needed;
}

/** How many ways there are to choose `k` of `n`. */
function choices(n: number, k: number): number {
  let ways = 1;
  for (let i = 1; i <= k; i++) ways *= (n - k + i) / i;
  return ways;
}
