/**
 * The general allocator, kmalloc: any size, from the cache of the smallest class that holds it. A class of up to two
 * pages is a slab cache, a larger one a block of pages; users of one class share its cache, and so what one frees
 * another finds.
 *
 * Classes are the powers of two from 8 bytes up and, from 24 on, three quarters of each: 8, 16, 24, 32, 48, 64, 96, 128,
 * 192, 256, 384, ... Linux (mm/slab_common.c, `kmalloc_info`) has the powers of two and of the steps between only 96 and
 * 192, since a cache costs it an array for each processor and node; here one costs nothing until it is used, and with
 * all the steps at most a third of an object is wasted rather than half of it. 12 is no class: objects start at
 * multiples of 8. Two pages are Linux's bound too (`KMALLOC_MAX_CACHE_SIZE`).
 *
 * As with kmalloc an object starts at a multiple of the largest power of two in its class's size, up to a page, which
 * follows from how slabs lie; and all the bytes of its class are the user's.
 *
 * @module
 */
import { MAX_ORDER, type MemorySpec } from "./arena.ts";
import type { AllocatorKind } from "./kind.ts";
import { page } from "./page.ts";
import { slab } from "./slab.ts";

const SMALLEST_BYTES = 8;

/** Classes between two powers of two start above this size. */
const STEPS_ABOVE_BYTES = 16;

/** Larger classes are blocks of pages. */
const SLAB_PAGES_MAX = 2;

/** The smallest power of two that is at least so large. */
function powerOfTwoFor(size: number): number {
  return 2 ** Math.ceil(Math.log2(size));
}

/** The bytes of the class that serves objects of so many; 0 where there is none so large. */
export function classBytes(
  objectBytes: number,
  { pageBytes }: Pick<MemorySpec, "pageBytes">,
): number {
  const power = powerOfTwoFor(Math.max(SMALLEST_BYTES, objectBytes));
  if (power > pageBytes * 2 ** MAX_ORDER) return 0;
  const step = power / 4 * 3;
  const isSlab = power <= pageBytes * SLAB_PAGES_MAX;
  return isSlab && power > STEPS_ABOVE_BYTES && objectBytes <= step ? step : power;
}

/** Any size, from a cache for each size class. */
export const sizeClass: AllocatorKind = {
  summary: "any size (kmalloc): a slab cache for each size class, blocks of pages above two pages",
  scope: "shared",
  options: {},
  classBytes,
  plan(options, context) {
    const { pageBytes } = context.memory;
    const objectBytes = Number(options.objectBytes);
    return objectBytes <= pageBytes * SLAB_PAGES_MAX
      ? slab.plan({ objectBytes, align: SMALLEST_BYTES }, context)
      : page.plan({ order: Math.log2(objectBytes / pageBytes) }, context);
  },
};
