/**
 * An allocator that does some work: a free list whose elements are handed out zeroed, as `calloc` does.
 *
 * @module
 */
import createFreeList from "../../allocators/examples/free_list.ts";
import type { UserAllocator, UserAllocatorOptions } from "../../allocators/user_allocator.ts";

/** The example's list, zeroing. */
export default function createAllocator(options: UserAllocatorOptions): UserAllocator {
  const list = createFreeList(options);
  const buffers: Uint8Array[] = [];
  return {
    allocate(context) {
      const handle = list.allocate(context);
      if (handle !== 0) (buffers[handle] ??= list.bytes!(handle)).fill(0);
      return handle;
    },
    free: list.free,
    bytes: (handle) => list.bytes!(handle),
  };
}
