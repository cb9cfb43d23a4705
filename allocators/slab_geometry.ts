/**
 * How objects lie in pages: a slab is a block of 2^order pages, cut into objects of one size from its start, with
 * an unused tail.
 *
 * The order is the smallest whose tail is at most 1/8 of the slab (Bonwick 1994, Linux mm/slab.c) with 8 objects or more in
 * it; where no order up to 3 has room for 8, the smallest whose tail is at most 1/8; else the one that one object
 * fits in. Larger slabs waste less, but a larger block is harder to find and to get empty again.
 *
 * Invariant: objectsPerSlab * strideBytes + tail = slabBytes, with 0 <= tail < strideBytes where there are objects.
 *
 * @module
 */
import { MAX_ORDER, type MemorySpec } from "./arena.ts";

/** Objects that a slab should have, where it can. */
const OBJECTS_WANTED = 8;

/** The tail may be one part in this many. */
const TAIL_PARTS = 8;

/** The largest order that is taken for the sake of more objects or of less waste. */
const ORDER_WANTED = 3;

/** What an object is. */
export interface ObjectSpec {
  readonly objectBytes: number;
  /** Every object starts at a multiple of this: a power of two. */
  readonly align: number;
}

/** How the objects of one kind lie in a memory. */
export interface SlabGeometry {
  /** A slab is a block of 2^order pages. */
  readonly order: number;
  readonly slabBytes: number;
  /** From one object to the next. */
  readonly strideBytes: number;
  readonly objectsPerSlab: number;
  /** Slabs that the memory has room for at its largest. */
  readonly slabs: number;
}

/** Chooses the slabs for an object. `slabs` is 0 where the object does not fit into the memory. */
export function slabGeometry(object: ObjectSpec, memory: MemorySpec): SlabGeometry {
  const { objectBytes, align } = object;
  const strideBytes = Math.ceil(objectBytes / align) * align;
  const order = orderFor(strideBytes, memory);
  const slabBytes = memory.pageBytes * 2 ** order;
  return {
    order,
    slabBytes,
    strideBytes,
    objectsPerSlab: Math.floor(slabBytes / strideBytes),
    slabs: order > MAX_ORDER ? 0 : memory.growTo >> order,
  };
}

function orderFor(strideBytes: number, { pageBytes, growTo }: MemorySpec): number {
  const most = Math.min(ORDER_WANTED, Math.floor(Math.log2(growTo)));
  for (const wanted of [OBJECTS_WANTED, 1]) {
    for (let order = 0; order <= most; order++) {
      const slabBytes = pageBytes * 2 ** order;
      const tail = slabBytes % strideBytes;
      if (strideBytes * wanted <= slabBytes && tail * TAIL_PARTS <= slabBytes) return order;
    }
  }
  return Math.max(0, Math.ceil(Math.log2(strideBytes / pageBytes)));
}
