/**
 * What is counted of simulated waits: how many there were, how long, and in which part of the run, so that the spread over
 * the parts tells how far the whole can be trusted.
 *
 * @module
 */
import { bucketOf, BUCKETS, highestIn } from "../results/bucket.ts";

/** Parts of equally many tasks that a run is cut into. */
export const BLOCKS = 64;

/** Counts of one run. Only tasks that wait are told, so that those that do not cost nothing. */
export class WaitTally {
  // Invariant: the sum of blocks = exceeded; waited = the histogram's total + unserved.
  /** Tasks that waited longer than the limit, by block. */
  readonly blocks: Float64Array = new Float64Array(BLOCKS);
  /** Runs of tasks one after another that waited longer than the limit. */
  busyPeriods = 0;
  /** Tasks counted. */
  tasks = 0;
  /** Tasks that waited at all. */
  waited = 0;
  /** Tasks that nobody ever served; they waited, for ever. */
  unserved = 0;
  /** Most tasks that would have held an element at once, had nobody waited. */
  peak = 0;
  /** The longest wait of those that were served. */
  maxNs = 0;
  readonly #limitNs: number;
  readonly #skipped: number;
  readonly #perBlock: number;
  readonly #histogram = new Uint32Array(BUCKETS);
  #lastExceeding = -2;

  /**
   * For a run of so many tasks.
   *
   * @param limitNs a wait above this is one too long.
   * @param skipped tasks at the beginning that do not count, while the pool fills.
   */
  constructor({ tasks, limitNs, skipped }: { tasks: number; limitNs: number; skipped: number }) {
    this.#limitNs = limitNs;
    this.#skipped = skipped;
    this.#perBlock = Math.max(1, Math.ceil((tasks - skipped) / BLOCKS));
  }

  /** Counts the wait of a task, from 0 up in order of their arrival; Infinity: never served. */
  wait(task: number, waitNs: number): void {
    const index = task - this.#skipped;
    if (index < 0) return;
    this.waited++;
    if (waitNs === Infinity) this.unserved++;
    else {
      this.#histogram[bucketOf(waitNs)]!++;
      if (waitNs > this.maxNs) this.maxNs = waitNs;
    }
    if (waitNs <= this.#limitNs) return;
    this.blocks[Math.floor(index / this.#perBlock)]!++;
    if (index !== this.#lastExceeding + 1) this.busyPeriods++;
    this.#lastExceeding = index;
  }

  /** Says how many tasks there were, waiting or not, and how many would have held an element at once. */
  finish(tasks: number, peak: number): void {
    this.peak = peak;
    this.tasks = Math.max(0, tasks - this.#skipped);
  }

  /** Tasks that waited longer than the limit. */
  get exceeded(): number {
    return this.blocks.reduce((sum, count) => sum + count, 0);
  }

  /** Share of the tasks that waited at all. */
  get waitRate(): number {
    return this.tasks === 0 ? 0 : this.waited / this.tasks;
  }

  /** The tail over all tasks, nanoseconds; null for what nobody ever served. */
  get tail(): Record<"p50" | "p99" | "p99.9" | "max", number | null> {
    const [p50, p99, p999] = [50, 99, 99.9].map((p) => {
      const wait = this.percentile(p);
      return wait === Infinity ? null : wait;
    });
    return { p50: p50!, p99: p99!, "p99.9": p999!, max: this.unserved > 0 ? null : this.maxNs };
  }

  /** Nearest-rank percentile over all tasks, at most 0.8 % above; those that did not wait count as 0, unserved as Infinity. */
  percentile(p: number): number {
    const rank = Math.ceil(this.tasks * p / 100 * (1 - 1e-12));
    let below = this.tasks - this.waited;
    if (rank <= below) return 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      below += this.#histogram[bucket]!;
      if (rank <= below) return Math.min(highestIn(bucket), this.maxNs);
    }
    return Infinity;
  }
}
