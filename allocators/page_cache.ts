/**
 * A cache of pages that fills what memory nobody needs, as Linux' page cache does: bytes that could be read again, and so
 * pages that anybody's direct reclaim may take, as long as they are *clean*. A *dirty* page has what stands nowhere
 * else: it must be written out first, which takes an element of a pool, and so is never done in the middle of an allocation
 * (Linux 3.2, mm/vmscan.c: direct reclaim does not write pages, it wakes the flusher). Where reclaim finds too few clean
 * pages, it *asks* the one who fills the cache to write some.
 *
 * Invariant, under the lock: pages of the cache = clean + dirty + being written, each in exactly one of these places.
 *
 * | word | name | who writes | who may read stale |
 * |---|---|---|---|
 * | 0 | clean pages | under the lock | everybody |
 * | 1 | dirty pages | under the lock | everybody |
 * | 2 | pages being written | under the lock | everybody |
 * | 3 | asked: pages that reclaim lacked, still to be written | under the lock, notified | who writes |
 * | 4 | most pages at once | under the lock | results |
 * | 5, 6, 7 | pages filled, written out, reclaimed, so far | under the lock | results |
 * | 16.. | the clean ones, page + 1, last in first out | under the lock | nobody |
 * | then | the dirty ones | under the lock | nobody |
 * | then, per page | 0; participant + 1 while that one fills it; -(participant + 1) while that one writes it out | under the lock | nobody |
 *
 * The lock is taken before the arena's.
 *
 * @module
 */
import { type Journal, unlogged } from "../sync/journal.ts";
import { attachLock, planLock } from "../sync/lock.ts";
import { type Layout, LINE_WORDS, type Region } from "../sync/region.ts";
import { type Handle, NONE } from "./allocator.ts";
import type { Arena } from "./arena.ts";
import type { Shrinker } from "./shrinker.ts";

const CLEAN = 0;
const DIRTY = 1;
const WRITING = 2;
const ASKED = 3;
const PEAK = 4;
const FILLED = 5;
const WRITTEN = 6;
const RECLAIMED = 7;

/** Where a page cache is. */
export interface PageCachePlan {
  readonly lockAt: number;
  readonly at: number;
  /** The most pages that it could ever have. */
  readonly capacity: number;
}

/** Plans a page cache that may take all of `capacity` pages. */
export function planPageCache(layout: Layout, capacity: number): PageCachePlan {
  return {
    lockAt: planLock(layout, "page-cache"),
    at: layout.words("page-cache", LINE_WORDS + 3 * capacity),
    capacity,
  };
}

/** What a page cache did so far. */
export interface PageCacheCounts {
  /** Most pages at once. */
  readonly peak: number;
  /** Pages that it took. */
  readonly filled: number;
  /** Dirty pages that were written out. */
  readonly written: number;
  /** Clean pages that direct reclaim took. */
  readonly reclaimed: number;
}

/** One worker's view of a page cache. What takes its lock may block for as long as others hold it. */
export interface PageCache extends Shrinker {
  /**
   * Takes up to `want` free pages, leaving `floor` of them free, and fills each with bytes; `isDirty` is drawn for each.
   * @returns how many.
   */
  fill(want: number, floor: number, isDirty: () => boolean): number;
  /** Pages that could be freed now. May be stale. */
  clean(): number;
  /** Takes out a dirty page to be written; its bytes stay as they are meanwhile. @returns NONE where there is none. */
  beginWrite(): Handle;
  /** Puts a page back that was written: it is clean now. */
  endWrite(page: Handle): void;
  /** The bytes of a page. A fresh view at each call. */
  bytes(page: Handle): Uint8Array;
  /** Pages that somebody's reclaim lacked and that can still be written. May be stale. */
  asked(): number;
  /** Sleeps while so many are asked for, until the time is over. */
  awaitAsked(asked: number, timeoutMs: number): void;
  /** Gives all pages back but those being written. @returns how many. */
  drain(): number;
  /** Takes back what a participant was filling or writing that has died: the one is free again, the other dirty. @returns pages. */
  recover(dead: number): number;
  /** All pages of the cache. Exact while nobody uses it. */
  pages(): number;
  /** What it did so far. */
  counts(): PageCacheCounts;
}

/** The most pages that go back to the arena in one step. */
const BATCH_PAGES = 64;

