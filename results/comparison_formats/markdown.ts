/**
 * Comparisons for a pull request: what changed first, the rest folded away.
 *
 * @module
 */
import { byWeight, type ComparedRow, type Comparison } from "../comparison.ts";
import { escaped, tableOf } from "../formats/github.ts";
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

const HEADS = ["", "base", "head", "change", "interval", "sees", "verdict"];

/** Tables for GitHub. */
export const markdown: ComparisonFormat = {
  summary: "tables for a pull request (GitHub Markdown)",
  print: (comparisons) => comparisons.map(comparisonText).join("\n"),
};

function comparisonText(comparison: Comparison): string {
  const { scenario, base, head, rows, warnings } = comparison;
  const sorted = rows.toSorted(byWeight);
  const changed = sorted.filter(({ verdict }) => verdict === "slower" || verdict === "faster");
  const rest = sorted.slice(changed.length);
  const blocks = [
    `## ${escaped(scenario)}: ${escaped(verdictText(comparison))}`,
    escaped(`base ${sideText(base)} · head ${sideText(head)}`),
    ...(changed.length > 0 ? [rowTable(changed)] : []),
    ...(rest.length > 0
      ? [`<details><summary>${rest.length} others</summary>\n\n${rowTable(rest)}\n\n</details>`]
      : []),
    ...(comparison.session === undefined ? [] : [sessionList(comparison)]),
    ...warnings.map(({ code, message, advice }) =>
      `> **${escaped(code)}**: ${escaped(message)}  \n> ${escaped(advice)}`
    ),
  ];
  return blocks.join("\n\n") + "\n";
}

function sessionList(comparison: Comparison): string {
  return sessionSentences(comparison).map((sentence) => `- ${escaped(sentence)}`).join("\n");
}

function rowTable(rows: readonly ComparedRow[]): string {
  return tableOf(
    HEADS,
    rows.map((row) => [
      escaped(rowName(row)),
      valueText(row, row.base),
      valueText(row, row.head),
      escaped(changeText(row)),
      intervalText(row),
      detectableText(row),
      row.verdict === "slower" ? "**slower**" : row.verdict,
    ]),
  );
}
