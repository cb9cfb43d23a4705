/**
 * Counts in a worker under a lock, in plain reads and writes: a second holder at the same time loses counts
 * or finds itself named as nobody's owner.
 */
import { attachBarrier } from "../barrier.ts";
import { attachLock } from "../lock.ts";

/** What a counter is told. Places are words. */
export interface CounterTask {
  readonly buffer: SharedArrayBuffer;
  readonly lockAt: number;
  readonly barrierAt: number;
  readonly countAt: number;
  readonly me: number;
  readonly rounds: number;
}

/** What it saw. */
export interface CounterAnswer {
  /** How often the lock named another owner than its holder. */
  readonly wrongOwners: number;
}

/** Looks at the owner between reading the count and writing it: mostly few, now and then so many that others go to sleep. */
function looks(round: number): number {
  return round % 16 === 0 ? 1000 : 8;
}

self.onmessage = ({ data }: MessageEvent<CounterTask>) => {
  const { buffer, lockAt, barrierAt, countAt, me, rounds } = data;
  const words = new Int32Array(buffer);
  const lock = attachLock(words, lockAt, me);
  let wrongOwners = 0;
  attachBarrier(words, barrierAt).arriveAndWait();
  for (let round = 0; round < rounds; round++) {
    lock.acquire();
    const count = words[countAt]!;
    for (let look = looks(round); look > 0; look--) if (lock.owner() !== me) wrongOwners++;
    words[countAt] = count + 1;
    lock.release();
  }
  const answer: CounterAnswer = { wrongOwners };
  self.postMessage(answer);
};