/** Attaches worker `me` to a page cache over an arena, with the journal that it keeps. */
export function attachPageCache(
  region: Region,
  plan: PageCachePlan,
  arena: Arena,
  me: number,
  journal: Journal = unlogged(region.words),
): PageCache {
  const { words, buffer, memoryAt } = region;
  const { at } = plan;
  const { pageBytes } = arena.memory;
  const lock = attachLock(words, plan.lockAt, me, journal);
  const stackOf = (list: typeof CLEAN | typeof DIRTY) => at + LINE_WORDS + list * plan.capacity;

  function locked<T>(change: () => T): T {
    lock.acquire();
    try {
      return change();
    } finally {
      lock.release();
    }
  }

  function add(word: number, by: number): void {
    journal.set(at + word, words[at + word]! + by);
  }

  function push(list: typeof CLEAN | typeof DIRTY, page: Handle): void {
    words[stackOf(list) + words[at + list]!] = page;
    add(list, 1);
  }

  /** Gives the last pages of a list to the arena, straight from where they stand. */
  function give(list: typeof CLEAN | typeof DIRTY, want: number): number {
    let given = 0;
    while (given < want && words[at + list]! > 0) {
      const count = Math.min(want - given, words[at + list]!, BATCH_PAGES);
      add(list, -count);
      arena.give(0, stackOf(list) + words[at + list]!, count);
      journal.commit();
      given += count;
    }
    return given;
  }

  /** Asks for what is missing, as far as writing pages can help. Under the lock. */
  function ask(missing: number): void {
    const pages = Math.min(missing, words[at + DIRTY]!);
    if (pages > words[at + ASKED]!) Atomics.store(words, at + ASKED, pages);
  }

  /** Notes who has a page that is on neither list. */
  function hold(page: Handle, holder: number): void {
    journal.set(at + LINE_WORDS + 2 * plan.capacity + page - 1, holder);
  }

  const pages = () => words[at + CLEAN]! + words[at + DIRTY]! + words[at + WRITING]!;
  const bytes = (page: Handle) =>
    new Uint8Array(buffer, memoryAt + (page - 1) * pageBytes, pageBytes);

  /** Takes free pages, which are nobody's until they are pushed. */
  function takeFree(want: number, floor: number): Int32Array {
    return locked(() => {
      // There is room above the clean ones for as many pages as there are.
      const to = stackOf(CLEAN) + words[at + CLEAN]!;
      const most = Math.min(want, plan.capacity - words[at + CLEAN]!);
      let taken = 0;
      for (let got = 1; got > 0 && taken < most; taken += got) {
        got = arena.take(0, to + taken, Math.min(most - taken, BATCH_PAGES), floor);
        for (let index = taken; index < taken + got; index++) hold(words[to + index]!, me + 1);
        journal.commit();
      }
      return words.slice(to, to + taken);
    });
  }

  /** Takes back a page that a dead participant had, if this is one. */
  function takeBack(page: Handle, dead: number): boolean {
    const holder = words[at + LINE_WORDS + 2 * plan.capacity + page - 1]!;
    if (Math.abs(holder) !== dead + 1) return false;
    hold(page, 0);
    if (holder < 0) {
      add(WRITING, -1);
      push(DIRTY, page);
    } else {
      const from = stackOf(CLEAN) + words[at + CLEAN]!;
      words[from] = page;
      arena.give(0, from, 1);
    }
    journal.commit();
    return true;
  }

  return {
    clean: () => Atomics.load(words, at + CLEAN),
    scan(want) {
      const count = locked(() => {
        const given = give(CLEAN, want);
        add(RECLAIMED, given);
        ask(want - given);
        return given;
      });
      if (count < want) Atomics.notify(words, at + ASKED);
      return count;
    },
    fill(want, floor, isDirty) {
      const taken = takeFree(want, floor);
      for (const page of taken) bytes(page).fill(page);
      locked(() => {
        for (const page of taken) {
          const list = isDirty() ? DIRTY : CLEAN;
          hold(page, 0);
          push(list, page);
          journal.commit();
        }
        add(FILLED, taken.length);
        words[at + PEAK] = Math.max(words[at + PEAK]!, pages());
      });
      return taken.length;
    },
    beginWrite: () =>
      locked(() => {
        const asked = words[at + DIRTY] === 0 ? 0 : Math.max(0, words[at + ASKED]! - 1);
        Atomics.store(words, at + ASKED, asked);
        if (words[at + DIRTY] === 0) return NONE;
        add(DIRTY, -1);
        add(WRITING, 1);
        const page = words[stackOf(DIRTY) + words[at + DIRTY]!]!;
        hold(page, -(me + 1));
        return page;
      }),
    endWrite: (page) =>
      locked(() => {
        add(WRITING, -1);
        hold(page, 0);
        push(CLEAN, page);
        add(WRITTEN, 1);
      }),
    bytes,
    asked: () => Atomics.load(words, at + ASKED),
    awaitAsked(asked, timeoutMs) {
      Atomics.wait(words, at + ASKED, asked, timeoutMs);
    },
    drain: () =>
      locked(() => {
        Atomics.store(words, at + ASKED, 0);
        return give(CLEAN, plan.capacity) + give(DIRTY, plan.capacity);
      }),
    recover: (dead) =>
      locked(() => {
        let pages = 0;
        for (let page = 1; page <= plan.capacity; page++) if (takeBack(page, dead)) pages++;
        return pages;
      }),
    pages,
    counts: () => ({
      peak: words[at + PEAK]!,
      filled: words[at + FILLED]! >>> 0,
      written: words[at + WRITTEN]! >>> 0,
      reclaimed: words[at + RECLAIMED]! >>> 0,
    }),
  };
}
