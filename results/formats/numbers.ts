/**
 * Numbers as people read them: at most three digits that matter, a unit, and nothing rounded into a
 * claim, so that 0.00001 never reads 0 %, and 99.9999 % never reads 100 %.
 *
 * @module
 */

/** A unit and how many base units it holds. */
type Unit = readonly [size: number, name: string];

const COUNTS: readonly Unit[] = [[1e6, "M"], [1e9, "G"], [1e12, "T"]];
const BYTES: readonly Unit[] = [
  [1, "B"],
  [2 ** 10, "KiB"],
  [2 ** 20, "MiB"],
  [2 ** 30, "GiB"],
  [2 ** 40, "TiB"],
];
const DURATIONS: readonly Unit[] = [
  [1, "ns"],
  [1e3, "us"],
  [1e6, "ms"],
  [1e9, "s"],
];

/** What stands where there is no number to print. */
export const NO_NUMBER = "-";

/** Every digit, in groups: "2,463,293". */
export function exactCount(count: number): string {
  return count.toLocaleString("en-US", { maximumFractionDigits: 0 });
}

/** Exact below a million ("12,345"), then short ("1.2M"). */
export function count(count: number): string {
  return Math.round(count) < 1e6 ? exactCount(count) : inUnits(count, COUNTS);
}

/** "96ns", "1.24us", "3.5ms", "2.1s"; "-" for null. */
export function duration(nanoseconds: number | null): string {
  return nanoseconds === null ? NO_NUMBER : inUnits(nanoseconds, DURATIONS);
}

/** "512B", "256KiB", "15.8MiB". */
export function bytes(bytes: number): string {
  return inUnits(bytes, BYTES);
}

/**
 * A part of a whole as a percentage: "95.2%", "0.003%", "99.997%", at most seven characters.
 *
 * "0%" and "100%" are exact; whatever is between them shows that it is.
 */
export function percentage(share: number): string {
  const percent = share * 100;
  if (percent <= 0) return "0%";
  if (percent >= 100) return "100%";
  if (percent < 0.001) return "<0.001%";
  if (percent > 99.999) return ">99.99%";
  const edge = Math.min(percent, 100 - percent);
  const decimals = Math.min(3, Math.max(1, 1 - Math.floor(Math.log10(edge))));
  return `${percent.toFixed(decimals)}%`;
}

/** In the largest unit that leaves at least 1, to three digits. */
function inUnits(value: number, units: readonly Unit[]): string {
  const rounded = Number(value.toPrecision(3));
  const [size, name] = units.findLast(([size]) => Math.max(value, rounded) >= size) ?? units[0]!;
  const scaled = Number((value / size).toPrecision(3));
  return `${scaled >= 1000 ? exactCount(scaled) : scaled}${name}`;
}
