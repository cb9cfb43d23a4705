/**
 * A futex lock that knows its owner. It guards slow paths only: a free lock costs one compare-exchange,
 * a held one spins briefly and then sleeps in `Atomics.wait`.
 *
 * | word | name | who writes | who may read stale |
 * |---|---|---|---|
 * | 0 | state: 0 free, else (owner + 1) * 2, plus 1 if somebody may sleep | anyone, atomically | messages |
 * | 1 | acquisitions | the holder | results |
 * | 2 | contended: acquisitions that found it held | the holder | results |
 *
 * A release publishes everything that was written under the lock (an exchange, sequentially consistent)
 * to whoever acquires next. Sleeps are bounded: a waiter whose wake-up went to a dying worker looks
 * again by itself.
 *
 * A worker that dies while it holds the lock keeps it. Somebody who knows of its death takes it over, once what was begun is put
 * back (`journal.ts`).
 *
 * @module
 */
import { type Journal, unlogged } from "./journal.ts";
import type { Layout } from "./region.ts";

/** Words that a lock takes. */
const LOCK_WORDS = 3;
const STATE = 0;
const ACQUISITIONS = 1;
const CONTENDED = 2;

/** Looks at a held lock before sleeping. */
const SPINS = 200;

/** The longest uninterrupted sleep, milliseconds. */
const SLEEP_MS = 100;

/** Plans a lock. @returns the index of its first word. */
export function planLock(layout: Layout, name: string): number {
  return layout.words(`${name}/lock`, LOCK_WORDS);
}

/** One worker's view of a lock. Not re-entrant, but where a journal holds on to it. */
export interface Lock {
  /** Takes the lock; may block. */
  acquire(): void;
  /**
   * Takes the lock if it can be had within so many milliseconds, for those who must not wait for one that may be dead; counted nowhere. May
   * block that long. @returns whether it did.
   */
  tryAcquire(withinMs: number): boolean;
  /** Gives the lock back; lock-free. Only the holder may call it. Within the section of another one it is held until that ends. */
  release(): void;
  /**
   * Takes the lock from a worker that has died, to be released as if acquired. Lock-free. @returns whether that one held it; else nothing
   * was done.
   */
  takeOver(dead: number): boolean;
  /** Has one who sleeps before it look again: who released it may have died before saying so. Lock-free. */
  wake(): void;
  /** The worker that holds it, or -1. May be stale when it returns. */
  owner(): number;
  /** How often it was taken. */
  acquisitions(): number;
  /** How often it was found held. */
  contended(): number;
  /** How often this worker has found it held since it attached. */
  met(): number;
  /** Sets both counts to 0; only while nobody uses the lock. */
  resetCounts(): void;
}

/** Attaches worker `me` to the lock at word `at`, with the journal of what it changes under its locks, if it keeps one. */
export function attachLock(
  words: Int32Array<SharedArrayBuffer>,
  at: number,
  me: number,
  journal: Journal = unlogged(words),
): Lock {
  const state = at + STATE;
  const held = (me + 1) * 2;
  let met = 0;

  /** Spins. @returns whether the lock was free meanwhile, and is taken. */
  function acquireSoon(): boolean {
    for (let spin = 0; spin < SPINS; spin++) {
      if (
        Atomics.load(words, state) === 0 && Atomics.compareExchange(words, state, 0, held) === 0
      ) {
        return true;
      }
    }
    return false;
  }

  /** Spins, then sleeps, but not past a time. @returns whether it is taken. */
  function acquireBefore(endMs: number): boolean {
    if (acquireSoon()) return true;
    for (;;) {
      const seen = Atomics.load(words, state);
      const sleepMs = endMs === Infinity ? SLEEP_MS : Math.min(SLEEP_MS, endMs - performance.now());
      if (seen === 0) {
        // Others may sleep behind us: take it with the mark, so that our release wakes one.
        if (Atomics.compareExchange(words, state, 0, held | 1) === 0) return true;
      } else if (sleepMs <= 0) return false;
      else if ((seen & 1) === 1 || Atomics.compareExchange(words, state, seen, seen | 1) === seen) {
        Atomics.wait(words, state, seen | 1, sleepMs);
      }
    }
  }

  function unlock(): void {
    if ((Atomics.exchange(words, state, 0) & 1) === 1) Atomics.notify(words, state, 1);
  }

  return {
    acquire() {
      if (journal.enterAgain(at)) return;
      const contended = Atomics.compareExchange(words, state, 0, held) !== 0;
      if (contended) {
        met++;
        acquireBefore(Infinity);
        words[at + CONTENDED] = words[at + CONTENDED]! + 1;
      }
      journal.entered(at, unlock);
      words[at + ACQUISITIONS] = words[at + ACQUISITIONS]! + 1;
    },
    tryAcquire(withinMs) {
      if (journal.enterAgain(at)) return true;
      if (
        Atomics.compareExchange(words, state, 0, held) !== 0 &&
        !(withinMs > 0 ? acquireBefore(performance.now() + withinMs) : acquireSoon())
      ) return false;
      journal.entered(at, unlock);
      return true;
    },
    release: () => journal.leave(unlock),
    takeOver(dead) {
      for (;;) {
        const seen = Atomics.load(words, state);
        if (seen === 0 || (seen >> 1) - 1 !== dead) return false;
        // With the mark: whoever sleeps has slept since before.
        if (Atomics.compareExchange(words, state, seen, held | 1) !== seen) continue;
        journal.entered(at, unlock);
        return true;
      }
    },
    wake: () => void Atomics.notify(words, state, 1),
    owner: () => (Atomics.load(words, state) >> 1) - 1,
    acquisitions: () => words[at + ACQUISITIONS]! >>> 0,
    contended: () => words[at + CONTENDED]! >>> 0,
    met: () => met,
    resetCounts() {
      words[at + ACQUISITIONS] = 0;
      words[at + CONTENDED] = 0;
    },
  };
}
