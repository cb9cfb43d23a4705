/**
 * Times at which holds end, the earliest first: a binary heap in typed arrays, so that a simulation of millions of
 * tasks allocates nothing.
 *
 * @module
 */

/** Puts `time` in the place of the first of a heap, and lets it sink to where it belongs. */
export function sink(heap: Float64Array, time: number, size: number): void {
  let hole = 0;
  for (let child = 1; child < size; child = 2 * hole + 1) {
    let next = heap[child]!;
    if (child + 1 < size) {
      const other = heap[child + 1]!;
      if (other < next) {
        next = other;
        child++;
      }
    }
    if (next >= time) break;
    heap[hole] = next;
    hole = child;
  }
  heap[hole] = time;
}

/** The times at which holds end. */
export class Ends {
  #heap = new Float64Array(1024);
  #size = 0;

  /** How many holds there are. */
  get size(): number {
    return this.#size;
  }

  /** The earliest; Infinity where nothing is held, or nothing ever ends. */
  get earliest(): number {
    return this.#size === 0 ? Infinity : this.#heap[0]!;
  }

  /** Takes out the earliest. */
  pop(): void {
    this.#size--;
    if (this.#size > 0) sink(this.#heap, this.#heap[this.#size]!, this.#size);
  }

  /** Takes out what has ended by `time`. */
  endUntil(time: number): void {
    while (this.#size > 0 && this.#heap[0]! <= time) this.pop();
  }

  /** Adds a hold's end; Infinity: it never ends. Grows by doubling. */
  push(time: number): void {
    if (this.#size === this.#heap.length) this.#grow();
    const heap = this.#heap;
    let hole = this.#size++;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      const above = heap[parent]!;
      if (above <= time) break;
      heap[hole] = above;
      hole = parent;
    }
    heap[hole] = time;
  }

  /** The first `into.length` are a heap too. */
  copyTo(into: Float64Array): void {
    into.set(this.#heap.subarray(0, into.length));
  }

  #grow(): void {
    const heap = new Float64Array(2 * this.#heap.length);
    heap.set(this.#heap);
    this.#heap = heap;
  }
}
