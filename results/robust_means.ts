/**
 * Middles and means that single outliers do not move.
 *
 * @module
 */

/** The median. */
export function medianOf(values: readonly number[]): number {
  return middleOf(values.toSorted((a, b) => a - b));
}

/** The median of values in order. */
export function middleOf(sorted: readonly number[]): number {
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

/** The mean of the middle half: of two values their mean; a single outlier moves it no further than to the next value. */
export function middleHalf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const left = values.length >> 2;
  const middle = sorted.slice(left, sorted.length - left);
  return middle.reduce((sum, each) => sum + each, 0) / middle.length;
}

/** The mean of the lowest fifth, of one value at least. */
export function lowestFifth(values: readonly number[]): number {
  const count = Math.max(1, Math.round(values.length / 5));
  const lowest = values.toSorted((a, b) => a - b).slice(0, count);
  return lowest.reduce((sum, each) => sum + each, 0) / count;
}
