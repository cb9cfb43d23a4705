/**
 * How well a sample fits the distribution that it claims to come from. The tests of random numbers,
 * arrivals and holds judge their streams with it.
 *
 * @module
 */

/** The arithmetic mean. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The squared coefficient of variation: variance over squared mean; 0 for a clock, 1 for Poisson gaps. */
export function squaredVariation(values: readonly number[]): number {
  const centre = mean(values);
  return mean(values.map((value) => (value - centre) ** 2)) / centre ** 2;
}

/** Pearson's correlation of two samples of one length. */
export function correlation(xs: readonly number[], ys: readonly number[]): number {
  const [meanX, meanY] = [mean(xs), mean(ys)];
  const covariance = mean(xs.map((x, i) => (x - meanX) * (ys[i]! - meanY)));
  const varianceX = mean(xs.map((x) => (x - meanX) ** 2));
  const varianceY = mean(ys.map((y) => (y - meanY) ** 2));
  return covariance / Math.sqrt(varianceX * varianceY);
}

/** The correlation that all but 1 in 16,000 independent samples of a size stay below. */
export function correlationBound(size: number): number {
  return 4 / Math.sqrt(size);
}

/**
 * Kolmogorov and Smirnov's distance between a sample and a continuous distribution.
 *
 * @param share the distribution: the share of values up to x.
 */
export function ksDistance(values: readonly number[], share: (x: number) => number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted.reduce((largest, x, i) => {
    const expected = share(x);
    return Math.max(largest, expected - i / sorted.length, (i + 1) / sorted.length - expected);
  }, 0);
}

/** The distance that 999 of 1,000 honest samples of a size stay below. */
export function ksBound(size: number): number {
  return 1.95 / Math.sqrt(size);
}

/**
 * The index of dispersion for counts: variance over mean of how many events fall into windows of one length; 1 for
 * Poisson arrivals, more where they come in bursts.
 *
 * @param gaps from each event to the next.
 */
export function indexOfDispersion(gaps: readonly number[], window: number): number {
  const counts: number[] = [];
  let now = 0;
  for (const gap of gaps) {
    now += gap;
    const index = Math.floor(now / window);
    while (counts.length <= index) counts.push(0);
    counts[index]!++;
  }
  const whole = counts.slice(0, -1);
  return squaredVariation(whole) * mean(whole);
}

/**
 * Hill's estimate of the index of a tail that is a power, from the `size` largest values (Annals of Statistics 3, 1975); its
 * deviation is the index over the root of the size.
 */
export function tailIndex(values: readonly number[], size: number): number {
  const sorted = values.toSorted((a, b) => b - a);
  const threshold = sorted[size]!;
  return 1 / mean(sorted.slice(0, size).map((value) => Math.log(value / threshold)));
}

/** The exponential distribution. */
export function exponentialShare(mean: number): (x: number) => number {
  return (x) => x <= 0 ? 0 : 1 - Math.exp(-x / mean);
}

/** The standard normal distribution, by its series: good to 1e-9 everywhere. */
export function normalShare(x: number): number {
  if (Math.abs(x) > 6) return x < 0 ? 0 : 1;
  let term = x;
  let sum = x;
  for (let k = 1; k < 200; k++) {
    term *= x * x / (2 * k + 1);
    sum += term;
  }
  return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
}
