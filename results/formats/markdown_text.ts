/**
 * Pieces of GitHub Markdown.
 *
 * @module
 */

/** A table: the first column at its left edge, numbers at their right. */
export function tableOf(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = heads.map((_, column) => column === 0 ? ":--" : "--:");
  return [heads, rule, ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

/** Names and sentences may hold anything, and none of it may become markup or another line. */
export function escaped(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ").replace(/[\\`*_[\]<|~#]/g, "\\$&");
}
