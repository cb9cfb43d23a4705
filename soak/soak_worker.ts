/**
 * A worker that stays at one pool after the other.
 *
 * @module
 */
import { stay, type StayOrder } from "./stay.ts";

self.onmessage = async ({ data }: MessageEvent<StayOrder>) => self.postMessage(await stay(data));

// Loaded: what is timed begins after that.
self.postMessage(null);
