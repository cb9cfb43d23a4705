/**
 * Changes for the terminal: a line for each, the newest first, the rows without one counted.
 *
 * @module
 */
import type { HistoryChanges } from "../changes.ts";
import { alignRows, clip, widthOf, wrapWords } from "../formats/columns.ts";
import { type Paint, paintFor } from "../formats/paint.ts";
import { warningLines } from "../formats/warning_lines.ts";
import { CHANGE_HEADS, changeCells, foundChanges, spanText, verdictText } from "./change_text.ts";
import type { ChangeFormat } from "./format.ts";

const COLUMNS = 80;

/** Columns that narrow terminals have no room for, in the order in which they go. */
const DROPPED: readonly (readonly number[])[] = [[], [2], [2, 4, 5], [2, 3, 4, 5]];

/** Lines for people. */
export const table: ChangeFormat = {
  summary: "a line for each change, for people",
  print(histories, { color, columns }): string {
    const paint = paintFor(color);
    const room = columns === 0 ? COLUMNS : columns;
    return histories.map((history) => historyText(history, paint, room)).join("\n");
  },
};

function historyText(history: HistoryChanges, paint: Paint, columns: number): string {
  const { scenario, machine, warnings, verdict } = history;
  const lines = [
    paint.title(clip(scenario, columns)),
    ...wrapWords(`${spanText(history)} · ${machine}`, { columns, indent: 2, lead: "" }),
    ...changeLines(history, paint, columns),
    ...verdict === "cannot tell"
      ? []
      : ["", ...wrapWords(verdictText(history), { columns, indent: 0, lead: "" })],
    ...warnings.flatMap((warning) => warningLines(warning, { paint, columns })),
  ];
  return lines.map((line) => line + "\n").join("");
}

function changeLines(history: HistoryChanges, paint: Paint, columns: number): string[] {
  const found = foundChanges(history);
  if (found.length === 0) return [];
  const rows = [CHANGE_HEADS, ...found.map((each) => changeCells(each, history.points))];
  const [heads = "", ...lines] = fitted(rows, columns);
  return [
    "",
    paint.quiet(heads),
    ...lines.map((line, index) =>
      found[index]!.change.verdict === "slower" ? paint.bad(line) : paint.good(line)
    ),
  ];
}

/** Rows lined up, without the columns that there is no room for. */
function fitted(rows: readonly (readonly string[])[], columns: number): string[] {
  const lines = DROPPED.map((dropped) => {
    const kept = rows.map((row) => row.filter((_, column) => !dropped.includes(column)));
    return alignRows(kept, { gap: 2, left: [0, 1, kept[0]!.length - 1] });
  });
  const fitting = lines.find((each) => each.every((line) => widthOf(line) <= columns));
  return fitting ?? lines.at(-1)!.map((line) => clip(line, columns));
}
