/**
 * The sweep as it is, for programs.
 *
 * @module
 */
import type { SweepFormat } from "./format.ts";

/** One JSON document. */
export const json: SweepFormat = {
  summary: "the whole as one JSON document (mempool-bench/sweep@1)",
  print: (sweep) => `${JSON.stringify(sweep, null, 2)}\n`,
};
