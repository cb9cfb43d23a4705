/**
 * What the magazines of all workers exchange with: a stack of free elements under one lock, in batches.
 * About 1 ns an operation amortised, no ABA, exact counts.
 *
 * | word | name | who writes | who may read stale |
 * |---|---|---|---|
 * | 0 | count: elements in the stack | under the lock | hints |
 * | 1 | in use: elements in magazines or with users | under the lock | results |
 * | 2 | most in use at once | under the lock | results |
 * | 3, 4 | atomic and blocking failures | under the lock | results |
 * | 5 | reclaimed: elements that direct reclaim brought | under the lock | results |
 * | 6 | floor: elements that only marked callers may take | under the lock | hints |
 * | 7 | kept: those of them that are there | under the lock | hints |
 * | 8 | low water: least kept | under the lock | results |
 * | 9, 10 | elements that marked calls took, and put back | under the lock | results |
 * | 16.. | the stack | under the lock | nobody |
 *
 * The *floor* is a reservation inside the allocator, as Linux has it in `PF_MEMALLOC` and `ALLOC_NO_WATERMARKS`: an unmarked
 * call leaves `kept` elements in the stack, a marked one takes them and nothing else. Whatever comes to the stack goes to the floor
 * first, and so does what lies in the stack when an unmarked call comes by. `kept` is counted apart since an allocator may
 * be down as a whole (see `faulty.ts`), and what it has above its floor is then not to be had.
 *
 * Invariant, under the lock: 0 <= kept <= min(floor, count).
 *
 * @module
 */
import { type Journal, unlogged } from "../sync/journal.ts";
import { attachLock, type Lock } from "../sync/lock.ts";
import { type Context, type Handle, NONE } from "./allocator.ts";
import type { DepotPlan } from "./depot_plan.ts";
import type { AllocatorCounts } from "./kind.ts";
import { LINE_WORDS, type Region } from "../sync/region.ts";

const COUNT = 0;
const IN_USE = 1;
const PEAK = 2;
const FAILURES = 3;
const RECLAIMED = 5;
const FLOOR = 6;
const KEPT = 7;
const LOW_WATER = 8;
const MARKED = 9;

/** The elements of a depot that only marked callers may take. All but the reads must be called under the depot's lock. */
export interface DepotFloor {
  /** How many there should be; may be stale outside the lock. */
  size(): number;
  /** How many there are; may be stale outside the lock. */
  kept(): number;
  /** The fewest that there were since the counts were reset. */
  lowWater(): number;
  /** Elements that it still wants. */
  missing(): number;
  /** Raises it by so many (lowers it, where negative): elements beyond it are the allocator's like any other. */
  raise(by: number): void;
  /** Takes an element: a marked call. @returns NONE where none is left. */
  take(): Handle;
  /** Puts an element back; only while it wants any. */
  put(handle: Handle): void;
  /** What marked calls took and put back. */
  marked(): { readonly allocs: number; readonly frees: number };
  /** Sets what was counted to 0, the low water to what there is. */
  resetCounts(): void;
}

/** One worker's view of a depot. All but the lock, `count` and the results must be called under the lock. */
export interface Depot {
  readonly lock: Lock;
  /** The reservation among its elements. */
  readonly floor: DepotFloor;
  /** Gives the lock back; where the floor was filled meanwhile, whoever waits for that hears of it. */
  release(): void;
  /** Moves up to `want` elements above the floor to the words from `to` on. @returns how many. */
  pop(to: number, want: number): number;
  /** Takes elements from the words from `from` on. */
  push(from: number, count: number): void;
  /** Elements in the stack; exact under the lock. */
  count(): number;
  /** Notes that elements went into use (negative: came back). */
  use(count: number): void;
  /** Notes a failure by the kind of caller. */
  fail(context: Context): void;
  /** Notes elements that direct reclaim brought. */
  reclaim(count: number): void;
  /** What was noted. */
  results(): {
    readonly inUse: number;
    readonly peakInUse: number;
    readonly atomicFailures: number;
    readonly blockingFailures: number;
    readonly reclaimed: number;
  };
  /** Sets what was noted to 0, the peak to what is in use now. Only while nobody uses it. */
  resetCounts(): void;
}

