/**
 * A sweep for a terminal, and the default: a line for each combination, those that nothing beats marked.
 *
 * @module
 */
import { alignRows, wrapWords } from "../formats/columns.ts";
import type { PrintOptions } from "../formats/format.ts";
import { paintFor } from "../formats/paint.ts";
import { cellsOf, headline, legend } from "./cells.ts";
import type { SweepFormat } from "./format.ts";

const COLUMNS_WITHOUT_TERMINAL = 80;
import { warningLines } from "../formats/warning_lines.ts";

/** One table. */
export const table: SweepFormat = {
  summary: "one line for each combination for a terminal (the default)",
  print(sweep, { color, columns }: PrintOptions) {
    const paint = paintFor(color);
    const room = columns > 0 ? columns : COLUMNS_WITHOUT_TERMINAL;
    const { heads, rows } = cellsOf(sweep);
    const left = sweep.varied.map((_, index) => index + 1);
    const [head = "", ...body] = alignRows([heads, ...rows], { gap: 2, left: [0, ...left] });
    const lines = [
      paint.title(headline(sweep)),
      "",
      paint.quiet(head),
      ...body.map((line, index) => sweep.rows[index]!.pareto ? paint.good(line) : line),
      "",
      ...wrapWords(legend(sweep), { columns: room, indent: 2, lead: "" }).map(paint.quiet),
      ...sweep.warnings.flatMap((each) => warningLines(each, { columns: room, paint })),
    ];
    return lines.join("\n") + "\n";
  },
};
