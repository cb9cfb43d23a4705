/**
 * The limit words of a pool's workers, through which the reserve is heard: all of them 0 (*poisoned*) while a free is wanted
 * here, else the size of the worker's magazine. That size is its worker's to change, without a lock of ours: what comes of that is
 * told in `allocators/magazine_size.ts`. A front without magazines may have a second word that says the same: the worker's tag, or nobody's.
 *
 * @module
 */
import { blockOf, LIMIT, NOBODY, OWN, ROUNDS } from "../allocators/front.ts";
import { tagOf } from "../allocators/owner_table.ts";
import type { WaitQueue } from "../sync/mod.ts";
import { type ReservePlan, Word } from "./reserve_plan.ts";

/** The limits of one pool. To be called under the lock that guards the poison. */
export interface Limits {
  /** Poisons or lifts, as the invariant wants it: frees are wanted while elements are lacking, somebody waits, or it is closed. */
  settle(isShort: boolean): void;
  /** Sets all of them, whatever they are: who began to may have died. */
  restore(isShort: boolean): void;
  /** Whether they are as {@linkcode settle} would leave them. */
  areSettled(isShort: boolean): boolean;
}

/** Attaches to the limits of a pool. */
export function attachLimits(
  words: Int32Array<SharedArrayBuffer>,
  { at, front }: ReservePlan,
  queue: WaitQueue,
): Limits {
  const wanted = (isShort: boolean) =>
    isShort || queue.count() > 0 || words[at + Word.closed] === 1 ? 1 : 0;

  function set(poisoned: 0 | 1): void {
    words[at + Word.poisoned] = poisoned;
    for (let participant = 0; participant < front.participants; participant++) {
      const block = blockOf(front, participant);
      Atomics.store(words, block + LIMIT, poisoned === 1 ? 0 : Atomics.load(words, block + ROUNDS));
      if (front.number === undefined) continue;
      Atomics.store(words, block + OWN, poisoned === 1 ? NOBODY : tagOf(front.number, participant));
    }
  }

  return {
    settle(isShort) {
      const poisoned = wanted(isShort);
      if (poisoned !== words[at + Word.poisoned]) set(poisoned);
    },
    restore: (isShort) => set(wanted(isShort)),
    areSettled: (isShort) => words[at + Word.poisoned] === wanted(isShort),
  };
}
