/**
 * A warning as lines of a terminal.
 *
 * @module
 */
import type { Warning } from "../result.ts";
import { wrapWords } from "./columns.ts";
import type { Paint } from "./paint.ts";

/** What is wrong, and under it what to do about it. */
export function warningLines(
  { code, message, advice }: Warning,
  { columns, paint }: { readonly columns: number; readonly paint: Paint },
): string[] {
  return [
    ...wrapWords(`${code}: ${message}`, { columns, indent: 2, lead: "!" }).map(paint.caution),
    ...wrapWords(advice, { columns, indent: 4, lead: "  →" }),
  ];
}
