/**
 * Operations that a death cut off between what they did and the count of that: at most one call for each worker that died, of as
 * many elements as the load takes at a time. Who has each element is known all the same, from the owner table, so what was not counted
 * shows as the difference; it is counted here, an allocation at level 1 since nobody knows better.
 *
 * @module
 */
import { Count } from "../allocators/front.ts";
import { countsBy, type MempoolCounts } from "../pools/mempool_counts.ts";

/** What the counts of a pool say, and what can be seen. */
export interface Account {
  readonly allocs: number;
  readonly frees: number;
  readonly held: number;
  readonly leaked: number;
}

/**
 * The counts that are missing.
 *
 * @param most Elements that operations which were cut off may have been of; a larger difference is somebody's mistake, and stays.
 */
export function cutOff({ allocs, frees, held, leaked }: Account, most: number): MempoolCounts {
  const surplus = allocs - frees - held - leaked;
  const missing = Math.abs(surplus) > most ? 0 : surplus;
  return countsBy((count) => {
    if (count === Count.fastFrees) return Math.max(0, missing);
    return count === Count.hits + 1 ? Math.max(0, -missing) : 0;
  });
}
