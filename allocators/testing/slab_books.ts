/**
 * The books of a rigged slab allocator, and others who take pages from under it.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { SlabSide } from "./slab_rig.ts";

/** Checks everything that holds between two calls, with `out` elements out and `foreign` pages taken by others. */
export function checkBooks(side: SlabSide, out: number, foreign = 0): void {
  const { arena, backend } = side;
  backend.check();
  arena.check();
  const { pages, elements } = backend.footprint();
  assertEquals(out + backend.hoarded(), elements, "out + free = elements");
  assertEquals(arena.freePages() + pages + foreign, arena.pages(), "free + held = frontier");
}

/** Takes single pages past the allocator and scribbles over them. @returns their names, to be given back. */
export function takePages({ arena, region }: SlabSide, count: number): number[] {
  const words = new Int32Array(region.buffer, 0, 1); // no block begins before the second cache line
  return Array.from({ length: count }, () => {
    if (arena.take(0, 0, 1, 0) === 0) return 0;
    const { pageBytes } = arena.memory;
    const at = region.memoryAt + (words[0]! - 1) * pageBytes;
    new Uint8Array(region.buffer, at, pageBytes).fill(0xee);
    return words[0]!;
  }).filter((name) => name > 0);
}

/** Gives such pages back. */
export function givePages({ arena, region }: SlabSide, names: readonly number[]): void {
  const words = new Int32Array(region.buffer, 0, 1);
  for (const name of names) {
    words[0] = name;
    arena.give(0, 0, 1);
  }
}
