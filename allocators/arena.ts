/**
 * Page memory: a binary buddy allocator (Knowlton 1965; Linux mm/page_alloc.c) over the array-buffer
 * pages of one region, with watermarks and a growth frontier.
 *
 * - **min**: an atomic caller never takes the free pages below it; a blocking one may, after reclaim.
 * - **low**, **high**: below low the memory is *short* and stays so until it is back at high; meanwhile
 *   nothing is hoarded: magazines refill one by one and depots give back.
 * - **frontier**: pages from 0 up to it are in use or free; growth moves it up to the limit. Pages beyond
 *   were never touched and take no memory.
 *
 * Invariant, under the lock: free pages = sum over orders of (length of its free list * 2^order), and
 * free + taken = frontier, but for pages that a growth is just touching.
 *
 * | word | name | who writes | who may read stale |
 * |---|---|---|---|
 * | 0 | free pages | under the lock | everybody |
 * | 1 | frontier, pages | under both locks | everybody |
 * | 2 | short: 0 or 1 | under the lock | everybody |
 * | 3 | given: how often pages came back | under the lock | sleepers in reclaim |
 * | 16..26 | heads of the free lists, page + 1 | under the lock | nobody |
 * | per page | next, prev (page + 1), order + 1 where it heads a free block | under the lock | nobody |
 *
 * @module
 */
import { type Journal, unlogged } from "../sync/journal.ts";
import { attachLock, type Lock, planLock } from "../sync/lock.ts";
import type { Layout, Region } from "../sync/region.ts";
import { type MemorySpec, requireMemory } from "./memory_spec.ts";

export type { MemorySpec };

/** The largest order: blocks of 2^10 pages. */
export const MAX_ORDER = 10;

const FREE = 0;
const FRONTIER = 1;
const SHORT = 2;
const GIVEN = 3;
const HEADS = 16;
const HEADER_WORDS = 32;

/** Pages that one growth step adds, at least. */
const GROWTH_PAGES = 16;

/** The operating system gives memory in pages of at least this size, bytes. */
const FAULT_BYTES = 4096;

/** Where an arena is. */
export interface ArenaPlan {
  readonly memory: MemorySpec;
  readonly lockAt: number;
  /** The lock of those who grow; taken before the other. */
  readonly growthLockAt: number;
  readonly at: number;
  readonly nextAt: number;
  readonly prevAt: number;
  readonly orderAt: number;
}

/**
 * Plans the arena's words.
 *
 * @throws {RangeError} where the memory is none that could be planned.
 */
export function planArena(layout: Layout, name: string, memory: MemorySpec): ArenaPlan {
  requireMemory(memory);
  return {
    memory,
    lockAt: planLock(layout, name),
    growthLockAt: planLock(layout, `${name}/growth`),
    at: layout.words(`${name}/arena`, HEADER_WORDS),
    nextAt: layout.words(`${name}/next`, memory.growTo),
    prevAt: layout.words(`${name}/prev`, memory.growTo),
    orderAt: layout.words(`${name}/order`, memory.growTo),
  };
}

/** One worker's view of the page memory. */
export interface Arena {
  /** What was asked for. */
  readonly memory: MemorySpec;
  /** Guards the free lists; taken by the methods that say so. */
  readonly lock: Lock;
  /**
   * Takes up to `want` blocks of 2^order pages, leaving at least `floor` pages free, and writes
   * `first page / 2^order + 1` for each into the words from `to` on. Takes the lock. @returns how many.
   */
  take(order: number, to: number, want: number, floor: number): number;
  /** Gives `count` blocks back, named as {@linkcode Arena.take} named them. Takes the lock. */
  give(order: number, from: number, count: number): void;
  /**
   * Moves the frontier up by a step, past a whole block of 2^order pages, and touches the new pages. Takes the locks;
   * waits for others who grow, so that afterwards theirs are free too. @returns pages added.
   */
  grow(order: number): number;
  /** Free pages; may be stale. */
  freePages(): number;
  /** Pages up to the frontier; may be stale. */
  pages(): number;
  /** Whether the memory is short; may be stale. */
  short(): boolean;
  /** Sleeps until pages come back or the time is over. Blocks. */
  awaitGiven(timeoutMs: number): void;
  /** Makes the first pages free and touches them. Once, before anybody else attaches. */
  initialise(): void;
  /** Throws where the invariant does not hold. Only while nobody allocates or frees. */
  check(): void;
}

