/**
 * What is due when: a binary heap of slot numbers by time, in typed arrays, so that a timed loop
 * neither allocates nor searches.
 *
 * @module
 */

/** A heap of slots by time. */
export class DueHeap {
  #times = new Float64Array(1024);
  #slots = new Int32Array(1024);
  #size = 0;

  /** Slots in the heap. */
  get size(): number {
    return this.#size;
  }

  /** The earliest time; Infinity where the heap is empty. */
  get earliest(): number {
    return this.#size === 0 ? Infinity : this.#times[0]!;
  }

  /** Adds a slot. Grows by doubling. */
  push(time: number, slot: number): void {
    if (this.#size === this.#times.length) this.#grow();
    let at = this.#size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#times[parent]! <= time) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#times[at] = time;
    this.#slots[at] = slot;
  }

  /** Takes the slot with the earliest time; -1 where the heap is empty. */
  pop(): number {
    if (this.#size === 0) return -1;
    const first = this.#slots[0]!;
    const last = --this.#size;
    const time = this.#times[last]!;
    const slot = this.#slots[last]!;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= last) break;
      if (child + 1 < last && this.#times[child + 1]! < this.#times[child]!) child++;
      if (this.#times[child]! >= time) break;
      this.#move(child, at);
      at = child;
    }
    this.#times[at] = time;
    this.#slots[at] = slot;
    return first;
  }

  #move(from: number, to: number): void {
    this.#times[to] = this.#times[from]!;
    this.#slots[to] = this.#slots[from]!;
  }

  #grow(): void {
    const times = new Float64Array(this.#times.length * 2);
    const slots = new Int32Array(times.length);
    times.set(this.#times);
    slots.set(this.#slots);
    this.#times = times;
    this.#slots = slots;
  }
}
