/**
 * What a format of a recommendation is: a pure function to text, as for results.
 *
 * @module
 */
import type { Recommendation } from "../recommendation.ts";
import type { PrintOptions } from "../formats/format.ts";

/** A way to print a recommendation. */
export interface RecommendationFormat {
  /** One line for `--help`. */
  readonly summary: string;
  /** The recommendation as text, the last line ended. */
  print(recommendation: Recommendation, options: PrintOptions): string;
}
