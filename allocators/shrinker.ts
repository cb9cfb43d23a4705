/**
 * Memory that can be done without: what direct reclaim asks first, before it takes from anybody what they have at
 * hand (Linux: `struct shrinker`, mm/shrinker.c). Linux asks for a count first, to share out what it needs; here each is
 * asked for all of it, since what one could not give is what it is to come by (a cache writes dirty pages out).
 *
 * @module
 */

/** Somebody who has pages that can be had at once. Any worker may call it. */
export interface Shrinker {
  /**
   * Frees up to `want` pages to the arena. Takes locks, but neither sleeps nor allocates: whoever asks is in the middle
   * of an allocation. @returns how many.
   */
  scan(want: number): number;
}
