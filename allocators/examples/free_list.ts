/**
 * An allocator of one's own, to begin with: buffers made beforehand, and a stack of those that are free.
 *
 * A scenario takes it by its path: `"allocators": { "mine": { "kind": "module", "path": "./free_list.ts" } }`.
 *
 * @module
 */
import type { UserAllocator, UserAllocatorOptions } from "mempool-bench/allocators";

/** Elements that each worker has. */
const ELEMENTS = 1024;

/** A free list of {@linkcode ELEMENTS} buffers. */
export default function createAllocator({ objectBytes }: UserAllocatorOptions): UserAllocator {
  const buffers = Array.from({ length: ELEMENTS }, () => new Uint8Array(objectBytes));
  const free = Int32Array.from(buffers, (_, index) => ELEMENTS - index);
  let count = ELEMENTS;
  return {
    allocate: () => count === 0 ? 0 : free[--count]!,
    free(handle) {
      free[count++] = handle;
    },
    bytes: (handle) => buffers[handle - 1]!,
  };
}
