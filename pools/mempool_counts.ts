/**
 * What a mempool says of itself in numbers: what one worker counted, and the marks that all share.
 *
 * @module
 */
import { Count, type Tally } from "../allocators/front.ts";

/** What one worker counted in one pool. */
export interface MempoolCounts {
  /** Allocations that were served: the hits over all levels. */
  readonly allocs: number;
  /** Elements freed. */
  readonly frees: number;
  /** Hits at levels 1 to 5, in order. */
  readonly hits: readonly [number, number, number, number, number];
  /** Atomic callers that got nothing. */
  readonly none: number;
  /** Blocking callers that got nothing, under a policy that does not wait. */
  readonly failed: number;
  /** Waiters that got nothing because the run was stopped. */
  readonly abandoned: number;
  /** The longest wait, nanoseconds. */
  readonly maxWaitNs: number;
  /** Served by this worker's magazine. */
  readonly cacheHits: number;
  /** Allocations that the backend served, at whatever level they count. */
  readonly backendAllocs: number;
  /** Elements that went back to the backend. */
  readonly backendFrees: number;
}

/** What all workers together left in the marks of one pool. */
export interface MempoolMarks {
  /** M. */
  readonly min: number;
  /** N. */
  readonly current: number;
  /** Least N. */
  readonly lowWater: number;
  /** The most that M was. */
  readonly peakMin: number;
  /** Most waiters at once. */
  readonly maxDepth: number;
  /** Bytes in an element. */
  readonly elementBytes: number;
  /** How often the pool's lock was taken, and found held. */
  readonly lock: { readonly acquisitions: number; readonly contended: number };
}

/** The counts of one worker. Own worker only. */
export function readCounts(tally: Tally): MempoolCounts {
  tally.fold();
  return countsBy(tally.get);
}

/** The same from numbers that are read one by one. */
export function countsBy(get: (count: number) => number): MempoolCounts {
  const fast = get(Count.fastAllocs);
  const slow = [1, 2, 3, 4, 5].map((level) => get(Count.hits + level));
  const hits: MempoolCounts["hits"] = [fast + slow[0]!, slow[1]!, slow[2]!, slow[3]!, slow[4]!];
  return {
    allocs: hits.reduce((sum, count) => sum + count, 0),
    frees: get(Count.fastFrees) + get(Count.slowFrees),
    hits,
    none: get(Count.none),
    failed: get(Count.failed),
    abandoned: get(Count.abandoned),
    maxWaitNs: get(Count.maxWaitNs),
    cacheHits: fast,
    backendAllocs: fast + get(Count.backendServed),
    backendFrees: get(Count.fastFrees) + get(Count.backendFreed),
  };
}
