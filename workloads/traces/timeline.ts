/**
 * The most elements that were live in each part of a trace, for a plot. How long a trace is nobody knows before its end,
 * so parts are merged in pairs whenever they become too many: state is a fixed number of parts.
 *
 * @module
 */

/** Parts at most, an even number; at the end at least half as many, where there are so many moments. */
const PARTS_MAX = 512;

/** The most elements live, part by part. */
export class Timeline {
  readonly #peaks: number[] = [];
  #partNs = 1;
  #startNs: number | null = null;
  #live = 0;

  /** So many are live from now on; times do not decrease. */
  add(timeNs: number, live: number): void {
    this.#startNs ??= timeNs;
    this.#advance(timeNs);
    const last = this.#peaks.length - 1;
    this.#peaks[last] = Math.max(this.#peaks[last]!, live);
    this.#live = live;
  }

  /** The most elements live in each of so many parts of equal length. */
  peaks(parts: number): number[] {
    const all = this.#peaks;
    const count = Math.min(parts, all.length);
    return Array.from({ length: count }, (_, part) => {
      const from = Math.floor(part * all.length / count);
      const to = Math.floor((part + 1) * all.length / count);
      return Math.max(...all.slice(from, to));
    });
  }

  /** Opens parts up to the one that holds a time; what is live goes on in them. */
  #advance(timeNs: number): void {
    const since = timeNs - this.#startNs!;
    while (since >= this.#partNs * PARTS_MAX) this.#merge();
    const part = Math.floor(since / this.#partNs);
    while (this.#peaks.length <= part) this.#peaks.push(this.#live);
  }

  #merge(): void {
    const pairs = Math.ceil(this.#peaks.length / 2);
    for (let pair = 0; pair < pairs; pair++) {
      this.#peaks[pair] = Math.max(this.#peaks[2 * pair]!, this.#peaks[2 * pair + 1] ?? 0);
    }
    this.#peaks.length = pairs;
    this.#partNs *= 2;
  }
}
