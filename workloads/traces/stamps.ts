/**
 * Times as they stand in a file, as nanoseconds from the first of them. They never pass through a number that
 * could round them: a filetime has 18 digits, an epoch in nanoseconds 19, and `2180.648664677` read as one
 * fraction loses its last digits after a day. What is left after subtracting the first stamp's whole part is small
 * enough to be exact for a hundred days in nanoseconds.
 *
 * @module
 */

/** Whole numbers of up to so many digits are exact as numbers. */
const EXACT_DIGITS = 15;

/** Reads the stamps of one file, all of one unit. */
export class Stamps {
  readonly #unitNs: number;
  #origin: string | null = null;
  #originNumber = 0;
  #originLong = 0n;
  #fractionDigits = 0;

  /** @param unitNs nanoseconds of a unit, such as 1e9 for seconds. */
  constructor(unitNs: number) {
    this.#unitNs = unitNs;
  }

  /** Grain of what was read so far: that of the most digits. */
  get resolutionNs(): number {
    return Math.max(1, this.#unitNs / 10 ** this.#fractionDigits);
  }

  /**
   * A time.
   *
   * @param whole decimal digits before the point.
   * @param fraction digits behind it, perhaps none.
   */
  at(whole: string, fraction = ""): number {
    if (this.#origin === null) this.#begin(whole);
    const isExact = whole.length <= EXACT_DIGITS && this.#origin!.length <= EXACT_DIGITS;
    const units = isExact
      ? Number(whole) - this.#originNumber
      : Number(BigInt(whole) - this.#originLong);
    return units * this.#unitNs + this.#partOf(fraction);
  }

  #begin(whole: string): void {
    this.#origin = whole;
    this.#originNumber = Number(whole);
    this.#originLong = BigInt(whole);
  }

  #partOf(fraction: string): number {
    if (fraction === "") return 0;
    if (fraction.length > this.#fractionDigits) this.#fractionDigits = fraction.length;
    return partOf(fraction, this.#unitNs);
  }
}

/** Nanoseconds of a decimal number's digits; what is finer than a nanosecond is cut off. */
export function nanoseconds(whole: string, fraction: string | undefined, unitNs: number): number {
  return Number(whole) * unitNs + partOf(fraction ?? "", unitNs);
}

function partOf(fraction: string, unitNs: number): number {
  if (fraction === "") return 0;
  const scale = 10 ** fraction.length;
  const digits = Number(fraction);
  return Math.floor(unitNs >= scale ? digits * (unitNs / scale) : digits * unitNs / scale);
}
