/**
 * What a worker is to free, and when: what its own tasks hold, and what it inherits from others.
 *
 * @module
 */
import type { Mempool } from "../pools/mempool.ts";
import { DueHeap } from "./due_heap.ts";
import type { HeldElements } from "./held_elements.ts";

/** Elements that others took and this worker frees, at times of their own. */
export interface Inherited {
  /** When the next is due; Infinity where none is left. */
  readonly nextAt: number;
  /** Frees the next, or puts it off, or lets it be where it was not handed over. */
  freeNext(): void;
  /** Ends the handing over: what is there by now is held by this worker. */
  claim(): void;
  /** Elements of each pool that were claimed. */
  held(): ReadonlyMap<Mempool, number>;
  /** Frees them. */
  release(): void;
}

/** The frees of one worker in order of time. */
export class DueFrees {
  readonly #elements: HeldElements;
  readonly #inherited: Inherited | null;
  readonly #onFreed: (now: number) => void;
  readonly #heap = new DueHeap();

  /** Frees slots of `elements`, and what is inherited, if anything is; `onFreed` hears of each slot. */
  constructor(
    elements: HeldElements,
    inherited: Inherited | null,
    onFreed: (now: number) => void,
  ) {
    this.#elements = elements;
    this.#inherited = inherited;
    this.#onFreed = onFreed;
  }

  /** When the next is due; Infinity where nothing is. */
  get earliest(): number {
    const { earliest } = this.#heap;
    return this.#inherited === null ? earliest : Math.min(earliest, this.#inherited.nextAt);
  }

  /** Adds a slot. */
  push(endsAt: number, slot: number): void {
    this.#heap.push(endsAt, slot);
  }

  /** Frees what is due up to `limit`; it is `now`. */
  freeUntil(limit: number, now: number): void {
    for (let at = this.earliest; at <= limit; at = this.earliest) {
      if (this.#heap.earliest === at) {
        this.#elements.release(this.#heap.pop());
        this.#onFreed(now);
      } else this.#inherited!.freeNext();
    }
  }

  /** Ends the inheriting; see {@linkcode Inherited.claim}. */
  claim(): void {
    this.#inherited?.claim();
  }

  /** Elements of each pool that this worker is to free and has not. */
  held(): ReadonlyMap<Mempool, number> {
    const held = this.#elements.byPool();
    this.#inherited?.held().forEach((count, pool) => held.set(pool, (held.get(pool) ?? 0) + count));
    return held;
  }

  /** Frees everything. */
  releaseAll(): void {
    this.#elements.releaseAll();
    this.#inherited?.release();
  }
}
