/**
 * Lets the event loop turn until something has come to be, for a bounded time: what cannot be awaited, because no promise
 * tells of it, such as a worker's place in a queue.
 *
 * @module
 */

import { HANG_MS } from "../../sync/testing/crew.ts";

/** Turns the event loop until `holds`. @throws {Error} naming `what` where it never does. */
export async function eventually(what: string, holds: () => boolean): Promise<void> {
  const giveUpMs = performance.now() + HANG_MS;
  while (!holds()) {
    if (performance.now() > giveUpMs) throw new Error(`never came to it: ${what}`);
    await new Promise((turn) => setTimeout(turn, 1));
  }
}

/** The promise's value. @throws {Error} naming `what` where it takes too long. */
export async function soon<T>(what: string, promise: Promise<T>): Promise<T> {
  const { promise: hang, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`hangs: ${what}`)), HANG_MS);
  try {
    return await Promise.race([promise, hang]);
  } finally {
    clearTimeout(timer);
  }
}
