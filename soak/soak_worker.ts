/**
 * A worker that stays at one pool after the other, and says what memory it has when it is asked.
 *
 * @module
 */
import { live } from "../sync/mod.ts";
import { memoryOfThread } from "./flatness.ts";
import { type Done, stay, type StayOrder } from "./stay.ts";

/** What a worker is told: where to stay, or to say what memory it has. */
export type Order = StayOrder | "memory";

/** What a planted leak keeps at each stay, bytes. */
const LEAK_BYTES = 2 ** 21;

const leaked: Uint8Array[] = [];

/** What a worker says that found something wrong. */
export interface Failure {
  readonly failure: string;
}

async function obey(order: StayOrder): Promise<Done | Failure> {
  if (order.plant === "leak") leaked.push(new Uint8Array(LEAK_BYTES));
  try {
    return await stay(order);
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}

self.onmessage = async ({ data }: MessageEvent<Order>) => {
  self.postMessage(data === "memory" ? memoryOfThread() : await obey(data));
};

// Loaded: what is timed begins after that. Its death can be told from here on.
const life = `soak/${crypto.randomUUID()}`;
await live(life);
self.postMessage(life);