/** Attaches worker `me` to an arena, with the journal that it keeps. */
export function attachArena(
  region: Region,
  plan: ArenaPlan,
  me: number,
  journal: Journal = unlogged(region.words),
): Arena {
  const { words } = region;
  const { memory, at, nextAt, prevAt, orderAt } = plan;
  const { watermarks } = memory;
  const lock = attachLock(words, plan.lockAt, me, journal);
  const growthLock = attachLock(words, plan.growthLockAt, me, journal);

  function link(page: number, order: number): void {
    const head = words[at + HEADS + order]!;
    journal.set(nextAt + page, head);
    journal.set(prevAt + page, 0);
    if (head !== 0) journal.set(prevAt + head - 1, page + 1);
    journal.set(at + HEADS + order, page + 1);
    journal.set(orderAt + page, order + 1);
  }

  function unlink(page: number, order: number): void {
    const next = words[nextAt + page]!;
    const prev = words[prevAt + page]!;
    journal.set(prev === 0 ? at + HEADS + order : nextAt + prev - 1, next);
    if (next !== 0) journal.set(prevAt + next - 1, prev);
    journal.set(orderAt + page, 0);
  }

  /** Takes one block, splitting a larger one where need be. @returns its first page, or -1. */
  function split(order: number): number {
    let from = order;
    while (from <= MAX_ORDER && words[at + HEADS + from] === 0) from++;
    if (from > MAX_ORDER) return -1;
    const page = words[at + HEADS + from]! - 1;
    unlink(page, from);
    while (from > order) {
      from--;
      link(page + (1 << from), from);
    }
    return page;
  }

  /** Gives one block back, joined with its buddy as long as that is free too. */
  function join(first: number, order: number): void {
    let page = first;
    let size = order;
    while (size < MAX_ORDER) {
      const buddy = page ^ (1 << size);
      if (buddy + (1 << size) > words[at + FRONTIER]! || words[orderAt + buddy] !== size + 1) break;
      unlink(buddy, size);
      page = Math.min(page, buddy);
      size++;
    }
    link(page, size);
  }

  function setFree(pages: number): void {
    journal.store(at + FREE, pages);
    if (pages < watermarks.low) journal.set(at + SHORT, 1);
    else if (pages >= watermarks.high) journal.set(at + SHORT, 0);
  }

  /** Touches pages, so that first-touch faults fall here and not into somebody's latency. */
  function touch(from: number, to: number): void {
    const bytes = new Uint8Array(region.buffer, region.memoryAt);
    const end = to * memory.pageBytes;
    for (let byte = from * memory.pageBytes; byte < end;) {
      bytes[byte] = 0;
      byte = (Math.floor(byte / FAULT_BYTES) + 1) * FAULT_BYTES;
    }
  }

  /** Moves the frontier up. Each page is a step of its own, whole as soon as it is made. */
  function addPages(from: number, to: number): void {
    for (let page = from; page < to; page++) {
      journal.set(at + FRONTIER, page + 1);
      join(page, 0);
      journal.store(at + FREE, words[at + FREE]! + 1);
      journal.commit();
    }
    setFree(words[at + FREE]!);
  }

  /** One step of growth. Under the growth lock, so the frontier stays where it is meanwhile. */
  function growAlone(order: number): number {
    const from = words[at + FRONTIER]!;
    const size = 1 << order;
    const wholeBlock = (Math.ceil(from / size) + 1) * size;
    const to = Math.min(memory.growTo, Math.max(from + GROWTH_PAGES, wholeBlock));
    if (to === from) return 0;
    // Nobody else has these pages yet: fault them in outside the other lock.
    touch(from, to);
    lock.acquire();
    addPages(from, to);
    lock.release();
    return to - from;
  }

  /** Walks a free list. @returns its length. */
  function checkList(order: number): number {
    let length = 0;
    let prev = 0;
    for (let link = words[at + HEADS + order]!; link !== 0; link = words[nextAt + link - 1]!) {
      const page = link - 1;
      if (words[orderAt + page] !== order + 1) {
        throw new Error(`arena: page ${page} in list ${order} has another order`);
      }
      if (words[prevAt + page] !== prev) {
        throw new Error(`arena: page ${page} in list ${order} is linked back to another page`);
      }
      if (page % (1 << order) !== 0 || page + (1 << order) > words[at + FRONTIER]!) {
        throw new Error(`arena: page ${page} in list ${order} can be no block of that order`);
      }
      prev = link;
      length++;
    }
    return length;
  }

  /** Free blocks by their marks, each behind the end of the last. */
  function markedBlocks(): number {
    let blocks = 0;
    for (let page = 0; page < words[at + FRONTIER]!;) {
      const mark = words[orderAt + page]!;
      if (mark > 0) blocks++;
      page += mark > 0 ? 1 << mark - 1 : 1;
    }
    return blocks;
  }

  return {
    memory,
    lock,
    take(order, to, want, floor) {
      const size = 1 << order;
      let got = 0;
      lock.acquire();
      let free = words[at + FREE]!;
      while (got < want && free - size >= floor) {
        const page = split(order);
        if (page < 0) break;
        words[to + got++] = (page >> order) + 1;
        free -= size;
      }
      if (got > 0) setFree(free);
      lock.release();
      return got;
    },
    give(order, from, count) {
      lock.acquire();
      for (let i = 0; i < count; i++) join((words[from + i]! - 1) << order, order);
      setFree(words[at + FREE]! + (count << order));
      Atomics.add(words, at + GIVEN, 1);
      lock.release();
      Atomics.notify(words, at + GIVEN);
    },
    grow(order) {
      // One at a time: who comes to the limit while another still touches the last pages finds them added.
      growthLock.acquire();
      const added = growAlone(order);
      growthLock.release();
      return added;
    },
    freePages: () => Atomics.load(words, at + FREE),
    pages: () => Atomics.load(words, at + FRONTIER),
    short: () => words[at + SHORT] === 1,
    awaitGiven(timeoutMs) {
      Atomics.wait(words, at + GIVEN, Atomics.load(words, at + GIVEN), timeoutMs);
    },
    initialise() {
      touch(0, memory.pages);
      addPages(0, memory.pages);
    },
    check() {
      let free = 0;
      let blocks = 0;
      for (let order = 0; order <= MAX_ORDER; order++) {
        const length = checkList(order);
        free += length << order;
        blocks += length;
      }
      if (free !== words[at + FREE]) {
        throw new Error(`arena: ${free} pages in free lists, ${words[at + FREE]} counted`);
      }
      if (blocks !== markedBlocks()) {
        throw new Error(`arena: ${blocks} blocks in free lists, ${markedBlocks()} marked`);
      }
    },
  };
}
