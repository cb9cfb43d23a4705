/**
 * A worker that stays at one pool after the other.
 *
 * @module
 */
import { stay, type StayOrder } from "./stay.ts";

/** A worker's garbage is collected so often, where `--expose-gc` says that it can be: see flatness.ts. */
const STAYS_COLLECTED = 100;

declare const gc: (() => void) | undefined;

let stays = 0;
self.onmessage = async ({ data }: MessageEvent<StayOrder>) => {
  const done = await stay(data);
  if (++stays % STAYS_COLLECTED === 0 && typeof gc === "function") gc();
  self.postMessage(done);
};

// Loaded: what is timed begins after that.
self.postMessage(null);
