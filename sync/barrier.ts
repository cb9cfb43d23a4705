/**
 * A start barrier: everybody arrives, the coordinator opens, everybody leaves. Short jobs in fresh workers may
 * not overlap at all without one.
 *
 * | word | name | who writes |
 * |---|---|---|
 * | 0 | arrived | everybody who arrives, atomically |
 * | 1 | open: 0 or 1 | the coordinator |
 *
 * @module
 */
import type { Layout } from "./region.ts";

const ARRIVED = 0;
const OPEN = 1;

/** Plans a barrier. @returns the index of its first word. */
export function planBarrier(layout: Layout, name: string): number {
  return layout.words(`${name}/barrier`, 2);
}

/** One party's view of a barrier. */
export interface Barrier {
  /** Arrives and blocks until the barrier opens. */
  arriveAndWait(): void;
  /** Opens the barrier; wakes everybody who has arrived. Coordinator only. */
  open(): void;
  /** How many have arrived. */
  arrived(): number;
}

/** Attaches to the barrier at word `at`. */
export function attachBarrier(words: Int32Array<SharedArrayBuffer>, at: number): Barrier {
  return {
    arriveAndWait() {
      Atomics.add(words, at + ARRIVED, 1);
      while (Atomics.load(words, at + OPEN) === 0) Atomics.wait(words, at + OPEN, 0, 100);
    },
    open() {
      Atomics.store(words, at + OPEN, 1);
      Atomics.notify(words, at + OPEN);
    },
    arrived: () => Atomics.load(words, at + ARRIVED),
  };
}
