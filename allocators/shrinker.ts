/**
 * Memory that can be done without: what direct reclaim asks first, before it takes from anybody what they have at
 * hand (Linux: `struct shrinker`, mm/shrinker.c).
 *
 * @module
 */

/** Somebody who has pages that can be had at once. Any worker may call it. */
export interface Shrinker {
  /** Pages that could be freed now. May be stale. */
  count(): number;
  /**
   * Frees up to `want` pages to the arena. Takes locks, but neither sleeps nor allocates: whoever asks is in the middle
   * of an allocation. @returns how many.
   */
  scan(want: number): number;
}
