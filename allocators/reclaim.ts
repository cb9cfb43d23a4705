/**
 * How an allocator over page memory refills a magazine: from what it has and what lies above the min watermark,
 * and, for callers that may sleep, by direct reclaim; and how it takes elements back. One routine for all of them, so that
 * no allocator gives up sooner than another, or hoards more.
 *
 * @module
 */
import { unlogged } from "../sync/journal.ts";
import { BLOCKING } from "./allocator.ts";
import type { Depot } from "./depot.ts";
import type { AttachContext } from "./kind.ts";
import type { Source } from "./magazine.ts";

/** How often, and how long each time, direct reclaim waits for running workers to answer. */
const AWAITED_ROUNDS = 4;
const AWAITED_MS = 0.05;

/** The most pages that direct reclaim asks shrinkers for in its first round (Linux: SWAP_CLUSTER_MAX). */
const SHRINK_PAGES = 32;

/** What refills: an allocator of blocks of 2^order pages. */
export interface Refilled {
  readonly depot: Depot;
  /** What memory grows by must hold such a block. */
  readonly order: number;
  /**
   * Moves up to `want` elements into the words from `to` on, from wherever they are, leaving at least `floor` pages
   * free. Called under the depot's lock. @returns how many.
   */
  take(to: number, want: number, floor: number): number;
}

/** The refill of an allocator's source. */
export function attachRefill(context: AttachContext, refilled: Refilled): Source["refill"] {
  const { arena, participant, shrinkers = [] } = context;
  const { journal = unlogged(context.region.words) } = context;
  const { depot, order } = refilled;
  /** The word that says how many there are. */
  let top = -1;

  function takeAbove(floor: number, to: number, want: number): number {
    depot.lock.acquire();
    const got = refilled.take(to, want, floor);
    if (got > 0) {
      depot.use(got);
      if (top >= 0) journal.set(top, got);
    }
    depot.release();
    return got;
  }

  /**
   * Frees what is at nobody's hand, to bring the memory up to its high watermark again: more of it from round to round, since
   * a larger block takes pages that lie together.
   */
  function takeAfterShrinking(to: number): number {
    const { min, high } = arena.memory.watermarks;
    const want = Math.min(SHRINK_PAGES, Math.max(1, high - arena.freePages()));
    for (let round = 0; round <= order; round++) {
      let freed = 0;
      for (const shrinker of shrinkers) freed += shrinker.scan(want << round);
      const got = freed === 0 ? 0 : takeAbove(min, to, 1);
      if (got > 0 || freed === 0) return got;
    }
    return 0;
  }

  /**
   * Direct reclaim, bounded: what nobody has at hand, what others hoard, what growth gives, what lies below min, what comes
   * back soon.
   */
  function takeAfterReclaim(to: number): number {
    const { min } = arena.memory.watermarks;
    let got = takeAfterShrinking(to);
    if (got > 0) return got;
    let mayComeBack = context.reclaim();
    got = takeAbove(min, to, 1);
    if (got === 0 && arena.grow(order) > 0) got = takeAbove(min, to, 1);
    if (got === 0) got = takeAbove(0, to, 1);
    for (let round = 0; got === 0 && mayComeBack && round < AWAITED_ROUNDS; round++) {
      participant.park(() => arena.awaitGiven(AWAITED_MS));
      got = takeAbove(0, to, 1);
      mayComeBack = !participant.stopped();
    }
    return got;
  }

  return (to, want, kind, counted = -1) => {
    top = counted;
    let got = takeAbove(arena.memory.watermarks.min, to, want);
    if (got > 0) return got;
    if (kind === BLOCKING) got = takeAfterReclaim(to);
    depot.lock.acquire();
    if (got === 0) depot.fail(kind);
    else depot.reclaim(got);
    depot.lock.release();
    return got;
  };
}

/** What takes elements back. */
export interface Spilled {
  readonly depot: Depot;
  /** Takes `count` elements from the words from `from` on nearer to the arena. Called under the depot's lock, while memory is short. */
  give(from: number, count: number): void;
}

/** The spill of an allocator's source: to the depot; while memory is short, to its floor alone, and the rest to the arena. */
export function attachSpill(context: AttachContext, { depot, give }: Spilled): Source["spill"] {
  const { arena, journal = unlogged(context.region.words) } = context;
  return (from, count, word = -1, value = 0) => {
    depot.lock.acquire();
    try {
      depot.use(-count);
      if (word >= 0) journal.set(word, value);
      const kept = arena.short() ? Math.min(count, depot.floor.missing()) : count;
      if (kept > 0) depot.push(from, kept);
      if (kept < count) give(from + kept, count - kept);
    } finally {
      depot.release();
    }
  };
}
