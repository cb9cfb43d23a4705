/**
 * How many elements of each pool were live, and what its reserve held, over the time of a run: read now and then by the
 * coordinator from words that the workers share anyway, so that it costs them nothing.
 *
 * Everybody goes on meanwhile: allocations and frees are read one worker after the other, so live elements may be off by what
 * was allocated and freed in that microsecond. What happens between two looks is not seen; the reserve's low-water mark is.
 *
 * @module
 */
import { blockOf, Count, readCount } from "../allocators/front.ts";
import type { PoolPlan } from "../pools/composition_plan.ts";
import { attachReserve, type Reserve } from "../pools/reserve.ts";
import type { PoolTimeline, Timeline } from "../results/result.ts";
import type { Region } from "../sync/mod.ts";
import type { View } from "./snapshot_reader.ts";

/** Moments that are kept at most; of more, every other one is left out, and then fewer are taken. */
export const MOMENTS_MOST = 200;

const ALLOCS: readonly number[] = [
  Count.fastAllocs,
  ...[1, 2, 3, 4, 5].map((level) => Count.hits + level),
];

const FREES: readonly number[] = [Count.fastFrees, Count.slowFrees];

/** The words of one pool: the shared one, or one worker's own. */
interface WatchedPool {
  readonly region: Region;
  readonly plan: PoolPlan;
  readonly reserve: Reserve;
}

/** A pool at one moment. */
interface PoolMoment {
  readonly live: number;
  readonly reserve: number;
  readonly minReserve: number;
}

interface Moment {
  readonly atNs: number;
  readonly pools: Readonly<Record<string, PoolMoment>>;
}

/** Takes down one run. Reads only; for the coordinator, which never blocks here. */
export class TimelineRecorder {
  readonly #pools: ReadonlyMap<string, readonly WatchedPool[]>;
  #moments: Moment[] = [];
  /** Of so many looks one is kept. */
  #stride = 1;
  #looks = 0;

  /** Reads the pools of `views`; pools of one name, each some worker's own, are taken together. `me` is the coordinator. */
  constructor(views: readonly View[], me: number) {
    const all = views.flatMap(({ plan: { pools }, region }) =>
      pools.map((plan) => ({ region, plan, reserve: attachReserve(region, plan.reserve, me) }))
    );
    this.#pools = Map.groupBy(all, ({ plan }) => plan.name);
  }

  /** Looks at all pools, so many nanoseconds after the barrier. */
  look(atNs: number): void {
    if (this.#looks++ % this.#stride > 0) return;
    const pools = Object.fromEntries(
      Array.from(this.#pools, ([name, watched]) => [name, momentOf(watched)] as const),
    );
    this.#moments.push({ atNs, pools });
    if (this.#moments.length < MOMENTS_MOST) return;
    this.#moments = this.#moments.filter((_, index) => index % 2 === 0);
    this.#stride *= 2;
  }

  /** What was seen, oldest first. */
  get timeline(): Timeline {
    const moments = this.#moments;
    const pools = Array.from(this.#pools.keys(), (name) => {
      const of = (key: keyof PoolMoment) => moments.map(({ pools }) => pools[name]![key]);
      const minReserve = of("minReserve");
      const moved = minReserve.some((min) => min !== minReserve[0]);
      const pool: PoolTimeline = {
        live: of("live"),
        reserve: of("reserve"),
        ...(moved ? { minReserve } : {}),
      };
      return [name, pool] as const;
    });
    return {
      atNs: moments.map(({ atNs }) => Math.round(atNs)),
      pools: Object.fromEntries(pools),
    };
  }
}

function momentOf(watched: readonly WatchedPool[]): PoolMoment {
  // Frees first: what is freed meanwhile was allocated before, so no more is ever freed than allocated.
  const freed = sum(watched, (pool) => countOf(pool, FREES));
  const allocated = sum(watched, (pool) => countOf(pool, ALLOCS));
  return {
    live: Math.max(0, allocated - freed),
    reserve: sum(watched, ({ reserve }) => reserve.current()),
    minReserve: sum(watched, ({ reserve }) => reserve.min()),
  };
}

/** A sum of counts over all who take part. */
function countOf({ region, plan: { front } }: WatchedPool, counts: readonly number[]): number {
  let total = 0;
  for (let participant = 0; participant < front.participants; participant++) {
    const at = blockOf(front, participant);
    for (const count of counts) total += readCount(region, at, count);
  }
  return total;
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
