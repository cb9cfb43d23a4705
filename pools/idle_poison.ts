/**
 * Finds writes to the idle elements of a pool: those in its reserve, and those on their way to a waiter. What lies in the
 * back end has a layer of its own for that, which keeps its marks in the same words: an element is idle in one place at a time.
 *
 * @module
 */
import type { Handle } from "../allocators/allocator.ts";
import { CorruptionError, firstCorruption, type Poison, poison } from "../allocators/poisoned.ts";

const POISONED = 1;

/** Looks after the bytes of idle elements. */
export class IdlePoison {
  readonly #poison: Poison;

  /** Marks what it has poisoned in the words of `poison`. */
  constructor(poison: Poison) {
    this.#poison = poison;
  }

  /** An element becomes idle. To be called before anybody else can take it. */
  cover(handle: Handle): void {
    const { bytes, marks: { words, at } } = this.#poison;
    poison(bytes(handle));
    words[at + handle] = POISONED;
  }

  /** An element leaves without a look at it, for the back end, or with bytes of its own. */
  uncover(handle: Handle): void {
    const { words, at } = this.#poison.marks;
    words[at + handle] = 0;
  }

  /**
   * An element is about to be used again.
   *
   * @throws {CorruptionError} at its first wrong byte; it is to become idle again.
   */
  check(handle: Handle): void {
    const { name, bytes, marks: { words, at } } = this.#poison;
    if (words[at + handle] !== POISONED) return;
    const held = bytes(handle);
    const offset = firstCorruption(held);
    if (offset < 0) return this.uncover(handle);
    throw new CorruptionError(name, handle, held, offset);
  }
}
