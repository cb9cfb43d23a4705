/**
 * The result as it is, for programs: the schema of `result.ts` and nothing added.
 *
 * @module
 */
import type { Result } from "../result.ts";
import type { ResultFormat } from "./format.ts";

/** One JSON document. */
export const json: ResultFormat = {
  summary: "the whole result as one JSON document (mempool-bench/result@1)",
  print(result: Result): string {
    return JSON.stringify(result, null, 2) + "\n";
  },
  join(texts: readonly string[]): string {
    return `[\n${texts.map((text) => text.trimEnd()).join(",\n")}\n]\n`;
  },
};
