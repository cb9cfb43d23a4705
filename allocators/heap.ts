/**
 * Fresh ArrayBuffers: a new one for each element, dropped when it is freed, so that V8 and its collector do the work. What
 * most programs do today, and what a pool is compared with. Each worker has its own, since an
 * ArrayBuffer cannot be in two workers.
 *
 * @module
 */
import type { Allocator, Handle } from "./allocator.ts";
import { type AllocatorKind, type Backend, NO_COUNTS, NO_FOOTPRINT } from "./kind.ts";

/** Elements that one worker may hold at once. */
const CAPACITY = 1 << 20;

/** New bytes, or null where the engine has no memory for them. */
function freshBytes(bytes: number): Uint8Array | null {
  try {
    return new Uint8Array(bytes);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function attachHeap(objectBytes: number): Backend {
  const buffers: (Uint8Array | undefined)[] = [undefined];
  const freeHandles: Handle[] = [];
  let inUse = 0;
  let peakInUse = 0;
  const failures: [number, number] = [0, 0];
  const direct: Allocator = {
    allocate(context) {
      const handle = freeHandles.at(-1) ?? buffers.length;
      const bytes = handle > CAPACITY ? null : freshBytes(objectBytes);
      if (bytes === null) {
        failures[context]++;
        return 0;
      }
      freeHandles.pop();
      buffers[handle] = bytes;
      if (++inUse > peakInUse) peakInUse = inUse;
      return handle;
    },
    free(handle) {
      buffers[handle] = undefined;
      freeHandles.push(handle);
      inUse--;
    },
  };
  return {
    source: null,
    direct,
    bytes: (handle) => buffers[handle] ?? new Uint8Array(0),
    shrink: () => 0,
    hoarded: () => 0,
    footprint: () => NO_FOOTPRINT,
    check() {},
    counts: () => ({
      ...NO_COUNTS,
      peakInUse,
      atomicFailures: failures[0],
      blockingFailures: failures[1],
    }),
    resetCounts() {
      peakInUse = inUse;
      failures.fill(0);
    },
  };
}

/** A new ArrayBuffer for each element. */
export const heap: AllocatorKind = {
  summary: "a fresh ArrayBuffer for each element, left to V8's collector (one for each worker)",
  scope: "worker",
  options: {
    objectBytes: {
      type: "bytes",
      summary: "size of an element",
      default: 4096,
      min: 1,
      max: 2 ** 30,
    },
  },
  plan(options) {
    const objectBytes = Number(options.objectBytes);
    return {
      capacity: CAPACITY,
      elementBytes: objectBytes,
      elementPages: 0,
      attach: () => attachHeap(objectBytes),
    };
  },
};
