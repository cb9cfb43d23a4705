/**
 * The state that stands in front of a back end, one block for each participant: the magazine's words
 * and the counts. It lives in the shared buffer, at no cost, so that a parked or dead worker's magazine can be taken
 * over and its counts can be read.
 *
 * | word | name | who writes | who may read stale |
 * |---|---|---|---|
 * | 0 | top: rounds in the magazine | the worker, plain | reclaim, as a hint |
 * | 1 | limit: rounds at which a free takes the slow path; 0 = poisoned | under the pool's lock; by compare-exchange where the size changes, see `magazine_size.ts` | the worker, on each free |
 * | 2 | rounds: the magazine's size, what limit is set to when it is not poisoned | the worker, or who claimed it, atomically | the un-poisoner, others that grow |
 * | 3, 4 | allocations and frees of the fast path, modulo 2^32 | the worker, plain | results |
 * | 5, 6 | the same when they were last folded | the worker | nobody |
 * | 7, 8, 9 | batches exchanged in this window, how often that met a held lock, and 3 + 4 when it began | the worker | nobody |
 * | 10 | most rounds: the largest size since the counts were reset, if it has changed since | the worker | results |
 * | 11 | own: the worker's tag in the owner table, {@linkcode NOBODY} while the limit is poisoned; only in a front with a `number` | under the pool's lock | the worker, on each free |
 * | 12 | moved: while the older part of the magazine has gone and the rest was not moved down yet, the slot where that begins * 65536 + its rounds; else 0 | under the source's lock, then the worker | who comes after its death |
 * | 16.. | counts as doubles, see {@linkcode Count} | the worker, on slow paths | results |
 * | 16 + counts.. | the magazine's slots | the worker; who claimed it | nobody |
 *
 * 32-bit counters are free on the fast path, doubles cost 4 ns: so the fast path counts modulo 2^32 and
 * every slow path folds the difference into the doubles. A worker that made more than 2^32 operations
 * without one slow path, a park or a look at its counts would lose count.
 *
 * @module
 */
import { type Layout, LINE_WORDS, type Region } from "../sync/region.ts";
import { tagOf } from "./owner_table.ts";

/** Offset of the magazine's fill. */
export const TOP = 0;
/** Offset of the free path's limit. */
export const LIMIT = 1;
/** Offset of the magazine's size. */
export const ROUNDS = 2;
/** Offset of the fast path's allocations. */
export const ALLOCS = 3;
/** Offset of the fast path's frees. */
export const FREES = 4;
const ALLOCS_FOLDED = 5;
const FREES_FOLDED = 6;
/** Offset of the batches exchanged in this window. */
export const EXCHANGES = 7;
/** Offset of how often one of them found a lock held. */
export const CONTENDED = 8;
/** Offset of the fast path's operations when the window began. */
export const OPERATIONS = 9;
/** Offset of the largest size. */
export const MOST_ROUNDS = 10;
/** Offset of what a free compares the owner with, where one compare is to say both that it is the worker's and that nobody wants it. */
export const OWN = 11;

/** A tag that is nobody's, out or back. */
export const NOBODY = 1;

/** Offset of what says where the rest of a magazine is, of which a part was given back. */
export const MOVED = 12;
/** What {@linkcode MOVED} multiplies the first slot by. */
export const MOVED_FROM: number = 2 ** 16;

/** The counts kept as doubles, by index. */
export const Count = {
  /** Allocations of the fast path, folded. */
  fastAllocs: 0,
  /** Frees of the fast path, folded. */
  fastFrees: 1,
  /** Frees of the slow path. */
  slowFrees: 2,
  /** Allocations served on the slow path at levels 1 to 5: this index + level. */
  hits: 2,
  /** Atomic callers that got nothing. */
  none: 8,
  /** Blocking callers that got nothing. */
  failed: 9,
  /** Waiters that got nothing because the run ended. */
  abandoned: 10,
  /** Longest wait, nanoseconds. */
  maxWaitNs: 11,
  /** Allocations that the backend served on a slow path, whatever level they count at. */
  backendServed: 12,
  /** Elements given back to the backend on a slow path. */
  backendFreed: 13,
} as const;

const COUNTS = 16;

/** Offset of the magazine's slots. */
export const SLOTS: number = LINE_WORDS + COUNTS * 2;

