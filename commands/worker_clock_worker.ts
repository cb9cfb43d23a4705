/**
 * The other side of `worker_clock.ts`: stamps each ping with this worker's clock.
 *
 * @module
 */
/// <reference lib="deno.worker" />
import { awaitTurn } from "./worker_clock.ts";

interface Pings {
  readonly turn: Int32Array;
  readonly stamp: Float64Array;
  readonly pings: number;
}

self.onmessage = ({ data }: MessageEvent<Pings>) => {
  const { turn, stamp, pings } = data;
  self.postMessage("ready");
  for (let ping = 0; ping < pings; ping++) {
    awaitTurn(turn, 0);
    stamp[0] = performance.timeOrigin + performance.now();
    Atomics.store(turn, 0, 0);
    Atomics.notify(turn, 0);
  }
};
