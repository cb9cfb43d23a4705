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

/** A line of those who wait, all of whom try again equally long after they joined or last tried. */
export class WaitingLine<Who extends Retrying = Waiting> {
  // Places are numbered from 0 up and never given twice; #places[i] is number #gone + i.
  // Invariant: places from #head on hold those who wait, in order, and null for each who left. #turns from #turn on has the
  // places of all who wait in order of their retries, each once, and some of those who were served; who tries or joins has
  // the last retry of all, so that order needs no search.
  #places: (Who | null)[] = [];
  #gone = 0;
  #head = 0;
  #size = 0;
  #turns: number[] = [];
  #turn = 0;

  /** How many wait. */
  get size(): number {
    return this.#size;
  }

  /** When the next one tries again; Infinity where nobody does. */
  get nextRetryNs(): number {
    return this.#nextToTry()?.retryNs ?? Infinity;
  }

  /** Joins at the end. */
  join(waiting: Who): void {
    this.#turns.push(this.#gone + this.#places.length);
    this.#places.push(waiting);
    this.#size++;
  }

  /** Who has waited longest; somebody must wait. */
  get first(): Who {
    while (this.#places[this.#head] === null) this.#head++;
    return this.#places[this.#head]!;
  }

  /** Takes out who has waited longest; somebody must wait. */
  serveFirst(): Who {
    const { first } = this;
    this.#places[this.#head++] = null;
    this.#size--;
    if (this.#head > 1024 && 2 * this.#head > this.#places.length) {
      this.#places.splice(0, this.#head);
      this.#gone += this.#head;
      this.#head = 0;
    }
    return first;
  }

  /** Lets everybody whose time has come try, once; who succeeds leaves. */
  retry(nowNs: number, everyNs: number, tries: (waiting: Who) => boolean): void {
    for (let left = this.#size; left > 0; left--) {
      const waiting = this.#nextToTry();
      if (waiting === null || waiting.retryNs > nowNs) return;
      const place = this.#turns[this.#turn++]!;
      waiting.retryNs += everyNs;
      if (tries(waiting)) {
        this.#places[place - this.#gone] = null;
        this.#size--;
      } else this.#turns.push(place);
    }
  }

  /** Who tries next; null where nobody waits. Forgets the turns before, of those who were served. */
  #nextToTry(): Who | null {
    for (; this.#turn < this.#turns.length; this.#turn++) {
      const waiting = this.#places[this.#turns[this.#turn]! - this.#gone] ?? null;
      if (waiting !== null) {
        this.#forget();
        return waiting;
      }
    }
    this.#forget();
    return null;
  }

  #forget(): void {
    if (this.#turn <= 1024 || 2 * this.#turn <= this.#turns.length) return;
    this.#turns.splice(0, this.#turn);
    this.#turn = 0;
  }
}