/** How large the magazines of a front are. */
export interface MagazineRounds {
  /** Rounds of each at first, and again once it was drained. */
  readonly rounds: number;
  /** Rounds that one may grow to. */
  readonly maxRounds: number;
  /** Rounds that no growth of one may take all of them together beyond. */
  readonly totalRounds: number;
}

/** Where a front's blocks are. */
export interface FrontPlan extends MagazineRounds {
  readonly at: number;
  /** Words from one participant's block to the next. */
  readonly stride: number;
  readonly participants: number;
  /** Its number in the owner table, where it has the words of {@linkcode OWN}. */
  readonly number?: number;
}

/** The sizes of magazines that stay as they are. */
export function fixedRounds(rounds: number): MagazineRounds {
  return { rounds, maxRounds: rounds, totalRounds: Infinity };
}

/** Plans the blocks of a front. */
export function planFront(
  layout: Layout,
  name: string,
  size: MagazineRounds & Pick<FrontPlan, "participants" | "number">,
): FrontPlan {
  const words = SLOTS + size.maxRounds;
  const stride = Math.ceil(words / LINE_WORDS) * LINE_WORDS;
  const at = layout.words(`${name}/front`, stride * size.participants);
  return { at, stride, ...size };
}

/** The first word of a participant's block. */
export function blockOf(plan: FrontPlan, participant: number): number {
  return plan.at + participant * plan.stride;
}

/** Sets every participant's magazine size, and its limit and its own tag with it. Before anybody attaches. */
export function initialiseFront(region: Region, plan: FrontPlan): void {
  for (let participant = 0; participant < plan.participants; participant++) {
    region.words[blockOf(plan, participant) + ROUNDS] = plan.rounds;
    region.words[blockOf(plan, participant) + LIMIT] = plan.rounds;
    if (plan.number !== undefined) {
      region.words[blockOf(plan, participant) + OWN] = tagOf(plan.number, participant);
    }
  }
}

/** Rounds of the largest magazine that a participant has had since the counts were reset. May be stale. */
export function mostRounds({ words }: Region, plan: FrontPlan): number {
  const sizes = Array.from({ length: plan.participants }, (_, participant) => {
    const at = blockOf(plan, participant);
    return Math.max(words[at + MOST_ROUNDS]!, words[at + ROUNDS]!);
  });
  return Math.max(...sizes);
}

/**
 * Reads a count from the block at word `at` without folding, which only its own worker may do; late by a moment where that
 * worker runs.
 */
export function readCount({ words, doubles }: Region, at: number, count: number): number {
  const folded = doubles[(at + LINE_WORDS) / 2 + count]!;
  if (count === Count.fastAllocs) {
    return folded + ((words[at + ALLOCS]! - words[at + ALLOCS_FOLDED]!) >>> 0);
  }
  if (count === Count.fastFrees) {
    return folded + ((words[at + FREES]! - words[at + FREES_FOLDED]!) >>> 0);
  }
  return folded;
}

/** The counts of one participant behind one front. */
export interface Tally {
  /** Brings the fast path's counts up to date. Own worker only, or whoever claimed it. */
  fold(): void;
  /** Adds to a count. Own worker only. */
  add(count: number, amount: number): void;
  /** Raises a count to at least `value`. Own worker only. */
  raise(count: number, value: number): void;
  /** Reads a count, as last folded. */
  get(count: number): number;
  /** Sets all counts to 0. Own worker only. */
  reset(): void;
}

/** The tally of the block at word `at`. */
export function attachTally(region: Region, at: number): Tally {
  const { words, doubles } = region;
  const base = (at + LINE_WORDS) / 2;

  function foldOne(low: number, folded: number, count: number): void {
    const now = words[at + low]!;
    doubles[base + count] = doubles[base + count]! + ((now - words[at + folded]!) >>> 0);
    words[at + folded] = now;
  }

  return {
    fold() {
      foldOne(ALLOCS, ALLOCS_FOLDED, Count.fastAllocs);
      foldOne(FREES, FREES_FOLDED, Count.fastFrees);
    },
    add(count, amount) {
      doubles[base + count] = doubles[base + count]! + amount;
    },
    raise(count, value) {
      if (value > doubles[base + count]!) doubles[base + count] = value;
    },
    get: (count) => doubles[base + count]!,
    reset() {
      words[at + ALLOCS_FOLDED] = words[at + ALLOCS]!;
      words[at + FREES_FOLDED] = words[at + FREES]!;
      words[at + MOST_ROUNDS] = 0;
      doubles.fill(0, base, base + COUNTS);
    },
  };
}
