/**
 * The scale that differences of a measure are taken on: logarithms, so that a change is a share of what was; but for rates, which
 * may be 0, and whose changes are differences.
 *
 * @module
 */
import type { Measure } from "./measures.ts";

/** A scale. */
export interface Scale {
  /** A value on the scale. */
  into(value: number): number;
  /** Back from the scale. */
  outOf(scaled: number): number;
  /** A difference on the scale as a change: `head / base - 1`, of rates `head - base`. */
  change(difference: number): number;
}

const LINEAR: Scale = {
  into: (value) => value,
  outOf: (scaled) => scaled,
  change: (difference) => difference,
};

const LOGARITHMIC: Scale = { into: Math.log, outOf: Math.exp, change: Math.expm1 };

/** The scale of a measure. */
export function scaleOf({ unit }: Pick<Measure, "unit">): Scale {
  return unit === "share" ? LINEAR : LOGARITHMIC;
}

/** Whether there is anything to tell: of 0 there is no logarithm, and a level that never served, or served all, has one rate. */
export function canDiffer({ unit }: Pick<Measure, "unit">, values: readonly number[]): boolean {
  if (unit === "share") return values.some((value) => value !== values[0]);
  return values.every((value) => value > 0);
}
