/**
 * How far a worker's clock is from this thread's, since the start and end of workers are compared across
 * them. A worker stamps each of several pings; its stamp should lie between those before and after it here,
 * and the closest pair of stamps bounds the offset best.
 *
 * @module
 */

/** What the exchange showed. */
export interface WorkerClock {
  /** The worker's clock minus this one, nanoseconds: in the middle of what is possible. */
  readonly offsetNs: number;
  /** The offset is within this of the truth. */
  readonly withinNs: number;
}

/** The one word that ping and pong share: 1 while it is the worker's turn. */
const TURN = 0;
const PINGS = 1000;

/** Looks this often before it sleeps: a sleeper wakes microseconds late, but the other side may need this core. */
const LOOKS = 20_000;
const SLEEP_MS = 1000;

/** Exchanges stamps with a fresh worker. About 20 ms, nearly all of it the worker's start. */
export async function compareWorkerClock(): Promise<WorkerClock> {
  const turn = new Int32Array(new SharedArrayBuffer(4));
  const stamp = new Float64Array(new SharedArrayBuffer(8));
  const worker = new Worker(new URL("./worker_clock_worker.ts", import.meta.url), {
    type: "module",
  });
  try {
    const ready = new Promise<void>((resolve, reject) => {
      worker.onmessage = () => resolve();
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(`a worker could not start: ${event.message}`));
      };
    });
    worker.postMessage({ turn, stamp, pings: PINGS });
    await ready;
    return closest(Array.from({ length: PINGS }, () => ping(turn, stamp)));
  } finally {
    worker.terminate();
  }
}

/** Narrowest of the intervals in which the offset must lie. */
export function closest(pings: readonly WorkerClock[]): WorkerClock {
  return pings.reduce((best, each) => each.withinNs < best.withinNs ? each : best);
}

/** Waits until the turn is no longer `value`; for a bounded time, so that a dead worker hangs nobody. */
export function awaitTurn(turn: Int32Array, value: number): void {
  for (let look = 0; look < LOOKS; look++) {
    if (Atomics.load(turn, TURN) !== value) return;
  }
  Atomics.wait(turn, TURN, value, SLEEP_MS);
}

function ping(turn: Int32Array, stamp: Float64Array): WorkerClock {
  const before = performance.now();
  Atomics.store(turn, TURN, 1);
  Atomics.notify(turn, TURN);
  awaitTurn(turn, 1);
  const after = performance.now();
  const there = stamp[0]! - performance.timeOrigin;
  return {
    offsetNs: Math.round((there - (before + after) / 2) * 1e6),
    withinNs: Math.round((after - before) / 2 * 1e6),
  };
}
