/**
 * Things in order of time; at the same time, in the order in which they came. A binary heap: what comes in
 * order costs one comparison to add.
 *
 * @module
 */

/** A first-come first-served queue by time. */
export class TimeHeap<T> {
  // Invariant: entry i comes no later than entries 2i+1 and 2i+2.
  readonly #items: T[] = [];
  readonly #times: number[] = [];
  readonly #orders: number[] = [];
  #added = 0;

  /** How many things wait. */
  get size(): number {
    return this.#items.length;
  }

  /** The earliest time; Infinity where nothing waits. */
  get earliest(): number {
    return this.#times[0] ?? Infinity;
  }

  /** Adds a thing. */
  push(time: number, item: T): void {
    const order = this.#added++;
    let hole = this.#items.length;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (this.#times[parent]! <= time) break;
      this.#move(parent, hole);
      hole = parent;
    }
    this.#put(hole, time, order, item);
  }

  /** Takes the earliest thing; undefined where nothing waits. */
  pop(): T | undefined {
    const first = this.#items[0];
    const time = this.#times.pop();
    const order = this.#orders.pop();
    const item = this.#items.pop();
    if (time === undefined || order === undefined || item === undefined) return undefined;
    if (this.#items.length > 0) this.#sink(time, order, item);
    return first;
  }

  /** Puts an entry in the place of the first, and lets it sink to where it belongs. */
  #sink(time: number, order: number, item: T): void {
    let hole = 0;
    for (let child = 1; child < this.#items.length; child = 2 * hole + 1) {
      if (child + 1 < this.#items.length && this.#before(child + 1, child)) child++;
      const next = this.#times[child]!;
      if (time < next || (time === next && order < this.#orders[child]!)) break;
      this.#move(child, hole);
      hole = child;
    }
    this.#put(hole, time, order, item);
  }

  #before(a: number, b: number): boolean {
    const [timeA, timeB] = [this.#times[a]!, this.#times[b]!];
    return timeA < timeB || (timeA === timeB && this.#orders[a]! < this.#orders[b]!);
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#times[from]!, this.#orders[from]!, this.#items[from]!);
  }

  #put(at: number, time: number, order: number, item: T): void {
    this.#times[at] = time;
    this.#orders[at] = order;
    this.#items[at] = item;
  }
}
