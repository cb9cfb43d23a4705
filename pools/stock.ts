/**
 * The elements of a reserve: in a stack of its own here, or as a floor inside the allocator (`floor_stock.ts`).
 *
 * @module
 */
import type { Handle } from "../allocators/allocator.ts";
import { type Journal, LINE_WORDS } from "../sync/mod.ts";
import type { Limits } from "./limits.ts";
import { type ReservePlan, Word } from "./reserve_plan.ts";

/** The elements of one reserve. Everything but `current` must be called under the reserve's lock. */
export interface Stock {
  /** N; may be stale outside the lock. */
  current(): number;
  /** Elements that are lacking here. */
  missing(): number;
  /** Least N since the counts were reset. */
  lowWater(): number;
  /** Takes the element that came last, which has its taker's tag by then. @returns NONE where there is none. */
  pop(): Handle;
  /** Puts an element back. @returns false where it is not wanted here. */
  push(handle: Handle): boolean;
  /** Sets M, and N to that. Once, before anybody else attaches. */
  initialise(handles: readonly Handle[]): void;
  /** Sets M. @returns what is beyond it now, for the back end, each taken in a step of its own. */
  resize(min: number): Handle[];
  /** Sets the limits whatever they are, and takes what is beyond M: who was about to may have died. @returns that. */
  restore(): Handle[];
  /** Settles the limits after the queue has changed. */
  settle(): void;
  /** Has those look for themselves who wait for what is here, though in another pool's queue. Under no lock. */
  tellOthers(): void;
  /** Elements that only the reserve has, and not the allocator. */
  apart(): number;
  /** Sets the low water to N. */
  resetCounts(): void;
  /** Whether the limits are as they should be. */
  isSettled(): boolean;
}

/** How elements that are taken are tagged, and what is noted of what changes. */
export interface Keeping {
  readonly journal: Journal;
  /** Tags an element as carried by this worker, in the step in which it is taken. */
  carry(handle: Handle): void;
}

/** Sets M, and notes the most that it was. */
export function setMin(
  words: Int32Array<SharedArrayBuffer>,
  at: number,
  min: number,
  journal: Journal,
): void {
  journal.store(at + Word.min, min);
  if (min > words[at + Word.peak]!) words[at + Word.peak] = min;
}

/** A stack of the reserve's own. */
export function attachStack(
  words: Int32Array<SharedArrayBuffer>,
  { at }: ReservePlan,
  limits: Limits,
  { journal, carry }: Keeping,
): Stock {
  const stack = at + LINE_WORDS;
  const missing = () => words[at + Word.min]! - words[at + Word.current]!;
  const isShort = () => missing() > 0;
  const settle = () => limits.settle(isShort());

  function setCurrent(current: number): void {
    journal.store(at + Word.current, current);
    if (current < words[at + Word.lowWater]!) words[at + Word.lowWater] = current;
    settle();
  }

  function pop(): Handle {
    const current = words[at + Word.current]! - 1;
    const handle = words[stack + current]!;
    carry(handle);
    setCurrent(current);
    return handle;
  }

  /** Takes what is beyond M. */
  function takeSurplus(): Handle[] {
    const surplus: Handle[] = [];
    while (missing() < 0) {
      surplus.push(pop());
      journal.commit();
    }
    return surplus.reverse();
  }

  return {
    current: () => Atomics.load(words, at + Word.current),
    missing,
    lowWater: () => words[at + Word.lowWater]!,
    pop,
    push(handle) {
      const current = words[at + Word.current]!;
      if (!isShort()) return false;
      words[stack + current] = handle;
      setCurrent(current + 1);
      return true;
    },
    initialise(handles) {
      words.set(handles, stack);
      words[at + Word.min] = words[at + Word.current] = words[at + Word.lowWater] = handles.length;
    },
    resize(min) {
      setMin(words, at, min, journal);
      settle();
      journal.commit();
      return takeSurplus();
    },
    restore() {
      limits.restore(isShort());
      return takeSurplus();
    },
    settle,
    tellOthers() {},
    apart: () => words[at + Word.current]!,
    resetCounts() {
      words[at + Word.lowWater] = words[at + Word.current]!;
    },
    isSettled: () => limits.areSettled(isShort()),
  };
}
