/**
 * Blocks until a shared word is as a test wants it, for a bounded time: the step "now B sleeps" of a race that is told with
 * two workers, without guessing how long B takes.
 *
 * @module
 */
import { HANG_MS } from "./crew.ts";

/** Blocks until `holds` says so of the word, or throws with `what` when it never comes to that. */
export function until(
  words: Int32Array<SharedArrayBuffer>,
  index: number,
  holds: (value: number) => boolean,
  what: string,
): void {
  const giveUpMs = performance.now() + HANG_MS;
  for (;;) {
    const seen = Atomics.load(words, index);
    if (holds(seen)) return;
    if (performance.now() > giveUpMs) throw new Error(`never came to it: ${what}`);
    Atomics.wait(words, index, seen, 1);
  }
}

/** Writes a word and wakes everybody who waits for it. */
export function signal(words: Int32Array<SharedArrayBuffer>, index: number, value: number): void {
  Atomics.store(words, index, value);
  Atomics.notify(words, index);
}
