/**
 * A logarithmic axis with room for what has no logarithm: 0 stands at its lower end, and what never ends at its upper one.
 *
 * @module
 */

/** Where values stand on the axis. */
export interface LogScale {
  /** The ends of the axis. */
  readonly domain: readonly [number, number];
  /** Where a value stands; null is what never ends. */
  readonly at: (value: number | null) => number;
  /** Marked places: powers of ten, and the ends where something stands there. */
  readonly ticks: readonly number[];
  /** What is written beside a marked place. */
  readonly label: (place: number) => string;
}

/** How far 0 and what never ends lie from the others, at least. */
const MARGIN = 3;

/**
 * The axis for some values; `text` writes one, `never` is what stands for null. All marked places are powers of ten, since others
 * are not always labelled on such an axis.
 */
export function logScale(
  values: readonly (number | null)[],
  { text, never = "never" }: { readonly text: (value: number) => string; readonly never?: string },
): LogScale {
  const positive = values.filter((value): value is number => value !== null && value > 0);
  const low = positive.length === 0 ? 1 : Math.min(...positive);
  const high = positive.length === 0 ? 10 : Math.max(...positive);
  const zero = 10 ** Math.floor(Math.log10(low / MARGIN));
  const end = 10 ** Math.ceil(Math.log10(high * MARGIN));
  const hasZero = values.includes(0);
  const hasNever = values.includes(null);
  const inside = powersOf(low, high);
  // At least one decade is there to see.
  const powers = inside.length > 1
    ? inside
    : powersOf(10 ** Math.floor(Math.log10(low)), 10 ** Math.ceil(Math.log10(high)));
  return {
    domain: [
      hasZero ? zero : Math.min(low / 1.2, powers[0]!),
      hasNever ? end : Math.max(high * 1.2, powers.at(-1)!),
    ],
    at: (value) => value === null ? end : value > 0 ? value : zero,
    ticks: [...new Set([...(hasZero ? [zero] : []), ...powers, ...(hasNever ? [end] : [])])],
    label(place) {
      if (hasZero && place === zero) return text(0);
      return hasNever && place === end ? never : text(place);
    },
  };
}

/** The powers of ten from `low` to `high`. */
function powersOf(low: number, high: number): number[] {
  const powers: number[] = [];
  // Of an exact power the logarithm may be off in its last digit.
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  for (let power = first; power <= last; power++) powers.push(10 ** power);
  return powers;
}
