/**
 * Several elements of an allocator that hands them out one by one: all of them or none.
 *
 * @module
 */
import { type Allocator, type Context, NONE } from "./allocator.ts";

/** Takes several elements at once. @returns whether it did; else nothing was taken. */
export type TakeBulk = (context: Context) => boolean;

/**
 * A way to fill an array with elements, again and again. Where one cannot be had, or the allocator throws, those taken so far go
 * back in reverse order. May block where the allocator may.
 */
export function takeAllOrNone(from: Allocator, into: Int32Array): TakeBulk {
  return (context) => {
    let taken = 0;
    try {
      while (taken < into.length) {
        const handle = from.allocate(context);
        if (handle === NONE) return false;
        into[taken++] = handle;
      }
      return true;
    } finally {
      if (taken < into.length) { while (taken > 0) from.free(into[--taken]!); }
    }
  };
}
