/**
 * The recommendation as it is, for programs.
 *
 * @module
 */
import type { RecommendationFormat } from "./format.ts";

/** One JSON document. */
export const json: RecommendationFormat = {
  summary: "the whole as one JSON document (mempool-bench/recommendation@1)",
  print: (recommendation) => `${JSON.stringify(recommendation, null, 2)}\n`,
};
