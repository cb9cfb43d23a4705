/**
 * Things in order of time; at the same time, in the order in which they came. What comes in order, as nearly
 * all rows of a trace do, waits in a line and costs nothing to put in order; only what comes out of order
 * goes through a heap.
 *
 * @module
 */
import { TimeHeap } from "./time_heap.ts";

/** From so many places on that nobody waits in any more, the line moves up. */
const VACANT_MAX = 65_536;

/** A first-come first-served queue by time. */
export class TimeQueue<T> {
  // Invariant: #times does not decrease from #head on. Of a time in both, what is in the line came first, since
  // what came out of order came after something later, and only what is later still joins the line behind it.
  readonly #items: T[] = [];
  readonly #times: number[] = [];
  readonly #late = new TimeHeap<T>();
  #head = 0;

  /** How many things wait. */
  get size(): number {
    return this.#items.length - this.#head + this.#late.size;
  }

  /** The earliest time; Infinity where nothing waits. */
  get earliest(): number {
    return Math.min(this.#times[this.#head] ?? Infinity, this.#late.earliest);
  }

  /** Adds a thing. */
  push(time: number, item: T): void {
    const last = this.#times.at(-1) ?? -Infinity;
    if (time < last && this.#head < this.#times.length) {
      this.#late.push(time, item);
      return;
    }
    this.#times.push(time);
    this.#items.push(item);
  }

  /** Takes the earliest thing; undefined where nothing waits. */
  pop(): T | undefined {
    const first = this.#times[this.#head];
    if (first === undefined || this.#late.earliest < first) return this.#late.pop();
    const item = this.#items[this.#head++];
    if (this.#head === this.#items.length || this.#head === VACANT_MAX) {
      this.#items.splice(0, this.#head);
      this.#times.splice(0, this.#head);
      this.#head = 0;
    }
    return item;
  }
}
