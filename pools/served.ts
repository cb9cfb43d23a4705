/**
 * What one worker's pools had of an allocator.
 *
 * @module
 */
import { Count } from "../allocators/front.ts";
import type { AttachedAllocator } from "./attached_allocator.ts";
import type { CompositionPlan } from "./composition_plan.ts";
import type { Mempool } from "./mempool.ts";

/** What one worker had of an allocator. */
export interface Served {
  readonly allocs: number;
  readonly frees: number;
  /** Of the allocations, those from the worker's magazine, without a lock. */
  readonly cacheHits: number;
}

/**
 * A pool with a magazine of its own has its elements straight from the source; a pool that calls the allocator
 * is seen in the allocator's own tally, or, where that has none, counts for it.
 */
export function servedOf(
  { name, rawTally }: AttachedAllocator,
  pools: readonly Mempool[],
  plan: CompositionPlan,
): Served {
  let allocs = 0;
  let frees = 0;
  let cacheHits = 0;
  if (rawTally !== null) {
    rawTally.fold();
    cacheHits = rawTally.get(Count.fastAllocs);
    allocs = cacheHits + rawTally.get(Count.backendServed);
    frees = rawTally.get(Count.fastFrees) + rawTally.get(Count.backendFreed);
  }
  pools.forEach((pool, index) => {
    if (plan.pools[index]!.over !== name) return;
    if (rawTally !== null && !pool.hasMagazine) return;
    const counts = pool.counts();
    allocs += counts.backendAllocs;
    frees += counts.backendFrees;
    if (pool.hasMagazine) cacheHits += counts.cacheHits;
  });
  return { allocs, frees, cacheHits };
}
