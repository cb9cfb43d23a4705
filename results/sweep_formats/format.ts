/**
 * What a format of a sweep is: a pure function to text, as for results.
 *
 * @module
 */
import type { Sweep } from "../sweep.ts";
import type { PrintOptions } from "../formats/format.ts";

/** A way to print a sweep. */
export interface SweepFormat {
  /** One line for `--help`. */
  readonly summary: string;
  /** The sweep as text, the last line ended. */
  print(sweep: Sweep, options: PrintOptions): string;
}
