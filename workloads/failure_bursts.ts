/**
 * For how long at a time the back end does not serve, as one worker sees it: from an allocation that level 1 did not serve to
 * the next that it did. Bursts between two allocations are not seen, and those that are seem longer by up to the time between two.
 *
 * @module
 */

/** Bursts as plain data, nanoseconds. */
export interface BurstData {
  /** Bursts that ended. */
  readonly bursts: number;
  /** Allocations that fell into them. */
  readonly allocs: number;
  /** How long they were together, and the longest of them. */
  readonly totalNs: number;
  readonly longestNs: number;
  /** From the first allocation seen to the last. */
  readonly seenNs: number;
}

/** Watches the allocations of one worker in one pool. */
export class FailureBursts {
  #bursts = 0;
  #allocs = 0;
  #totalMs = 0;
  #longestMs = 0;
  #firstMs = -1;
  #lastMs = -1;
  /** When the burst began in which the back end is; -1 where it serves. */
  #sinceMs = -1;
  #since = 0;

  /** An allocation that began at a time, and whether level 1 served it. */
  see(served: boolean, atMs: number): void {
    if (this.#firstMs < 0) this.#firstMs = atMs;
    this.#lastMs = atMs;
    if (!served) {
      if (this.#sinceMs < 0) this.#sinceMs = atMs;
      this.#since++;
    } else if (this.#sinceMs >= 0) this.#end(atMs - this.#sinceMs);
  }

  #end(lastedMs: number): void {
    this.#bursts++;
    this.#allocs += this.#since;
    this.#totalMs += lastedMs;
    if (lastedMs > this.#longestMs) this.#longestMs = lastedMs;
    this.#sinceMs = -1;
    this.#since = 0;
  }

  /** Everything so far, without a burst that has not ended. */
  toData(): BurstData {
    return {
      bursts: this.#bursts,
      allocs: this.#allocs,
      totalNs: Math.round(this.#totalMs * 1e6),
      longestNs: Math.round(this.#longestMs * 1e6),
      seenNs: Math.round((this.#lastMs - this.#firstMs) * 1e6),
    };
  }
}

/** What several workers, or runs, saw, together. */
export function mergedBursts(parts: readonly BurstData[]): BurstData {
  const sum = (value: (part: BurstData) => number) =>
    parts.reduce((total, part) => total + value(part), 0);
  return {
    bursts: sum(({ bursts }) => bursts),
    allocs: sum(({ allocs }) => allocs),
    totalNs: sum(({ totalNs }) => totalNs),
    longestNs: Math.max(0, ...parts.map(({ longestNs }) => longestNs)),
    seenNs: sum(({ seenNs }) => seenNs),
  };
}
