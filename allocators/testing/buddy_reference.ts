/**
 * What a buddy allocator must do, said as plainly as possible and without regard for cost: a set of free pages. Since a
 * buddy allocator joins whatever can be joined, it has a block of an order if and only if some aligned run of that
 * many pages is free.
 *
 * @module
 */
import type { MemorySpec } from "../arena.ts";
import { assert } from "@std/assert";

/** A block of 2^order pages from `page` on. */
export interface Block {
  readonly page: number;
  readonly order: number;
}

/** The reference: which pages are free, and what the watermarks make of it. */
export class BuddyReference {
  readonly #memory: MemorySpec;
  readonly #free: boolean[];
  /** Whether the memory is short: since it was below low, until it is at high again. */
  short = false;

  /** All pages free. */
  constructor(memory: MemorySpec) {
    this.#memory = memory;
    this.#free = Array(memory.pages).fill(true);
    this.#settle();
  }

  /** Pages up to the frontier. */
  get frontier(): number {
    return this.#free.length;
  }

  /** Free pages. */
  get freePages(): number {
    return this.#free.filter(Boolean).length;
  }

  /** Whether a block could be taken that leaves `floor` pages free. */
  has(order: number, floor: number): boolean {
    const size = 1 << order;
    if (this.freePages - size < floor) return false;
    for (let page = 0; page + size <= this.frontier; page += size) {
      if (this.#isFree({ page, order })) return true;
    }
    return false;
  }

  /** Notes that a block was taken. Throws where it was not free, not aligned or beyond the frontier. */
  take(block: Block): void {
    const { page, order } = block;
    assert(Number.isInteger(page / (1 << order)), `block at page ${page} is not aligned`);
    assert(this.#isFree(block), `pages ${page} to ${page + (1 << order) - 1} are not all free`);
    this.#set(block, false);
  }

  /** Notes that a block came back. */
  give(block: Block): void {
    this.#set(block, true);
  }

  /** Notes that the watermarks were looked at. */
  settle(): void {
    this.#settle();
  }

  /** Notes that the frontier moved up. */
  grow(pages: number): void {
    for (let page = 0; page < pages; page++) this.#free.push(true);
    this.#settle();
  }

  #isFree({ page, order }: Block): boolean {
    const size = 1 << order;
    return page >= 0 && page + size <= this.frontier &&
      this.#free.slice(page, page + size).every(Boolean);
  }

  #set({ page, order }: Block, free: boolean): void {
    this.#free.fill(free, page, page + (1 << order));
  }

  #settle(): void {
    const { low, high } = this.#memory.watermarks;
    if (this.freePages < low) this.short = true;
    else if (this.freePages >= high) this.short = false;
  }
}
