/**
 * The fast path, one for all: a magazine for each worker (Bonwick and Adams, "Magazines and Vmem", USENIX
 * 2001) in front of a depot, in plain typed-array operations. Raw allocators and mempools use the very
 * same code and differ only in the slow path behind it, so a pool costs in the normal case what lies
 * under it costs, and the code stays monomorphic however many back ends are loaded.
 *
 * A magazine here is one array for each worker, exchanged with the depot in half-magazine batches: the
 * hysteresis of Bonwick's two magazines, with exact counts and no pointer to a magazine that could be
 * lost with its worker. Its size follows what its worker needs, see `magazine_size.ts`.
 *
 * A pool that must see every free sets the `limit` word of every worker to 0 (it *poisons* the limit): the compare that
 * a free makes anyway then fails, and the slow path refills the reserve or serves a waiter.
 *
 * Wait-free, no Atomics, no allocation, until the slow path is taken.
 *
 * The order of the stores is what makes a death harmless, at no cost. An allocation tags the element before the magazine lets go of it; a
 * free takes the tag away once the magazine has it. A worker that dies in between leaves an element that lies in its
 * magazine and has a tag: it lies there. Nobody had it yet, or any more.
 *
 * @module
 */
import type { Participant } from "../sync/participant.ts";
import type { Region } from "../sync/region.ts";
import { type Allocator, ATOMIC, type Context, type Handle, NONE } from "./allocator.ts";
import {
  ALLOCS,
  blockOf,
  Count,
  FREES,
  type FrontPlan,
  LIMIT,
  MOVED,
  MOVED_FROM,
  ROUNDS,
  SLOTS,
  type Tally,
  TOP,
} from "./front.ts";
import { attachMagazineSize } from "./magazine_size.ts";
import { carriedTag, FRONT_SHIFT } from "./owner_table.ts";

/** What a back end is to a magazine: elements in batches. */
export interface Source {
  /**
   * Moves up to `want` elements into the words from `to` on. With BLOCKING it may reclaim and block. In the same step, so that
   * nobody can die in between, how many they are is stored in the word `top`, if there is one.
   *
   * @returns how many were moved; 0 where there are none.
   */
  refill(to: number, want: number, context: Context, top?: number): number;
  /** Takes `count` elements back from the words from `from` on; in the same step `value` is stored in `word`, if there is one. */
  spill(from: number, count: number, word?: number, value?: number): void;
  /** How often this worker has found a lock of the source held. */
  contended(): number;
  /** Whether memory is short, so that nobody should hoard; may be stale. */
  isShort(): boolean;
}

/** How elements are tagged. */
export interface Tagging {
  /** The allocator's owner table; -1 where there is none. */
  readonly owners: number;
  /** The worker's tag behind this front. */
  readonly tag: number;
}

/** Where a magazine's words are. */
export interface MagazinePlace extends Tagging {
  /** The participant's front block. */
  readonly at: number;
}

/**
 * The fast path over one magazine. `slow` is called when the magazine is empty (allocate), or when it is full, its
 * limit is poisoned, or the handle is not one that this front has out (free).
 */
export function attachMagazine(region: Region, place: MagazinePlace, slow: Allocator): Allocator {
  const words = region.words;
  const { owners, tag } = place;
  const front = tag >> FRONT_SHIFT;
  const top = place.at + TOP;
  const limit = place.at + LIMIT;
  const allocs = place.at + ALLOCS;
  const frees = place.at + FREES;
  const slots = place.at + SLOTS;
  return {
    allocate(context) {
      const rounds = words[top]!;
      if (rounds > 0) {
        const handle = words[slots + rounds - 1]!;
        words[owners + handle] = tag;
        words[top] = rounds - 1;
        words[allocs] = words[allocs]! + 1;
        return handle;
      }
      return slow.allocate(context);
    },
    free(handle) {
      const rounds = words[top]!;
      if (rounds < words[limit]!) {
        const owner = words[owners + handle]!;
        if (owner >> FRONT_SHIFT === front) {
          words[slots + rounds] = handle;
          words[top] = rounds + 1;
          words[owners + handle] = -owner;
          words[frees] = words[frees]! + 1;
          return;
        }
      }
      slow.free(handle);
    },
  };
}

/** The slow ends of a back end, one element at a time: not counted, which is the caller's to do. Own worker only, or whoever claimed it. */
export interface Exchange {
  /**
   * Takes one element, with a batch for later where there is a magazine. It is tagged as carried, or as the allocator below knows it.
   * @returns 0 where there is none.
   */
  take(context: Context): Handle;
  /** Puts one element back, and takes its tag away. */
  put(handle: Handle): void;
  /** Gives everything that is cached here back to the source. @returns how many. */
  drain(): number;
  /** Puts a magazine right whose worker has died. Only who claimed it. @returns what is in it. */
  settle(): ArrayLike<Handle>;
}

