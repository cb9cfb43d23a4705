/**
 * Changes for GitHub: a table of them, the newest first.
 *
 * @module
 */
import type { HistoryChanges } from "../changes.ts";
import { escaped, tableOf } from "../formats/github.ts";
import { CHANGE_HEADS, changeCells, foundChanges, spanText, verdictText } from "./change_text.ts";
import type { ChangeFormat } from "./format.ts";

/** Tables for GitHub. */
export const markdown: ChangeFormat = {
  summary: "tables for a pull request (GitHub Markdown)",
  print: (histories) => histories.map(historyText).join("\n"),
};

function historyText(history: HistoryChanges): string {
  const { scenario, machine, points, warnings } = history;
  const found = foundChanges(history);
  const blocks = [
    `## ${escaped(scenario)}: ${history.verdict}`,
    escaped(`${spanText(history)} · ${machine}`),
    ...(found.length === 0 ? [] : [tableOf(
      CHANGE_HEADS,
      found.map((each) => changeCells(each, points).map(escaped)),
    )]),
    ...(history.verdict === "cannot tell" ? [] : [escaped(verdictText(history))]),
    ...warnings.map(({ code, message, advice }) =>
      `> **${escaped(code)}**: ${escaped(message)}  \n> ${escaped(advice)}`
    ),
  ];
  return blocks.join("\n\n") + "\n";
}
