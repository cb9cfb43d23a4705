/**
 * A worker that says that it lives, then dies in the way that it is told.
 */
import { live } from "../life.ts";
import { attachLock } from "../lock.ts";
import { dieWithin, end } from "./sudden_death.ts";
import { until } from "./until.ts";

/** Ways to die; those that wait to be terminated idle, or run until they are told to stop. */
export type Death = "throw" | "reject" | "close" | "within" | "asleep" | "idle" | "run";

/** What it is told. Places are words. */
export interface Sentence {
  readonly name: string;
  readonly death: Death;
  readonly buffer: SharedArrayBuffer;
  readonly lockAt: number;
  /** Counted up by one that runs. */
  readonly countAt: number;
  /** Set once one that runs is to stop. */
  readonly stopAt: number;
}

function die({ death, buffer, lockAt, countAt, stopAt }: Sentence): void {
  const words = new Int32Array(buffer);
  const lock = attachLock(words, lockAt, 0);
  const run = () => {
    while (Atomics.load(words, stopAt) === 0) Atomics.add(words, countAt, 1);
  };
  const locked = (act: () => void) => {
    lock.acquire();
    try {
      act();
    } finally {
      lock.release();
    }
  };
  switch (death) {
    case "throw":
      lock.acquire();
      throw new Error("planted");
    case "reject":
      lock.acquire();
      void Promise.reject(new Error("planted"));
      return;
    case "close":
      return locked(end);
    case "within":
      return dieWithin(5, () => locked(run));
    case "asleep":
      return dieWithin(5, () => locked(() => until(words, stopAt, (stop) => stop !== 0, "stop")));
    case "run":
      return run();
    case "idle":
      lock.acquire();
  }
}

self.onmessage = async ({ data }: MessageEvent<Sentence>) => {
  await live(data.name);
  self.postMessage("alive");
  // Not within the handler's promise: one that throws is to throw.
  setTimeout(() => die(data));
};
