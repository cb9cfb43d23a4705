/**
 * What a format of comparisons is: a pure function from comparisons to text, as a format of results is one from a result.
 *
 * @module
 */
import type { Comparison } from "../comparison.ts";
import type { PrintOptions } from "../formats/format.ts";

/** A way to print comparisons, of one scenario each. */
export interface ComparisonFormat {
  /** One line for `list` and `--help`. */
  readonly summary: string;
  /** All of them as text, the last line ended. */
  print(comparisons: readonly Comparison[], options: PrintOptions): string;
}
