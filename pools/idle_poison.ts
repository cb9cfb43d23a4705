/**
 * Finds writes to the idle elements of a pool: those in its reserve, and those on their way to a waiter. What lies in the
 * back end has a layer of its own for that, which keeps its marks in the same words: an element is idle in one place at a time.
 *
 * An element that is put together has the bytes of all its parts poisoned. To those they were taken from they are in use.
 *
 * @module
 */
import type { Handle } from "../allocators/allocator.ts";
import type { ElementPart } from "../allocators/kind.ts";
import { CorruptionError, firstCorruption, type Poison, poison } from "../allocators/poisoned.ts";

const POISONED = 1;

/** What there is to poison. */
export interface Poisonable extends Poison {
  /** What an element is put together of; only where it is. */
  parts?(handle: Handle): readonly ElementPart[];
}

/** Looks after the bytes of idle elements. */
export class IdlePoison {
  readonly #poison: Poisonable;

  /** Marks what it has poisoned in the words of `poison`. */
  constructor(poison: Poisonable) {
    this.#poison = poison;
  }

  /** Where the bytes of an element are: in its parts, or in itself. */
  #pieces(
    handle: Handle,
  ): readonly { readonly bytes: Uint8Array; readonly part: ElementPart | null }[] {
    const { bytes, parts } = this.#poison;
    return parts?.(handle).map((part) => ({ bytes: part.bytes, part })) ??
      [{ bytes: bytes(handle), part: null }];
  }

  /** An element becomes idle. To be called before anybody else can take it. */
  cover(handle: Handle): void {
    const { words, at } = this.#poison.marks;
    for (const { bytes } of this.#pieces(handle)) poison(bytes);
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
    const { name, marks: { words, at } } = this.#poison;
    if (words[at + handle] !== POISONED) return;
    for (const { bytes, part } of this.#pieces(handle)) {
      const offset = firstCorruption(bytes);
      if (offset >= 0) throw new CorruptionError(name, handle, bytes, offset, part);
    }
    this.uncover(handle);
  }
}
