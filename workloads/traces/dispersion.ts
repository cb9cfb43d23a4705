/**
 * How far arrivals are from Poisson: the index of dispersion, variance over mean of the arrivals in windows of one
 * length. Poisson has 1 in windows of any length; real traffic has tens to thousands, growing with the window, and
 * then a mean rate sizes nothing. Windows are counted whole, from the first arrival on. State: a few numbers for each length.
 *
 * @module
 */

/** Lengths of windows by their names. */
const WINDOWS: Readonly<Record<string, number>> = {
  "100us": 1e5,
  "1ms": 1e6,
  "10ms": 1e7,
  "100ms": 1e8,
  "1s": 1e9,
  "10s": 1e10,
  "60s": 6e10,
};

/** Fewer windows, or fewer arrivals in one, say nothing. */
const WINDOWS_MIN = 30;
const ARRIVALS_MIN = 0.2;

/** Counts arrivals, which come in order of time. */
export class Dispersion {
  readonly #windows = Object.entries(WINDOWS).map(([name, lengthNs]) =>
    new Windows(name, lengthNs)
  );
  #startNs: number | null = null;

  /** One arrival. */
  add(timeNs: number): void {
    this.#startNs ??= timeNs;
    for (const windows of this.#windows) windows.add(timeNs - this.#startNs);
  }

  /** Index of dispersion by length of window, for those lengths that can say something; null where none can. */
  get indices(): Readonly<Record<string, number>> | null {
    const usable = this.#windows.filter(({ isUsable }) => isUsable);
    if (usable.length === 0) return null;
    return Object.fromEntries(usable.map(({ name, index }) => [name, index]));
  }
}

class Windows {
  readonly name: string;
  readonly #lengthNs: number;
  #current = 0;
  #inCurrent = 0;
  #arrivals = 0;
  #squares = 0;

  constructor(name: string, lengthNs: number) {
    this.name = name;
    this.#lengthNs = lengthNs;
  }

  add(sinceNs: number): void {
    if (sinceNs < (this.#current + 1) * this.#lengthNs) {
      this.#inCurrent++;
      return;
    }
    this.#arrivals += this.#inCurrent;
    this.#squares += this.#inCurrent ** 2;
    this.#current = Math.floor(sinceNs / this.#lengthNs);
    this.#inCurrent = 1;
  }

  get isUsable(): boolean {
    return this.#current >= WINDOWS_MIN && this.#mean >= ARRIVALS_MIN;
  }

  get index(): number {
    return (this.#squares / this.#current - this.#mean ** 2) / this.#mean;
  }

  /** Of the windows that are over; the last arrival's may still be open. */
  get #mean(): number {
    return this.#arrivals / this.#current;
  }
}
