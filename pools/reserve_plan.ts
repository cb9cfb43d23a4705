/**
 * The words of a reserve, planned by the same code in every worker.
 *
 * | word | name | who writes | who may read stale |
 * |---|---|---|---|
 * | 0 | min (M) | under the lock | everybody |
 * | 1 | current (N); unused where the allocator keeps the elements | under the lock | everybody |
 * | 2 | low water: least N; unused there, too | under the lock | results |
 * | 3 | poisoned: 0 or 1 | under the lock; there, under the lock of the allocator's depot | nobody |
 * | 4 | closed: 0 or 1, never 0 again | under the lock | everybody, on slow paths |
 * | 5 | peak: most M | under the lock | results |
 * | 6, 7 | where M follows demand: most N in this window; how deep it was used | under the lock | nobody |
 * | 8 | was dry: 1 where N was 0, or somebody waited, in this window | under the lock | nobody |
 * | 9 | was full: 1 where N was M since M has grown | under the lock | nobody |
 * | 10 | since: when this window began, milliseconds modulo 2^32; 0 before the first | under the lock | nobody |
 * | 16.. | the stack, where the allocator does not keep the elements | under the lock | nobody |
 *
 * @module
 */
import type { DepotPlan } from "../allocators/depot_plan.ts";
import type { FrontPlan } from "../allocators/front.ts";
import type { Adapt } from "./policy.ts";
import { type Layout, LINE_WORDS, planLinks, planLock, planWaitQueue } from "../sync/mod.ts";

/** Offsets of the words. */
export const Word = {
  min: 0,
  current: 1,
  lowWater: 2,
  poisoned: 3,
  closed: 4,
  peak: 5,
  highest: 6,
  deepest: 7,
  wasDry: 8,
  wasFull: 9,
  since: 10,
} as const;

/** A reservation inside an allocator, and the reserves that it is for. */
export interface FloorPlan {
  /** Keeps the elements of all of them, as one floor. */
  readonly depot: DepotPlan;
  /** The reserves; complete once all pools are planned. */
  readonly members: ReservePlan[];
}

/** Where a reserve is. */
export interface ReservePlan {
  readonly at: number;
  /** Elements that there is room for. */
  readonly max: number;
  readonly lockAt: number;
  readonly queueAt: number;
  /** The queue's links; -1 where elements are not tracked, so that nobody can wait for several. */
  readonly linksAt: number;
  readonly front: FrontPlan;
  /** Where the allocator keeps the elements; null where the reserve does. */
  readonly floor: FloorPlan | null;
  /** How M follows demand, and from where up; null where it stays. */
  readonly adapt: (Adapt & { readonly least: number }) | null;
}

/** What a reserve must have room for. */
export interface ReserveSize {
  /** Elements. */
  readonly max: number;
  /** Waiters: so many slots of each worker. */
  readonly participants: number;
  readonly slotsPerWorker: number;
  /** The largest handle, where elements are tracked. */
  readonly capacity?: number;
  readonly front: FrontPlan;
  /** The reservation inside the allocator that this is one of, if it is. */
  readonly floor?: FloorPlan | null;
  /** How M follows demand, if it does, and from where up. */
  readonly adapt?: ReservePlan["adapt"];
}

/** Plans a reserve. */
export function planReserve(layout: Layout, name: string, size: ReserveSize): ReservePlan {
  const {
    max,
    front,
    participants: workers,
    slotsPerWorker,
    capacity = 0,
    floor = null,
    adapt = null,
  } = size;
  const stackWords = floor === null ? max : 0;
  return {
    at: layout.words(`${name}/reserve`, LINE_WORDS + stackWords),
    max,
    lockAt: planLock(layout, name),
    queueAt: planWaitQueue(layout, name, { workers, slotsPerWorker }),
    linksAt: capacity > 0 ? planLinks(layout, name, capacity) : -1,
    front,
    floor,
    adapt,
  };
}
