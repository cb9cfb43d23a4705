/**
 * The elements of a reserve: in a stack of its own here, or as a floor inside the allocator (`floor_stock.ts`).
 *
 * @module
 */
import type { Handle } from "../allocators/allocator.ts";
import { LINE_WORDS } from "../sync/mod.ts";
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
  /** Takes the element that came last. @returns NONE where there is none. */
  pop(): Handle;
  /** Puts an element back. @returns false where it is not wanted here. */
  push(handle: Handle): boolean;
  /** Sets M, and N to that. Once, before anybody else attaches. */
  initialise(handles: readonly Handle[]): void;
  /** Sets M. @returns what is beyond it now, for the back end. */
  resize(min: number): Handle[];
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

/** Sets M, and notes the most that it was. */
export function setMin(words: Int32Array<SharedArrayBuffer>, at: number, min: number): void {
  Atomics.store(words, at + Word.min, min);
  if (min > words[at + Word.peak]!) words[at + Word.peak] = min;
}

/** A stack of the reserve's own. */
export function attachStack(
  words: Int32Array<SharedArrayBuffer>,
  { at }: ReservePlan,
  limits: Limits,
): Stock {
  const stack = at + LINE_WORDS;
  const missing = () => words[at + Word.min]! - words[at + Word.current]!;
  const isShort = () => missing() > 0;
  const settle = () => limits.settle(isShort());

  function setCurrent(current: number): void {
    Atomics.store(words, at + Word.current, current);
    if (current < words[at + Word.lowWater]!) words[at + Word.lowWater] = current;
    settle();
  }

  return {
    current: () => Atomics.load(words, at + Word.current),
    missing,
    lowWater: () => words[at + Word.lowWater]!,
    pop() {
      const current = words[at + Word.current]! - 1;
      setCurrent(current);
      return words[stack + current]!;
    },
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
      setMin(words, at, min);
      const current = words[at + Word.current]!;
      setCurrent(Math.min(min, current));
      return Array.from(words.subarray(stack + Math.min(min, current), stack + current));
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