/** What a miss stands on. */
export interface MissParts {
  readonly participant: Participant;
  readonly exchange: Exchange;
  readonly tally: Tally;
}

/** What every front does first when its fast path misses: the rest of level 1. */
export interface Miss {
  /** Takes an element with a batch for later, tagged and counted. @returns NONE where the source has none. */
  allocate(context: Context): Handle;
  /**
   * Frees an element past a full magazine. @returns false, with nothing done, where the limit is poisoned or the
   * handle is not out here.
   */
  free(handle: Handle): boolean;
}

/**
 * The miss of one magazine. Raw allocators and pools share it as they share the fast path, so that refills and
 * spills cost both the same.
 */
export function attachMiss(region: Region, place: MagazinePlace, parts: MissParts): Miss {
  const { words } = region;
  const { at, owners, tag } = place;
  const { participant, exchange, tally } = parts;
  const front = tag >> FRONT_SHIFT;
  return {
    allocate(context) {
      participant.poll();
      tally.fold();
      const handle = exchange.take(context);
      if (handle === NONE) return NONE;
      words[owners + handle] = tag;
      tally.add(Count.hits + (context === ATOMIC ? 1 : 3), 1);
      tally.add(Count.backendServed, 1);
      return handle;
    },
    free(handle) {
      participant.poll();
      tally.fold();
      const owner = words[owners + handle]!;
      // A plain read of the limit, as on the fast path, and as early or late as there.
      if (words[at + LIMIT] === 0 || owner >> FRONT_SHIFT !== front) return false;
      words[owners + handle] = carriedTag(tag);
      tally.add(Count.slowFrees, 1);
      tally.add(Count.backendFreed, 1);
      exchange.put(handle);
      return true;
    },
  };
}

/** For who only drains. */
const UNTAGGED: Tagging = { owners: -1, tag: 0 };

/** The exchange between a participant's magazine and its source. Own worker only, or whoever claimed it. */
export function attachExchange(
  region: Region,
  front: FrontPlan,
  participant: number,
  source: Source,
  { owners, tag }: Tagging = UNTAGGED,
): Exchange {
  const words = region.words;
  const carried = carriedTag(tag);
  const at = blockOf(front, participant);
  const slots = at + SLOTS;
  const size = attachMagazineSize(region, front, participant);

  /** A batch for an empty magazine. @returns how many came. */
  function refill(context: Context): number {
    // While the limit is poisoned somebody waits or the reserve is low: no batch is kept from them here.
    const isPoisoned = words[at + LIMIT] === 0;
    const want = isPoisoned ? 1 : Math.max(1, words[at + ROUNDS]! >> 1);
    const contended = source.contended();
    const got = source.refill(slots, want, context, at + TOP);
    if (got === 0 || source.isShort()) size.shrink();
    else if (!isPoisoned) size.note(source.contended() - contended);
    return got;
  }

  /** Gives the older part of a full magazine back: what was freed last is warm in this worker's cache. @returns what is left. */
  function spill(rounds: number): number {
    const batch = Math.max(1, rounds - (words[at + ROUNDS]! >> 1));
    const contended = source.contended();
    source.spill(slots, batch, at + MOVED, batch * MOVED_FROM + rounds - batch);
    moveDown(batch, rounds - batch);
    if (source.isShort()) size.shrink();
    else if (words[at + LIMIT] !== 0) size.note(source.contended() - contended);
    return rounds - batch;
  }

  /** Moves the rest of a magazine down. It is no more than what went, so that it stands in its old place until this is done. */
  function moveDown(from: number, rounds: number): void {
    words.copyWithin(slots, slots + from, slots + from + rounds);
    words[at + TOP] = rounds;
    words[at + MOVED] = 0;
  }

  return {
    take(context) {
      const rounds = words[at + TOP]! || refill(context);
      if (rounds === 0) return 0;
      const handle = words[slots + rounds - 1]!;
      if (owners >= 0) words[owners + handle] = carried;
      words[at + TOP] = rounds - 1;
      return handle;
    },
    put(handle) {
      size.heal();
      const full = words[at + TOP]!;
      const rounds = full < words[at + ROUNDS]! ? full : spill(full);
      words[slots + rounds] = handle;
      words[at + TOP] = rounds + 1;
      if (owners >= 0) words[owners + handle] = -tag;
    },
    settle() {
      const moved = words[at + MOVED]!;
      if (moved !== 0) moveDown(Math.floor(moved / MOVED_FROM), moved % MOVED_FROM);
      return words.subarray(slots, slots + words[at + TOP]!);
    },
    drain() {
      const rounds = words[at + TOP]!;
      if (rounds > 0) source.spill(slots, rounds, at + TOP, 0);
      size.shrink();
      return rounds;
    },
  };
}
