/**
 * An element for a block: freed at its end.
 *
 * @module
 */
import type { Handle } from "../allocators/allocator.ts";

/** What an element needs of its pool. */
interface Home {
  bytes(handle: Handle): Uint8Array;
  free(handle: Handle): void;
}

/**
 * A taken element that is freed when its block ends: `using element = pool.take()`.
 */
export class Element implements Disposable {
  /** The element's handle, for those who count nanoseconds. */
  readonly handle: Handle;
  /** The element's bytes. Not to be used after the element was freed. */
  readonly bytes: Uint8Array;
  readonly #home: Home;
  #free = false;

  /** Wraps a handle that `home` has given out. */
  constructor(home: Home, handle: Handle) {
    this.handle = handle;
    this.bytes = home.bytes(handle);
    this.#home = home;
  }

  /** Frees the element; a second call does nothing. */
  [Symbol.dispose](): void {
    if (this.#free) return;
    this.#free = true;
    this.#home.free(this.handle);
  }
}
