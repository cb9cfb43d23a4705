/**
 * Pools whose back end is dead, simulated side by side on the same tasks: M elements each, tasks served first come first
 * served, each keeping its hold time however late it begins (the G/G/M queue).
 *
 * With the same tasks a larger M never makes any task begin later (Kiefer and Wolfowitz 1955), so whatever
 * is counted of the waits falls with M, and a smallest M can be found by bisection.
 *
 * A pool in which nobody has waited yet does what a pool without end does. So one heap of ends stands for all of them,
 * and a pool has a heap of its own only from a task that must wait until the last delayed task has ended: then
 * both hold the same elements until the same times again. Large reserves, where waits are rare, cost next to
 * nothing this way, however many are tried.
 *
 * @module
 */
import { Ends, sink } from "./ends.ts";
import type { Tasks } from "./tasks.ts";
import type { WaitTally } from "./wait_tally.ts";

/** One pool, while it differs from a pool without end. */
interface Delayed {
  readonly elements: number;
  readonly tally: WaitTally;
  /** When each of its elements is free next; a heap. */
  readonly freeNs: Float64Array;
  /** When the last task that began late ends. */
  untilNs: number;
}

/** Pools of several sizes on the same tasks. */
export class FifoQueues {
  // Invariant: #apart and #alike together are all pools; those in #alike ascend from #firstAlike on, hold what #ends
  // holds, and have at least as many elements as that.
  readonly #ends = new Ends();
  readonly #alike: Delayed[];
  #apart: Delayed[] = [];
  #smallestAlike: number;
  #tasks: number;
  #peak = 0;

  /**
   * Pools with so many elements each, and where their waits are counted.
   *
   * @param before tasks at the beginning that come before those which the tallies number from 0 up.
   */
  constructor(
    pools: readonly { readonly elements: number; readonly tally: WaitTally }[],
    before = 0,
  ) {
    this.#tasks = -before;
    this.#alike = pools.map(({ elements, tally }) => ({
      elements,
      tally,
      freeNs: new Float64Array(elements),
      untilNs: 0,
    })).sort((a, b) => b.elements - a.elements);
    this.#smallestAlike = this.#alike.at(-1)?.elements ?? Infinity;
  }

  /** Serves tasks that arrive after all those before. */
  serve({ count, startNs, holdNs }: Tasks): void {
    const ends = this.#ends;
    for (let task = 0; task < count; task++) {
      const start = startNs[task]!;
      const hold = holdNs[task]!;
      ends.endUntil(start);
      if (this.#apart.length > 0) this.#serveApart(start, hold);
      if (ends.size >= this.#smallestAlike) this.#part(start, hold);
      ends.push(start + hold);
      if (ends.size > this.#peak) this.#peak = ends.size;
      this.#tasks++;
    }
  }

  #serveApart(start: number, hold: number): void {
    let rejoin = false;
    for (const pool of this.#apart) {
      if (start < pool.untilNs) serveOne(pool, this.#tasks, start, hold);
      else rejoin = true;
    }
    if (rejoin) this.#rejoin(start);
  }

  /** Pools whose delayed tasks have all ended are alike again. */
  #rejoin(start: number): void {
    this.#alike.push(...this.#apart.filter(({ untilNs }) => start >= untilNs));
    this.#alike.sort((a, b) => b.elements - a.elements);
    this.#apart = this.#apart.filter(({ untilNs }) => start < untilNs);
    this.#smallestAlike = this.#alike.at(-1)!.elements;
  }

  /** Pools that have no element for this task go their own way. */
  #part(start: number, hold: number): void {
    while (this.#ends.size >= this.#smallestAlike) {
      const pool = this.#alike.pop()!;
      this.#ends.copyTo(pool.freeNs);
      serveOne(pool, this.#tasks, start, hold);
      this.#apart.push(pool);
      this.#smallestAlike = this.#alike.at(-1)?.elements ?? Infinity;
    }
  }

  /** Tells every tally how many tasks there were, and their peak. */
  finish(): void {
    for (const { tally } of [...this.#alike, ...this.#apart]) tally.finish(this.#tasks, this.#peak);
  }
}

/** Serves a task in a pool of its own. */
function serveOne(pool: Delayed, task: number, start: number, hold: number): void {
  const { freeNs, elements } = pool;
  const earliest = elements === 0 ? Infinity : freeNs[0]!;
  const begin = earliest > start ? earliest : start;
  const end = begin + hold;
  if (begin > start) {
    pool.tally.wait(task, begin - start);
    if (end > pool.untilNs) pool.untilNs = end;
  }
  if (elements > 0) sink(freeNs, end, elements);
}
