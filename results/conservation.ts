/**
 * The one equation that every pool must satisfy, whatever its policy and its load: what was handed out
 * came from one of the five levels, and has come back, is still held, or is lost. A result that breaks
 * it has miscounted somewhere, and none of its numbers can be trusted.
 *
 * @module
 */
import type { PoolResult } from "./result.ts";

/**
 * Checks hits over the levels = allocs = frees + held + leaked.
 *
 * @returns null where it holds, or one sentence with the numbers.
 */
export function conserved(pool: PoolResult): string | null {
  const { allocs, frees, held, leaked } = pool;
  const hits = hitsOf(pool);
  if (hits !== allocs) {
    return `${hits} hits over the levels do not match ${allocs} allocs`;
  }
  const accounted = frees + held + leaked;
  if (allocs !== accounted) {
    return `${allocs} allocs do not match ${accounted}, ` +
      `which is ${frees} frees + ${held} held + ${leaked} leaked`;
  }
  return null;
}

/** Hits over all levels. */
export function hitsOf(pool: PoolResult): number {
  return pool.levels.reduce((total, level) => total + level.hits, 0);
}
