/**
 * Those who wait in a simulated pool, first come first served; each may also leave from the middle, when it was
 * served on trying again by itself.
 *
 * @module
 */

/** What a line knows of each of those who wait. */
export interface Retrying {
  /** When it tries again by itself. */
  retryNs: number;
}

/** One who waits for an element of one pool. */
export interface Waiting extends Retrying {
  /** Its task's number. */
  readonly task: number;
  /** The worker whose task it is. */
  readonly caller: number;
  /** Whether that worker waits with it. */
  readonly blocks: boolean;
  readonly sinceNs: number;
  readonly holdNs: number;
}

/** A line of those who wait. */
export class WaitingLine<Who extends Retrying = Waiting> {
  // Invariant: places from #head on hold those who wait, in order, and null for each who left; nextRetryNs is not
  // later than the earliest retry among them.
  #places: (Who | null)[] = [];
  #head = 0;
  #size = 0;
  /** Nobody tries again before this. */
  nextRetryNs = Infinity;

  /** How many wait. */
  get size(): number {
    return this.#size;
  }

  /** Joins at the end. */
  join(waiting: Who): void {
    this.#places.push(waiting);
    this.#size++;
    if (waiting.retryNs < this.nextRetryNs) this.nextRetryNs = waiting.retryNs;
  }

  /** Who has waited longest; somebody must wait. */
  get first(): Who {
    while (this.#places[this.#head] === null) this.#head++;
    return this.#places[this.#head]!;
  }

  /** Takes out who has waited longest; somebody must wait. */
  serveFirst(): Who {
    const { first } = this;
    this.#head++;
    this.#size--;
    if (this.#head > 1024 && 2 * this.#head > this.#places.length) {
      this.#places.splice(0, this.#head);
      this.#head = 0;
    }
    if (this.#size === 0) this.nextRetryNs = Infinity;
    return first;
  }

  /** Lets everybody whose time has come try; who succeeds leaves. */
  retry(nowNs: number, everyNs: number, tries: (waiting: Who) => boolean): void {
    let next = Infinity;
    for (let place = this.#head; place < this.#places.length; place++) {
      const waiting = this.#places[place]!;
      if (waiting === null) continue;
      if (waiting.retryNs <= nowNs) {
        waiting.retryNs += everyNs;
        if (tries(waiting)) {
          this.#places[place] = null;
          this.#size--;
          continue;
        }
      }
      next = Math.min(next, waiting.retryNs);
    }
    this.nextRetryNs = next;
  }
}
