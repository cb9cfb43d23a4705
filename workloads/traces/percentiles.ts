/**
 * Percentiles of a stream of numbers by nearest rank: the smallest value that at least a share p of the values
 * do not exceed. Exact up to a million values; beyond, values fall into bins that are half a percent
 * wide, so that memory stays bounded and a percentile is right within 1 %.
 *
 * @module
 */

/** So many values are kept as they are. */
export const EXACT_MAX = 1_000_000;

/** Room for values at the beginning. */
const VALUES_MIN = 1024;

/** Bins for each doubling: each is 2^(1/128) wide, 0.54 %. */
const BINS_PER_DOUBLING = 128;
const DOUBLINGS = 1024;

/** Values of 0 or more, and what can be asked about them. */
export class Percentiles {
  // Invariant: before EXACT_MAX the values are the first #count of #values; from then on in #bins, and #values is empty.
  readonly #exactMax: number;
  #values = new Float64Array(VALUES_MIN);
  #bins: Float64Array | null = null;
  #count = 0;
  #sum = 0;
  #min = Infinity;
  #max = -Infinity;

  /** Keeps so many values as they are. */
  constructor(exactMax: number = EXACT_MAX) {
    this.#exactMax = exactMax;
  }

  /** How many values there are. */
  get count(): number {
    return this.#count;
  }

  /** The smallest, or null where there is none. */
  get min(): number | null {
    return this.#count === 0 ? null : this.#min;
  }

  /** The largest, or null where there is none. */
  get max(): number | null {
    return this.#count === 0 ? null : this.#max;
  }

  /** The arithmetic mean, or null where there is no value. */
  get mean(): number | null {
    return this.#count === 0 ? null : this.#sum / this.#count;
  }

  /** Adds a value. */
  add(value: number): void {
    const index = this.#count++;
    this.#sum += value;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
    if (this.#bins !== null) {
      this.#bins[binOf(value)]!++;
      return;
    }
    if (index === this.#values.length) this.#grow();
    this.#values[index] = value;
    if (this.#count > this.#exactMax) this.#intoBins();
  }

  /** The nearest-rank percentiles at these shares, in their order; null where there is no value. */
  at(shares: readonly number[]): (number | null)[] {
    if (this.#count === 0) return shares.map(() => null);
    const ranks = shares.map((share) => Math.max(1, Math.ceil(share * this.#count * (1 - 1e-12))));
    if (this.#bins !== null) return ranks.map((rank) => this.#binned(rank));
    const sorted = this.#values.slice(0, this.#count).sort();
    return ranks.map((rank) => sorted[rank - 1]!);
  }

  #grow(): void {
    const grown = new Float64Array(2 * this.#values.length);
    grown.set(this.#values);
    this.#values = grown;
  }

  #intoBins(): void {
    const bins = new Float64Array(BINS_PER_DOUBLING * DOUBLINGS);
    for (const value of this.#values.subarray(0, this.#count)) bins[binOf(value)]!++;
    this.#bins = bins;
    this.#values = new Float64Array();
  }

  #binned(rank: number): number {
    let below = 0;
    const bin = this.#bins!.findIndex((count) => (below += count) >= rank);
    return Math.min(Math.max(valueOf(bin), this.#min), this.#max);
  }
}

function binOf(value: number): number {
  return value < 1 ? 0 : 1 + Math.floor(Math.log2(value) * BINS_PER_DOUBLING);
}

/** The middle of a bin. */
function valueOf(bin: number): number {
  return bin === 0 ? 0 : 2 ** ((bin - 0.5) / BINS_PER_DOUBLING);
}
