/**
 * Changes as they are, for programs.
 *
 * @module
 */
import type { ChangeFormat } from "./format.ts";

/** One JSON document: a history, or an array where there are several. */
export const json: ChangeFormat = {
  summary: "one JSON document (mempool-bench/changes@1)",
  print: (histories) =>
    JSON.stringify(histories.length === 1 ? histories[0] : histories, null, 2) + "\n",
};
