/**
 * A bell for one worker that has nothing to do until somebody else has done something: ringing costs one atomic load while it
 * is awake.
 *
 * | word | name | who writes | who may read stale |
 * |---|---|---|---|
 * | 0 | rings so far, modulo 2^32 | anyone, atomically | the listener |
 * | 1 | asleep: 1 while the listener looks whether to sleep, and sleeps | the listener, atomically | those who ring |
 *
 * Why no ring is missed: the listener L stores `asleep`, then looks whether there is anything to do; whoever rings, R, has
 * done it before, then loads `asleep`. All are sequentially consistent, so either L sees what R did or R sees that L
 * sleeps, and then L's wait, on the rings that it read before it looked, returns at once or is notified.
 *
 * @module
 */
import type { Layout, Region } from "./region.ts";

const RINGS = 0;
const ASLEEP = 1;

/** Plans a bell. @returns the index of its first word. */
export function planBell(layout: Layout, name: string): number {
  return layout.words(`${name}/bell`, 2);
}

/** One worker's view of a bell: its own, or somebody else's. */
export interface Bell {
  /** Wakes the listener, if it sleeps. To be called after what it should see. Never blocks. */
  ring(): void;
  /** Sleeps until it rings, at most for `ms`, unless `isReady`. The listener only. Blocks. */
  sleepUnless(isReady: () => boolean, ms: number): void;
}

/** Attaches to the bell at word `at`. */
export function attachBell({ words }: Region, at: number): Bell {
  return {
    ring() {
      if (Atomics.load(words, at + ASLEEP) === 0) return;
      Atomics.add(words, at + RINGS, 1);
      Atomics.notify(words, at + RINGS, 1);
    },
    sleepUnless(isReady, ms) {
      Atomics.store(words, at + ASLEEP, 1);
      const rings = Atomics.load(words, at + RINGS);
      if (!isReady()) Atomics.wait(words, at + RINGS, rings, ms);
      Atomics.store(words, at + ASLEEP, 0);
    },
  };
}
