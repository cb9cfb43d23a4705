/**
 * A layer round a back end that one thread steers for all: it serves or fails by the kind of call, and it can
 * stop a worker in the middle of a call until the test lets it go on, so that a race is played in the order in which
 * it is told.
 *
 * | word | name | who writes |
 * |---|---|---|
 * | 0, 1 | failing: 1 while atomic, blocking calls fail | the test |
 * | 2, 3 | calls of that kind until one stops; 0 = none will | the test; who calls |
 * | 4, 5 | stopped: 1 while a worker stands in such a call | who calls; the test |
 *
 * @module
 */
import type { Allocator } from "../../allocators/allocator.ts";
import { ATOMIC, BLOCKING, type Context, NONE } from "../../allocators/allocator.ts";
import type { Layout } from "../../sync/mod.ts";
import { eventually } from "./eventually.ts";

const FAILING = 0;
const UNTIL_STOP = 2;
const STOPPED = 4;
const GATE_WORDS = 6;

type Words = Int32Array<SharedArrayBuffer>;

/** Plans the words. @returns the index of the first. */
export function planGate(layout: Layout): number {
  return layout.words("test/gate", GATE_WORDS);
}

/** Puts the layer round an allocator. */
export function gated(inner: Allocator, words: Words, at: number): Allocator {
  return {
    allocate(context) {
      if (words[at + UNTIL_STOP + context]! > 0 && --words[at + UNTIL_STOP + context]! === 0) {
        const stopped = at + STOPPED + context;
        Atomics.store(words, stopped, 1);
        while (Atomics.load(words, stopped) === 1) Atomics.wait(words, stopped, 1, 100);
      }
      return Atomics.load(words, at + FAILING + context) === 1 ? NONE : inner.allocate(context);
    },
    free: (handle) => inner.free(handle),
  };
}

/** The test's hand on the back end. */
export class Gate {
  readonly #words: Words;
  readonly #at: number;

  /** Steers the layers whose words are at `at`. */
  constructor(words: Words, at: number) {
    this.#words = words;
    this.#at = at;
  }

  /** Says which calls fail from here on. */
  fail(failing: { readonly atomic: boolean; readonly blocking: boolean }): void {
    Atomics.store(this.#words, this.#at + FAILING + ATOMIC, failing.atomic ? 1 : 0);
    Atomics.store(this.#words, this.#at + FAILING + BLOCKING, failing.blocking ? 1 : 0);
  }

  /** Nothing is served any more. */
  die(): void {
    this.fail({ atomic: true, blocking: true });
  }

  /** Everything is served that is there. */
  recover(): void {
    this.fail({ atomic: false, blocking: false });
  }

  /** Stops whoever makes the `nth` call of a kind from now on. */
  stopAt(context: Context, nth: number): void {
    Atomics.store(this.#words, this.#at + UNTIL_STOP + context, nth);
  }

  /** Waits until somebody stands in a call. */
  async stopped(context: Context): Promise<void> {
    await eventually("a worker stands in the call of the back end", () => this.isStopped(context));
  }

  /** Whether somebody stands in a call. */
  isStopped(context: Context): boolean {
    return Atomics.load(this.#words, this.#at + STOPPED + context) === 1;
  }

  /** Lets whoever stands in a call go on. */
  release(context: Context): void {
    Atomics.store(this.#words, this.#at + STOPPED + context, 0);
    Atomics.notify(this.#words, this.#at + STOPPED + context);
  }
}
