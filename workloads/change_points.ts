/**
 * Where a series of numbers changes its level, and whether it has a slope.
 *
 * Change points are those of the best fit by constant pieces: the squared distance from the pieces' means, over the noise's
 * variance, plus a penalty for each piece (optimal partitioning: Jackson et al., IEEE Signal Processing Letters 12, 2005, on
 * which PELT prunes: Killick, Fearnhead and Eckley, JASA 107, 2012; Barrett et al. judge warm-up of virtual machines so, OOPSLA
 * 2017). The noise is estimated from differences of neighbours, so that a step does not count as noise.
 *
 * Assumed: noise that is independent from one number to the next. Where it is not, some changes are found that are none, which is
 * why whoever asks should also ask whether a change is large enough to matter.
 *
 * @module
 */

/** A shorter piece than this is an outlier, no level. */
const PIECE_MIN = 2;

/**
 * The penalty of a piece, in logarithms of the length: 2 is Schwarz's criterion. 5 finds a piece too many in less than 1 of
 * 20 series of 20 numbers, whose noise is known from no more than these, and misses no step of 4 deviations in their middle.
 */
const PENALTY = 5;

/** The median; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}

/** The deviation of the noise in a series, whose level may change now and then. */
export function noiseOf(values: readonly number[]): number {
  const steps = values.slice(1).map((value, i) => Math.abs(value - values[i]!));
  // A normal variable's median distance from its mean is 0.6745 deviations; a difference has two of them.
  return steps.length === 0 ? 0 : median(steps) / 0.6745 / Math.SQRT2;
}

/** Squared distances of any piece from its mean, from sums up to each place. */
function pieceCosts(values: readonly number[]): (from: number, to: number) => number {
  const sums = [0];
  const squares = [0];
  for (const value of values) {
    sums.push(sums.at(-1)! + value);
    squares.push(squares.at(-1)! + value * value);
  }
  return (from, to) => {
    const sum = sums[to]! - sums[from]!;
    return squares[to]! - squares[from]! - sum * sum / (to - from);
  };
}

/** Where each piece of the best fit begins; the first begins at 0. */
export function pieces(values: readonly number[]): number[] {
  const { length } = values;
  const largest = Math.max(...values.map(Math.abs), 0);
  const noise = Math.max(noiseOf(values), 1e-6 * largest);
  if (length < 2 * PIECE_MIN || noise === 0) return [0];
  const cost = pieceCosts(values);
  const penalty = PENALTY * Math.log(length);
  const best = [-penalty];
  const from: number[] = [0];
  for (let to = 1; to <= length; to++) {
    best[to] = Infinity;
    for (let start = 0; start <= to - PIECE_MIN; start++) {
      const total = best[start]! + cost(start, to) / noise ** 2 + penalty;
      if (total < best[to]!) [best[to], from[to]] = [total, start];
    }
  }
  const found: number[] = [];
  for (let to = length; to > 0; to = from[to]!) found.unshift(from[to]!);
  return found;
}

/** A straight line through a series. */
export interface Slope {
  /** By how much it rises from one time unit to the next. */
  readonly perUnit: number;
  /** How many deviations its rank correlation with time is from none. */
  readonly deviations: number;
}

/**
 * The slope of a series and how sure it is: Theil and Sen's median of all slopes between two points, which a third of outliers
 * does not move (Sen, JASA 63, 1968), and Mann and Kendall's test that there is one at all.
 */
export function slopeOf(times: readonly number[], values: readonly number[]): Slope {
  const slopes: number[] = [];
  let score = 0;
  for (let later = 1; later < values.length; later++) {
    for (let earlier = 0; earlier < later; earlier++) {
      const rise = values[later]! - values[earlier]!;
      slopes.push(rise / (times[later]! - times[earlier]!));
      score += Math.sign(rise);
    }
  }
  const n = values.length;
  const deviation = Math.sqrt(n * (n - 1) * (2 * n + 5) / 18);
  return { perUnit: n < 2 ? 0 : median(slopes), deviations: n < 2 ? 0 : score / deviation };
}
