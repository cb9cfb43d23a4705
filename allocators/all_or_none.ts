/**
 * Several elements of an allocator that hands them out one by one: all of them or none.
 *
 * @module
 */
import { type Allocator, type Context, NONE } from "./allocator.ts";

/** Takes several elements at once. @returns whether it did; else nothing was taken. */
export type TakeBulk = (context: Context) => boolean;

/**
 * Frees elements that stand in an array, `count` of them from `first` on, the last one first, and leaves {@linkcode NONE} in their
 * places. Where one free throws the others are made all the same: a pool that is no more takes what it is given, and throws.
 *
 * @returns the first error that was thrown, or null.
 */
export function freeAll(
  to: Allocator,
  handles: Int32Array,
  { first, count }: { readonly first: number; readonly count: number },
): unknown {
  let error: unknown = null;
  for (let index = first + count - 1; index >= first; index--) {
    const handle = handles[index]!;
    handles[index] = NONE;
    try {
      if (handle !== NONE) to.free(handle);
    } catch (thrown) {
      error ??= thrown;
    }
  }
  return error;
}

/**
 * A way to fill an array with elements, again and again. Where one cannot be had, or the allocator throws, those taken so far go
 * back in reverse order. May block where the allocator may.
 *
 * @throws what was thrown first, once everything went back.
 */
export function takeAllOrNone(from: Allocator, into: Int32Array): TakeBulk {
  return (context) => {
    let count = 0;
    let error: unknown = null;
    try {
      while (count < into.length) {
        const handle = from.allocate(context);
        if (handle === NONE) break;
        into[count++] = handle;
      }
    } catch (thrown) {
      error = thrown;
    }
    if (count === into.length) return true;
    const late = freeAll(from, into, { first: 0, count });
    error ??= late;
    if (error !== null) throw error;
    return false;
  };
}
