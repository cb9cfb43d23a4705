/**
 * Comparisons for the terminal: a line for each row that is worth a look, the others counted.
 *
 * @module
 */
import { byWeight, type ComparedRow, type Comparison } from "../comparison.ts";
import { alignRows, clip, widthOf, wrapWords } from "../formats/columns.ts";
import { type Paint, paintFor } from "../formats/paint.ts";
import { warningLines } from "../formats/warning_lines.ts";
import type { ComparisonFormat } from "./format.ts";
import {
  changeText,
  detectableText,
  intervalText,
  rowName,
  sideText,
  valueText,
  verdictText,
} from "./row_text.ts";
import { sessionSentences } from "./session_text.ts";

const COLUMNS = 80;
const HEADS = ["", "base", "head", "change", "interval", "sees", ""];

/** Lines for people. */
export const table: ComparisonFormat = {
  summary: "a line for each row, for people",
  print(comparisons, { color, columns }): string {
    const paint = paintFor(color);
    const room = columns === 0 ? COLUMNS : columns;
    return comparisons.map((comparison) => comparisonText(comparison, paint, room)).join("\n");
  },
};

function comparisonText(comparison: Comparison, paint: Paint, columns: number): string {
  const { scenario, base, head, rows, warnings } = comparison;
  const lines = [
    paint.title(scenario),
    `  base ${sideText(base)} · head ${sideText(head)}`,
    "",
    ...rowLines(rows.toSorted(byWeight), paint, columns),
    "",
    ...wrapWords(verdictText(comparison), { columns, indent: 0, lead: "" }),
    ...sessionSentences(comparison).flatMap((sentence) =>
      wrapWords(sentence, { columns, indent: 2, lead: "" })
    ),
    ...warnings.flatMap((warning) => warningLines(warning, { paint, columns })),
  ];
  return lines.map((line) => line + "\n").join("");
}

function rowLines(rows: readonly ComparedRow[], paint: Paint, columns: number): string[] {
  const cells = rows.map((row) => [
    rowName(row),
    valueText(row, row.base),
    valueText(row, row.head),
    changeText(row),
    intervalText(row),
    detectableText(row),
    row.verdict,
  ]);
  const [heads = "", ...lines] = fitted([HEADS, ...cells], columns);
  return [
    paint.quiet(heads),
    ...lines.map((line, index) => {
      const { verdict } = rows[index]!;
      if (verdict === "slower") return paint.bad(line);
      return verdict === "faster" ? paint.good(line) : line;
    }),
  ];
}

/** Rows lined up, without the columns that there is no room for. */
function fitted(rows: readonly (readonly string[])[], columns: number): string[] {
  for (const dropped of [[], ["interval"], ["interval", "sees"]]) {
    const kept = rows.map((row) => row.filter((_, column) => !dropped.includes(HEADS[column]!)));
    const lines = alignRows(kept, { gap: 2, left: [0, kept[0]!.length - 1] });
    if (lines.every((line) => widthOf(line) <= columns)) return lines;
  }
  const least = rows.map((row) => [0, 3, HEADS.length - 1].map((column) => row[column]!));
  return alignRows(least, { gap: 2, left: [0, 2] }).map((line) => clip(line, columns));
}
