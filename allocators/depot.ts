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
 * | 16.. | the stack | under the lock | nobody |
 *
 * @module
 */
import { attachLock, type Lock, planLock } from "../sync/lock.ts";
import type { Context } from "./allocator.ts";
import type { AllocatorCounts } from "./kind.ts";
import { type Layout, LINE_WORDS, type Region } from "../sync/region.ts";

const COUNT = 0;
const IN_USE = 1;
const PEAK = 2;
const FAILURES = 3;
const RECLAIMED = 5;

/** Where a depot is. */
export interface DepotPlan {
  readonly lockAt: number;
  readonly at: number;
}

/** Plans a depot for at most `capacity` elements. */
export function planDepot(layout: Layout, name: string, capacity: number): DepotPlan {
  return {
    lockAt: planLock(layout, `${name}/depot`),
    at: layout.words(`${name}/depot`, LINE_WORDS + capacity),
  };
}

/** One worker's view of a depot. All but the lock, `count` and the results must be called under the lock. */
export interface Depot {
  readonly lock: Lock;
  /** Moves up to `want` elements to the words from `to` on. @returns how many. */
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

/** Attaches worker `me` to a depot. */
export function attachDepot(region: Region, plan: DepotPlan, me: number): Depot {
  const { words } = region;
  const { at } = plan;
  const stack = at + LINE_WORDS;
  const lock = attachLock(words, plan.lockAt, me);
  return {
    lock,
    pop(to, want) {
      const count = words[at + COUNT]!;
      const moved = Math.min(want, count);
      words.copyWithin(to, stack + count - moved, stack + count);
      words[at + COUNT] = count - moved;
      return moved;
    },
    push(from, count) {
      const top = stack + words[at + COUNT]!;
      words.copyWithin(top, from, from + count);
      words[at + COUNT] = words[at + COUNT]! + count;
    },
    count: () => words[at + COUNT]!,
    use(count) {
      const inUse = words[at + IN_USE]! + count;
      words[at + IN_USE] = inUse;
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
      lock.resetCounts();
    },
  };
}

/** What was noted in a depot, as the counts of the allocator behind it. */
export function countsOf(depot: Depot): AllocatorCounts {
  const { lock } = depot;
  return {
    ...depot.results(),
    lock: { acquisitions: lock.acquisitions(), contended: lock.contended() },
  };
}