/** The floor of the depot at word `at`, whose stack begins at `stack`. */
function attachFloor(
  words: Int32Array,
  at: number,
  stack: number,
  journal: Journal,
): DepotFloor {
  const missing = () => words[at + FLOOR]! - words[at + KEPT]!;
  return {
    size: () => words[at + FLOOR]!,
    kept: () => Atomics.load(words, at + KEPT),
    lowWater: () => words[at + LOW_WATER]!,
    missing,
    raise(by) {
      journal.set(at + FLOOR, words[at + FLOOR]! + by);
      if (missing() < 0) journal.store(at + KEPT, words[at + FLOOR]!);
    },
    take() {
      const kept = words[at + KEPT]! - 1;
      if (kept < 0) return NONE;
      journal.store(at + KEPT, kept);
      words[at + MARKED] = words[at + MARKED]! + 1;
      if (kept < words[at + LOW_WATER]!) words[at + LOW_WATER] = kept;
      const count = words[at + COUNT]! - 1;
      journal.set(at + COUNT, count);
      return words[stack + count]!;
    },
    put(handle) {
      const count = words[at + COUNT]!;
      words[stack + count] = handle;
      journal.set(at + COUNT, count + 1);
      journal.store(at + KEPT, words[at + KEPT]! + 1);
      words[at + MARKED + 1] = words[at + MARKED + 1]! + 1;
    },
    marked: () => ({ allocs: words[at + MARKED]! >>> 0, frees: words[at + MARKED + 1]! >>> 0 }),
    resetCounts() {
      words.fill(0, at + MARKED, at + MARKED + 2);
      words[at + LOW_WATER] = words[at + KEPT]!;
    },
  };
}

/**
 * Attaches worker `me` to a depot, with the journal that it keeps; `filled` hears, outside the lock, that something came to a floor that
 * lacked it.
 */
export function attachDepot(
  region: Region,
  plan: DepotPlan,
  me: number,
  filled: () => void = () => {},
  journal: Journal = unlogged(region.words),
): Depot {
  const { words } = region;
  const { at } = plan;
  const stack = at + LINE_WORDS;
  const lock = attachLock(words, plan.lockAt, me, journal);
  const floor = attachFloor(words, at, stack, journal);
  let isFilling = false;

  /** Counts up to `count` elements of the stack to the floor that were not. */
  function fillFloor(count: number): void {
    const more = Math.min(floor.missing(), count);
    if (more <= 0) return;
    journal.store(at + KEPT, words[at + KEPT]! + more);
    isFilling = true;
  }

  return {
    lock,
    floor,
    release() {
      const wasFilling = isFilling;
      isFilling = false;
      lock.release();
      if (wasFilling) filled();
    },
    pop(to, want) {
      const count = words[at + COUNT]!;
      fillFloor(count - words[at + KEPT]!);
      const moved = Math.min(want, count - words[at + KEPT]!);
      words.copyWithin(to, stack + count - moved, stack + count);
      journal.set(at + COUNT, count - moved);
      return moved;
    },
    push(from, count) {
      // Above the stack, where nobody looks, until it is counted.
      const top = stack + words[at + COUNT]!;
      words.copyWithin(top, from, from + count);
      journal.set(at + COUNT, words[at + COUNT]! + count);
      fillFloor(count);
    },
    count: () => words[at + COUNT]!,
    use(count) {
      const inUse = words[at + IN_USE]! + count;
      journal.set(at + IN_USE, inUse);
      if (inUse > words[at + PEAK]!) words[at + PEAK] = inUse;
    },
    fail(context) {
      words[at + FAILURES + context] = words[at + FAILURES + context]! + 1;
    },
    reclaim(count) {
      words[at + RECLAIMED] = words[at + RECLAIMED]! + count;
    },
    results: () => ({
      inUse: words[at + IN_USE]!,
      peakInUse: words[at + PEAK]!,
      atomicFailures: words[at + FAILURES]! >>> 0,
      blockingFailures: words[at + FAILURES + 1]! >>> 0,
      reclaimed: words[at + RECLAIMED]! >>> 0,
    }),
    resetCounts() {
      words.fill(0, at + FAILURES, at + RECLAIMED + 1);
      words[at + PEAK] = words[at + IN_USE]!;
      floor.resetCounts();
      lock.resetCounts();
    },
  };
}

/** What was noted in a depot, as the counts of the allocator behind it. */
export function countsOf(depot: Depot): AllocatorCounts {
  const { lock } = depot;
  return {
    ...depot.results(),
    marked: depot.floor.marked(),
    lock: { acquisitions: lock.acquisitions(), contended: lock.contended() },
  };
}
