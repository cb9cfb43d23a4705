/**
 * How values share buckets, so that a distribution of any range fits in one fixed array.
 *
 * Log-linear: every power of two is cut into 128 buckets of equal width, so a bucket is never wider
 * than 1/128 of what is in it, and a value read back as its bucket's highest is at most 0.79 % above
 * the truth. Below 256 every integer has a bucket to itself. Past 2^31, where `Math.clz32` ends, the
 * value is divided by 2^24 first and the same buckets go on, up to 2^53: 6,016 of them in all.
 *
 * @module
 */

/** Values from here on are divided before they are placed. */
const LARGE = 2 ** 31;
const LARGE_SHIFT = 24;

/** How many buckets cover every value from 0 to 2^53 - 1. */
export const BUCKETS = 6016;

/** The bucket of an integer from 0 to 2^53 - 1. */
export function bucketOf(value: number): number {
  return value < LARGE ? smallBucketOf(value) : largeBucketOf(value);
}

/** The bucket of an integer from 0 to 2^31 - 1, without a branch. */
export function smallBucketOf(value: number): number {
  const shift = 24 - Math.clz32(value | 128);
  return (shift << 7) + (value >>> shift);
}

function largeBucketOf(value: number): number {
  return smallBucketOf(Math.floor(value / 2 ** LARGE_SHIFT)) + (LARGE_SHIFT << 7);
}

/** The highest value that shares a bucket. */
export function highestIn(bucket: number): number {
  const shift = Math.max(0, (bucket >> 7) - 1);
  return (bucket - (shift << 7) + 1) * 2 ** shift - 1;
}
