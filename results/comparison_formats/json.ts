/**
 * Comparisons as they are, for programs.
 *
 * @module
 */
import type { ComparisonFormat } from "./format.ts";

/** One JSON document: a comparison, or an array where there are several. */
export const json: ComparisonFormat = {
  summary: "one JSON document (mempool-bench/comparison@1)",
  print: (comparisons) =>
    JSON.stringify(comparisons.length === 1 ? comparisons[0] : comparisons, null, 2) + "\n",
};
