/**
 * The interval of the difference of two means by Welch (1947), and the difference that it would have shown.
 *
 * @module
 */

/** The fewest values of a side from which anything can be told. */
export const VALUES_LEAST = 3;

/** How many of ten comparisons would show the difference that is called detectable. */
const POWER = 0.8;

/** The quantile of Student's t distribution: of the probability, with so many degrees of freedom. */
export type TQuantile = (probability: number, freedom: number) => number;

/** What is known of a side. */
export interface Moments {
  /** Its values. */
  readonly count: number;
  /** Their mean. */
  readonly mean: number;
  /** Their variance, as an estimate of the population's. */
  readonly variance: number;
}

/** The difference of two means, as far as it is known. */
export interface DifferenceInterval {
  /** Its lower end. */
  readonly low: number;
  /** Its upper end. */
  readonly high: number;
  /** The size of a difference that such an interval leaves above 0 in 8 of 10 cases. */
  readonly detectable: number;
}

/** The moments of some values, at least one. */
export function momentsOf(values: readonly number[]): Moments {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { count, mean, variance: count > 1 ? squares / (count - 1) : 0 };
}

/** The interval of `to - from` at 1 - alpha; null where a side has fewer than {@linkcode VALUES_LEAST} values. */
export function welchInterval(
  from: Moments,
  to: Moments,
  { alpha, tQuantile }: { readonly alpha: number; readonly tQuantile: TQuantile },
): DifferenceInterval | null {
  if (Math.min(from.count, to.count) < VALUES_LEAST) return null;
  const [a, b] = [from.variance / from.count, to.variance / to.count];
  const difference = to.mean - from.mean;
  if (a + b === 0) return { low: difference, high: difference, detectable: 0 };
  const freedom = (a + b) ** 2 / (a ** 2 / (from.count - 1) + b ** 2 / (to.count - 1));
  const error = Math.sqrt(a + b);
  const half = tQuantile(1 - alpha / 2, freedom) * error;
  return {
    low: difference - half,
    high: difference + half,
    detectable: half + tQuantile(POWER, freedom) * error,
  };
}
