/**
 * What a mempool does to an allocator of the user's own in the normal case, part by part, so that it can be seen what each costs.
 * The whole is `pools/unchecked.ts`.
 *
 * @module
 */
import { BLOCKING, type Handle, NONE } from "../allocators/allocator.ts";
import type { UserAllocator } from "../allocators/user_allocator.ts";
import type { SyncPool } from "./subject.ts";

/** Handles of the allocators that are measured: 1 to this. */
const HANDLES = 1024;

/** Any tag: out, and negated, back. */
const TAG = 1 << 29 | 1;

function nothingLeft(): never {
  throw new Error("the allocator has nothing left");
}

/** Called by who looks whether it gave anything. */
export function lookedAt(allocator: UserAllocator): SyncPool<Handle> {
  const context = BLOCKING;
  return {
    allocate() {
      const handle = allocator.allocate(context);
      return handle === NONE ? nothingLeft() : handle;
    },
    free: (handle) => allocator.free(handle),
  };
}

/** Called by who notes what is out, and looks there whether he may have what he gets, and may free what he frees. */
export function owned(allocator: UserAllocator): SyncPool<Handle> {
  const context = BLOCKING;
  const table = new Int32Array(new SharedArrayBuffer(4 * (HANDLES + 1))).fill(-TAG, 1);
  return {
    allocate() {
      const handle = allocator.allocate(context);
      if (table[handle]! >= 0) nothingLeft();
      table[handle] = TAG;
      return handle;
    },
    free(handle) {
      if (table[handle] !== TAG) nothingLeft();
      table[handle] = -TAG;
      allocator.free(handle);
    },
  };
}

/** The same by who counts both. */
export function ownedAndCounted(allocator: UserAllocator): SyncPool<Handle> {
  const context = BLOCKING;
  const table = new Int32Array(new SharedArrayBuffer(4 * (HANDLES + 1))).fill(-TAG, 1);
  const counts = new Int32Array(new SharedArrayBuffer(64));
  return {
    allocate() {
      const handle = allocator.allocate(context);
      if (table[handle]! >= 0) nothingLeft();
      table[handle] = TAG;
      counts[0] = counts[0]! + 1;
      return handle;
    },
    free(handle) {
      if (table[handle] !== TAG) nothingLeft();
      table[handle] = -TAG;
      counts[1] = counts[1]! + 1;
      allocator.free(handle);
    },
  };
}
