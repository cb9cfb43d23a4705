/**
 * How values with units are written, one table for each kind of value. "64KiB" is a number and a name;
 * the name stands for a power of ten, times a factor where the unit is not decimal.
 *
 * @module
 */

/** A unit is 10^exponent * factor base units. */
export interface Unit {
  /** How far the decimal point moves. */
  readonly exponent: number;
  /** What is left beside the power of ten. */
  readonly factor: number;
}

/** What a value may look like, and how to say so. */
export interface Notation {
  /** With its article, for "... is not a duration". */
  readonly noun: string;
  /** What is allowed, for "give ...". */
  readonly allowed: string;
  /** By name; "" is the base unit. */
  readonly units: ReadonlyMap<string, Unit>;
}

const MINUTE = 60;
const HOUR = 3600;

/** Nanoseconds. */
export const DURATION: Notation = {
  noun: "a duration",
  allowed: "a number with ns, us, ms, s, m or h, such as 500us",
  units: unitTable({ "": 0, ns: 0, us: 3, "µs": 3, "μs": 3, ms: 6, s: 9 }, {
    m: [9, MINUTE],
    h: [9, HOUR],
  }),
};

/** Bytes. */
export const BYTES: Notation = {
  noun: "a size",
  allowed: "a whole number of bytes with B, kB, MB, GB, TB, KiB, MiB, GiB or TiB, such as 64KiB",
  units: unitTable({ "": 0, B: 0, kB: 3, KB: 3, MB: 6, GB: 9, TB: 12 }, {
    KiB: [0, 2 ** 10],
    MiB: [0, 2 ** 20],
    GiB: [0, 2 ** 30],
    TiB: [0, 2 ** 40],
  }),
};

/** Events per second. */
export const RATE: Notation = {
  noun: "a rate",
  allowed: "a number, with k, M or G if need be, per ns, us, ms, s, m or h, such as 20000/s",
  units: rateUnits(),
};

/** A share of 1. */
export const PROBABILITY: Notation = {
  noun: "a probability",
  allowed: "a number from 0 to 1 or a percentage, such as 0.1%",
  units: unitTable({ "": 0, "%": -2 }),
};

/** Things. */
export const COUNT: Notation = {
  noun: "a count",
  allowed: "a whole number, with k, M or G if need be, such as 64 or 4k",
  units: unitTable({ "": 0, k: 3, M: 6, G: 9 }),
};

/** A whole number of either sign. */
export const INTEGER: Notation = { ...COUNT, noun: "a whole number" };

/** Any finite number. */
export const NUMBER: Notation = {
  noun: "a number",
  allowed: "a finite number, such as 0.5",
  units: unitTable({ "": 0 }),
};

function unitTable(
  decimal: Readonly<Record<string, number>>,
  others: Readonly<Record<string, readonly [exponent: number, factor: number]>> = {},
): Map<string, Unit> {
  const all = new Map<string, Unit>();
  for (const [name, exponent] of Object.entries(decimal)) all.set(name, { exponent, factor: 1 });
  for (const [name, [exponent, factor]] of Object.entries(others)) {
    all.set(name, { exponent, factor });
  }
  return all;
}

/** Every prefix with every time unit: "", "/s", "k/s", "M/ms" ... */
function rateUnits(): Map<string, Unit> {
  const all = unitTable({ "": 0 });
  for (const [prefix, thousands] of Object.entries({ "": 0, k: 3, M: 6, G: 9 })) {
    for (const [time, inverse] of Object.entries({ s: 0, ms: 3, us: 6, "µs": 6, "μs": 6, ns: 9 })) {
      all.set(`${prefix}/${time}`, { exponent: thousands + inverse, factor: 1 });
    }
    all.set(`${prefix}/m`, { exponent: thousands, factor: 1 / MINUTE });
    all.set(`${prefix}/h`, { exponent: thousands, factor: 1 / HOUR });
  }
  return all;
}
