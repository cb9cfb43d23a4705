/**
 * How many elements were live, for how long, and how many allocations found how many live. State: two
 * numbers for each level up to the peak.
 *
 * @module
 */
import type { LiveEvent } from "./live.ts";

/** Takes what a trace tells of its elements, one by one. */
export class Levels {
  // Invariant: the sum of #timeAt is the time from the first event to the last; of #allocsAt, #allocs.
  readonly #timeAt: number[] = [0];
  readonly #allocsAt: number[] = [0];
  #live = 0;
  #allocs = 0;
  #startNs: number | null = null;
  #nowNs = 0;

  /** Follows one event. */
  add({ timeNs, op }: Pick<LiveEvent, "timeNs" | "op">): void {
    this.#startNs ??= this.#nowNs = timeNs;
    this.#timeAt[this.#live]! += timeNs - this.#nowNs;
    this.#nowNs = timeNs;
    if (op === "f") {
      this.#live--;
      return;
    }
    this.#live++;
    this.#allocs++;
    if (this.#live === this.#timeAt.length) {
      this.#timeAt.push(0);
      this.#allocsAt.push(0);
    }
    this.#allocsAt[this.#live]!++;
  }

  /** Takes in what came before and after, where the trace begins or ends with other events. */
  extend(startNs: number, endNs: number): void {
    this.#startNs ??= this.#nowNs = endNs;
    this.#timeAt[0]! += Math.max(0, this.#startNs - startNs);
    this.#timeAt[this.#live]! += Math.max(0, endNs - this.#nowNs);
    this.#startNs = Math.min(this.#startNs, startNs);
    this.#nowNs = Math.max(this.#nowNs, endNs);
  }

  /** From the first event to the last. */
  get duration(): number {
    return this.#startNs === null ? 0 : this.#nowNs - this.#startNs;
  }

  /** Mean of the elements live, weighted by time; null where no time passes. */
  get mean(): number | null {
    if (this.duration === 0) return null;
    const weighted = this.#timeAt.reduce((sum, time, level) => sum + time * level, 0);
    return weighted / this.duration;
  }

  /** The smallest level that is not exceeded for at least this share of the time. */
  quantile(share: number): number | null {
    if (this.duration === 0) return null;
    let time = 0;
    return this.#timeAt.findIndex((atLevel) => (time += atLevel) >= share * this.duration);
  }

  /** The smallest reserve that at most this share of the allocations exceed, the new element counted. */
  reserve(share: number): number {
    let beyond = 0;
    const level = this.#allocsAt.findLastIndex((allocs) =>
      (beyond += allocs) > share * this.#allocs
    );
    return Math.max(level, 0);
  }
}
