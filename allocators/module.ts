/**
 * An allocator of the user's own, by the path of a module: what one already has, or thinks of having, runs under every
 * policy and load. Each worker has its own, made by the module's default export; it shares no memory with the others, and
 * needs no locks.
 *
 * Every allocation really calls it: no magazine stands in front. All that stands between is a compare, so that what is
 * no handle cannot damage a pool's tables. Without a pool, that compare is with the highest handle so far; a pool compares the
 * owner of an element that it is given, so that one that is out is not handed out again (one in its reserve has no owner).
 * The highest handle is also what is reported as the most in use at once: an exact count would cost a third of a good
 * free list's time, and whoever makes a new handle only when none is free has just as many.
 *
 * @example A free list of buffers made beforehand
 * ```ts
 * import type { UserAllocator, UserAllocatorOptions } from "mempool-bench/allocators";
 *
 * export default function createAllocator({ objectBytes }: UserAllocatorOptions): UserAllocator {
 *   const buffers = Array.from({ length: 1024 }, () => new Uint8Array(objectBytes));
 *   const free = buffers.map((_, index) => index + 1);
 *   return {
 *     allocate: () => free.pop() ?? 0, // 0: none to be had
 *     free: (handle) => void free.push(handle),
 *     bytes: (handle) => buffers[handle - 1]!,
 *   };
 * }
 * ```
 *
 * @module
 */
import { type Allocator, type Context, type Handle, NONE } from "./allocator.ts";
import { type AllocatorKind, type Backend, NO_COUNTS, NO_FOOTPRINT } from "./kind.ts";
import { loadModule, shown } from "./load_module.ts";
import { HANDLE_MAX, HANDLES, isHandle, type UserAllocator } from "./user_allocator.ts";

const EMPTY = new Uint8Array(0);

function attachModule(user: UserAllocator, path: string): Backend {
  let highest = 0;
  const failures: [number, number] = [0, 0];

  function refusal(given: unknown, context: Context, why: string): Error {
    return new Error(`${path}: allocate(${context}) gives ${shown(given)}${why}`);
  }

  /** A handle that is higher than all before it, new to a pool, none at all, or none that may be. */
  function verify(handle: Handle, context: Context, isOut: boolean): Handle {
    if (handle === NONE) failures[context]++;
    else if (!isHandle(handle)) {
      throw refusal(handle, context, `: give ${HANDLES}, or 0 where there is none`);
    } else if (isOut) {
      throw refusal(handle, context, ", which is out: give each handle once until it is freed");
    } else highest = Math.max(highest, handle);
    return handle;
  }

  const direct: Allocator = {
    allocate(context) {
      const handle = user.allocate(context);
      if ((handle | 0) === handle && handle > 0 && handle <= highest) return handle;
      return verify(handle, context, false);
    },
    free(handle) {
      user.free(handle);
    },
  };
  return {
    source: null,
    direct,
    unchecked: { allocator: user, verify },
    bytes: (handle) => user.bytes?.(handle) ?? EMPTY,
    shrink: () => 0,
    hoarded: () => 0,
    footprint: () => NO_FOOTPRINT,
    check() {},
    counts: () => ({
      ...NO_COUNTS,
      peakInUse: highest,
      atomicFailures: failures[0],
      blockingFailures: failures[1],
    }),
    resetCounts: () => void failures.fill(0),
  };
}

/** The user's own allocator, by the path of a module. */
export const moduleKind: AllocatorKind = {
  summary:
    "your own allocator: the module at a path, whose default export makes one (one for each worker)",
  scope: "worker",
  options: {
    path: {
      type: "path",
      summary: "the module, relative to this file",
    },
    objectBytes: {
      type: "bytes",
      summary: "size of an element, handed to the module",
      default: 4096,
      min: 1,
      max: 2 ** 30,
    },
  },
  plan(options, { name }) {
    const path = String(options.path);
    const objectBytes = Number(options.objectBytes);
    let loaded: UserAllocator | null = null;
    return {
      capacity: HANDLE_MAX,
      elementBytes: objectBytes,
      elementPages: 0,
      async load() {
        loaded = await loadModule(path, { objectBytes });
      },
      attach() {
        if (loaded === null) {
          throw new Error(`Cannot attach allocator "${name}" before its module is loaded`);
        }
        return attachModule(loaded, path);
      },
    };
  },
};
