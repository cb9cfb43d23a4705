/**
 * The elements that a load holds, task by task: a slot is one task, with a handle for each element that it took.
 *
 * @module
 */
import { type Handle, NONE } from "../allocators/allocator.ts";
import type { Mempool } from "../pools/mempool.ts";

/** Slots of held elements. Slots are handed out again once they are released. */
export class HeldElements {
  #handles: Int32Array;
  #takes: (readonly Mempool[] | null)[] = [];
  readonly #freeSlots: number[] = [];
  readonly #width: number;
  #slots = 0;

  /** Room for tasks of up to `width` elements. */
  constructor(width: number) {
    this.#width = width;
    this.#handles = new Int32Array(1024 * width);
  }

  /** Opens a slot for a task that takes one element from each of `takes`. */
  open(takes: readonly Mempool[]): number {
    const slot = this.#freeSlots.pop() ?? this.#slots++;
    if ((slot + 1) * this.#width > this.#handles.length) this.#grow();
    this.#takes[slot] = takes;
    return slot;
  }

  /** Notes the element that a task got from the `index`-th of its pools. */
  set(slot: number, index: number, handle: Handle): void {
    this.#handles[slot * this.#width + index] = handle;
  }

  /** Notes the elements that a task got together, from the `index`-th of its pools on. */
  setAll(slot: number, index: number, handles: Int32Array): void {
    this.#handles.set(handles, slot * this.#width + index);
  }

  /** The first element that a task got. */
  handle(slot: number): Handle {
    return this.#handles[slot * this.#width]!;
  }

  /** Closes the slot of a task whose elements somebody else has now. */
  forget(slot: number): void {
    this.#handles.fill(NONE, slot * this.#width, (slot + 1) * this.#width);
    this.#takes[slot] = null;
    this.#freeSlots.push(slot);
  }

  /** Frees what a task holds, last taken first, and closes its slot. */
  release(slot: number): void {
    const takes = this.#takes[slot]!;
    const first = slot * this.#width;
    for (let index = takes.length - 1; index >= 0; index--) {
      const handle = this.#handles[first + index]!;
      this.#handles[first + index] = 0;
      if (handle !== 0) takes[index]!.free(handle);
    }
    this.#takes[slot] = null;
    this.#freeSlots.push(slot);
  }

  /** Elements held, by pool. */
  byPool(): Map<Mempool, number> {
    const held = new Map<Mempool, number>();
    this.#takes.forEach((takes, slot) =>
      takes?.forEach((pool, index) => {
        if (this.#handles[slot * this.#width + index] !== 0) {
          held.set(pool, (held.get(pool) ?? 0) + 1);
        }
      })
    );
    return held;
  }

  /** Frees everything. */
  releaseAll(): void {
    for (let slot = 0; slot < this.#slots; slot++) {
      if (this.#takes[slot] !== null) this.release(slot);
    }
  }

  #grow(): void {
    const handles = new Int32Array(this.#handles.length * 2);
    handles.set(this.#handles);
    this.#handles = handles;
  }
}
