/**
 * The format for a terminal, and the default: what was run, then each pool's levels and what else there
 * is to know about it, the allocators below, how far the numbers can be trusted, and at the end, where
 * the eye comes to rest, the warnings with what to do about them.
 *
 * @module
 */
import { poolAcross, poolNames } from "../across.ts";
import type { Result } from "../result.ts";
import { alignRows, clip, padEnd, widthOf, wrapItems, wrapWords } from "./columns.ts";
import { cellLines } from "./dpdk.ts";
import {
  allocatorFacts,
  type Fact,
  instrumentFacts,
  poolFacts,
  poolNote,
  reading,
  settings,
  throughput,
  workerFact,
} from "./facts.ts";
import type { PrintOptions, ResultFormat } from "./format.ts";
import { intervalTable } from "./interval_table.ts";
import { levelTable } from "./level_table.ts";
import { type Paint, paintFor } from "./paint.ts";
import { sideBySide } from "./side_by_side.ts";
import { warningLines } from "./warning_lines.ts";

const COLUMNS_WITHOUT_TERMINAL = 80;
const FEWEST_COLUMNS = 60;
const MOST_COLUMNS = 110;
const INDENT = "  ";
const SHORTEST_LABEL = 9;
const LONGEST_LABEL = 18;
const SEPARATOR = " · ";

/** Where to draw: how wide, in which colours. */
interface Canvas {
  readonly columns: number;
  readonly paint: Paint;
}

/** A page for people, as wide as the terminal. */
export const table: ResultFormat = {
  summary: "levels, percentiles and bars for a terminal (the default)",
  print(result: Result, { color, columns }: PrintOptions): string {
    const wanted = columns > 0 ? columns : COLUMNS_WITHOUT_TERMINAL;
    const canvas = {
      columns: Math.min(MOST_COLUMNS, Math.max(FEWEST_COLUMNS, wanted)),
      paint: paintFor(color),
    };
    const blocks = [
      head(result, canvas),
      ...poolNames(result.runs).map((name) => poolBlock(result, name, canvas)),
      cellLines(result.runs),
      allocatorBlock(result, canvas),
      trustBlock(result, canvas),
      ...result.warnings.map((warning) => warningLines(warning, canvas)),
    ];
    return blocks.filter((block) => block.length > 0).map((block) => block.join("\n")).join(
      "\n\n",
    ) +
      "\n";
  },
  compare(results: readonly Result[], { color }: PrintOptions): string {
    const paint = paintFor(color);
    const { heads, sections } = sideBySide(results);
    const rows = sections.flatMap(({ title, rows }) => [
      ...(title === "" ? [] : [[""], [title]]),
      ...rows.map(([label = "", ...cells]) => [INDENT + label, ...cells]),
    ]);
    const [head = "", ...body] = alignRows([["side by side", ...heads], ...rows], {
      gap: 2,
      left: [0],
    });
    const isTitle = new Set(sections.map(({ title }) => title));
    return [paint.title(head), ...body.map((line) => isTitle.has(line) ? paint.title(line) : line)]
      .map((line) => `${line}\n`).join("");
  },
};

function head(result: Result, { columns, paint }: Canvas): string[] {
  const { name, summary } = result.scenario;
  const title = clip(name, columns);
  const sentence = typeof summary === "string" ? clip(summary, Infinity) : "";
  const isShort = widthOf(title) + 2 + widthOf(sentence) <= columns;
  const list = { columns, indent: INDENT.length, lead: "", separator: SEPARATOR };
  const words = { columns, indent: INDENT.length, lead: "" };
  const note = reading(result);
  return [
    paint.title(title) + (isShort && sentence !== "" ? `  ${sentence}` : ""),
    ...(isShort ? [] : wrapWords(sentence, words)),
    ...wrapItems(clipAll(settings(result), columns), list).map(paint.quiet),
    ...wrapItems(throughput(result), list),
    ...(note === "" ? [] : wrapWords(note, words).map(paint.quiet)),
    ...(result.partial ? [paint.caution(`${INDENT}partial: stopped before its end`)] : []),
  ];
}

function poolBlock(result: Result, name: string, canvas: Canvas): string[] {
  const { columns, paint } = canvas;
  const note = poolNote(result, name);
  const title = clip(name, Math.max(columns >> 1, columns - 2 - widthOf(note)));
  const intervals = intervalTable(result.summary, name, canvas);
  return [
    `${paint.title(title)}  ${paint.quiet(clip(note, columns - 2 - widthOf(title)))}`,
    ...levelTable(poolAcross(result.runs, name), canvas),
    "",
    ...intervals,
    ...(intervals.length > 0 ? [""] : []),
    ...factLines(poolFacts(result.runs, name), canvas),
  ];
}

function allocatorBlock(result: Result, canvas: Canvas): string[] {
  const facts = allocatorFacts(result.runs);
  return facts.length === 0 ? [] : [canvas.paint.title("allocators"), ...factLines(facts, canvas)];
}

function trustBlock(result: Result, canvas: Canvas): string[] {
  const workers = workerFact(result.runs);
  const facts = instrumentFacts(result);
  return factLines(workers === null ? facts : [workers, ...facts], canvas);
}

/** Facts under each other: labels in one column, their items in the next. */
function factLines(facts: readonly Fact[], canvas: Canvas): string[] {
  const labels = facts.map((fact) => clip(fact.label, LONGEST_LABEL));
  const indent = INDENT.length + 2 + Math.max(SHORTEST_LABEL, ...labels.map(widthOf));
  return facts.flatMap((fact, index) => {
    const lead = padEnd(INDENT + labels[index]!, indent);
    return linesOfFact(fact, { lead, indent, canvas });
  });
}

function linesOfFact(
  { items, mood, separator }: Fact,
  { lead, indent, canvas: { columns, paint } }: { lead: string; indent: number; canvas: Canvas },
): string[] {
  const room = columns - indent;
  const fitting = items.flatMap((item) =>
    separator === " " && widthOf(item) > room ? item.split(" ") : [clip(item, room)]
  );
  const blank = " ".repeat(indent);
  const label = { good: paint.good, bad: paint.bad, neutral: paint.quiet }[mood];
  const body = mood === "bad" ? paint.bad : (text: string) => text;
  return wrapItems(fitting, { columns, indent, lead: blank, separator }).map((line, index) =>
    (index === 0 ? label(lead) : blank) + body(line.slice(indent))
  );
}

function clipAll(items: readonly string[], columns: number): string[] {
  return items.map((item) => clip(item, columns - INDENT.length));
}
