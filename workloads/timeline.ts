/**
 * How many elements of each pool were live, and what its reserve held, over the time of a run: read now and then by the
 * coordinator from words that the workers share anyway, so that it costs them nothing.
 *
 * Everybody goes on meanwhile, so live elements may be off by what was allocated and freed while they were counted: a few where
 * workers take a hundred million a second, none where they take some thousands. What happens between two looks is not seen; the
 * reserve's low-water mark is.
 *
 * @module
 */
import { ALLOCS, blockOf, Count, FREES, readCount } from "../allocators/front.ts";
import type { PoolPlan } from "../pools/composition_plan.ts";
import { attachReserve, type Reserve } from "../pools/reserve.ts";
import type { PoolTimeline, Timeline } from "../results/result.ts";
import type { Region } from "../sync/mod.ts";
import type { View } from "./snapshot_reader.ts";

/** Moments that are kept at most; of more, every other one is left out, and then fewer are taken. */
export const MOMENTS_MOST = 200;

const SLOW_HITS: readonly number[] = [1, 2, 3, 4, 5].map((level) => Count.hits + level);

/** Tries to read a worker's counts while he does little. */
const TRIES = 8;

/** The words of one pool: the shared one, or one worker's own. */
interface WatchedPool {
  readonly region: Region;
  readonly plan: PoolPlan;
  readonly reserve: Reserve;
  /** Allocations less frees of the fast path when it was made, by participant. */
  readonly base: readonly number[];
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
      pools.map((plan): WatchedPool => ({
        region,
        plan,
        reserve: attachReserve(region, plan.reserve, me),
        base: blocksOf(plan).map((at) => fastBalance(region, at)),
      }))
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
  return {
    live: Math.max(0, sum(watched, liveOf)),
    reserve: sum(watched, ({ reserve }) => reserve.current()),
    minReserve: sum(watched, ({ reserve }) => reserve.min()),
  };
}

function blocksOf({ front }: PoolPlan): number[] {
  return Array.from({ length: front.participants }, (_, id) => blockOf(front, id));
}

/** Allocations less frees, of all who take part: one worker's elements may be freed by another. */
function liveOf({ region, plan, base }: WatchedPool): number {
  return sum(blocksOf(plan), (at) => {
    const hits = sum(SLOW_HITS, (count) => readCount(region, at, count));
    return hits - readCount(region, at, Count.slowFrees) + fastBalance(region, at);
  }) - sum(base, (each) => each);
}

/**
 * Allocations less frees of a worker's fast path. Frees are read before and after the allocations; of several tries the one in
 * which the fewest happened between counts. Both counters wrap, and are never reset; what is folded of them meanwhile is not looked at.
 */
function fastBalance({ words }: Region, at: number): number {
  let [best, fewest] = [0, Infinity];
  for (let attempt = 0; attempt < TRIES && fewest > 0; attempt++) {
    const before = words[at + FREES]!;
    const allocs = words[at + ALLOCS]!;
    const between = (words[at + FREES]! - before) >>> 0;
    if (between >= fewest) continue;
    fewest = between;
    best = ((allocs - before) | 0) - Math.round(between / 2);
  }
  return best;
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
