/**
 * Comparisons as JUnit XML, as CI systems show tests: a suite for each scenario, a case for each row. Slower is a failure;
 * where nothing can be told the case was skipped, since it neither passed nor failed.
 *
 * @module
 */
import type { ComparedRow, Comparison } from "../comparison.ts";
import type { ComparisonFormat } from "./format.ts";
import { changeText, detectableText, intervalText, rowName, valueText } from "./row_text.ts";
import { sessionSentences } from "./session_text.ts";

/** XML for CI systems. */
export const junit: ComparisonFormat = {
  summary: "JUnit XML, for CI systems: slower fails, cannot tell is skipped",
  print(comparisons): string {
    const suites = comparisons.flatMap(suiteLines);
    return [
      '<?xml version="1.0" encoding="UTF-8"?>',
      "<testsuites>",
      ...suites,
      "</testsuites>",
      "",
    ]
      .join("\n");
  },
};

function suiteLines(comparison: Comparison): string[] {
  const { scenario, rows, head, comparable, warnings } = comparison;
  const sentences = [
    ...sessionSentences(comparison),
    ...comparable ? [] : ["not comparable"],
    ...warnings.map(({ code, message, advice }) => `${code}: ${message}: ${advice}`),
  ];
  const count = (verdict: ComparedRow["verdict"]) =>
    rows.filter((row) => row.verdict === verdict).length;
  const counts = `tests="${rows.length}" failures="${count("slower")}" errors="0" ` +
    `skipped="${count("cannot tell")}"`;
  return [
    `  <testsuite name=${quoted(scenario)} ${counts} timestamp=${quoted(head.startedAt)}>`,
    ...rows.flatMap((row) => caseLines(scenario, row)),
    ...sentences.length === 0
      ? []
      : [`    <system-out>${plain(sentences.join("; "))}</system-out>`],
    "  </testsuite>",
  ];
}

function caseLines(scenario: string, row: ComparedRow): string[] {
  const start = `    <testcase classname=${quoted(scenario)} name=${quoted(rowName(row))}`;
  const values = `${valueText(row, row.base)} to ${valueText(row, row.head)}`;
  if (row.verdict === "slower") {
    const message = `${changeText(row)}, from ${values}, interval ${intervalText(row)}`;
    return [`${start}>`, `      <failure message=${quoted(message)}/>`, "    </testcase>"];
  }
  if (row.verdict === "cannot tell") {
    const message = `cannot tell: ${values}, sees changes of ${detectableText(row)}`;
    return [`${start}>`, `      <skipped message=${quoted(message)}/>`, "    </testcase>"];
  }
  return [`${start}/>`];
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** XML has no place for control characters, not even escaped. */
function plain(text: string): string {
  const printable = text.replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, " ");
  return printable.replace(/[&<>"]/g, (char) => ENTITIES[char]!);
}

function quoted(text: string): string {
  return `"${plain(text)}"`;
}
