/**
 * A recommendation for a terminal, and the default: the answer and its reason first, then what else there is to
 * know, the curve as a picture and in numbers, and the warnings where the eye comes to rest.
 *
 * @module
 */
import { allowedShare, type Joint, type Recommendation } from "../recommendation.ts";
import { alignRows, padEnd, wrapItems, wrapWords } from "../formats/columns.ts";
import type { PrintOptions } from "../formats/format.ts";
import { type Paint, paintFor } from "../formats/paint.ts";
import { picture } from "../formats/picture.ts";
import { factsOf, headline, POINT_HEADS, pointCells } from "./facts.ts";
import type { RecommendationFormat } from "./format.ts";
import {
  FRONTIER_HEADS,
  frontierRows,
  JOINT_HEADS,
  jointHeadline,
  jointNote,
  jointRows,
} from "./joint_facts.ts";
import { pointsWorthALine } from "./roles.ts";

const COLUMNS_WITHOUT_TERMINAL = 80;
const FEWEST_COLUMNS = 60;
const MOST_COLUMNS = 110;
const LABEL = 12;
import { warningLines } from "../formats/warning_lines.ts";

/** A page for people. */
export const table: RecommendationFormat = {
  summary: "the answer, its reason and the curve for a terminal (the default)",
  print(recommendation, { color, columns }: PrintOptions) {
    const wanted = columns > 0 ? columns : COLUMNS_WITHOUT_TERMINAL;
    const room = Math.min(MOST_COLUMNS, Math.max(FEWEST_COLUMNS, wanted));
    const paint = paintFor(color);
    const blocks = [
      wrapWords(headline(recommendation), { columns: room, indent: 2, lead: "" }).map(paint.title),
      factLines(recommendation, room, paint),
      pictureOf(recommendation, room, paint),
      pointLines(recommendation, paint),
      ...jointBlocks(recommendation.joint, room, paint),
      ...recommendation.warnings.map((each) => warningLines(each, { columns: room, paint })),
    ];
    const shown = blocks.filter((block) => block.length > 0);
    return shown.map((block) => block.join("\n")).join("\n\n") + "\n";
  },
};

function factLines(recommendation: Recommendation, columns: number, paint: Paint): string[] {
  return factsOf(recommendation).flatMap(([label, items]) => {
    const words = items.join(" · ");
    const lead = padEnd(`  ${label}`, LABEL);
    const lines = items.some((item) => item.length > columns - LABEL)
      ? wrapWords(words, { columns, indent: LABEL, lead })
      : wrapItems(items, { columns, indent: LABEL, lead, separator: " · " });
    return lines.map((line, index) =>
      index === 0 ? paint.quiet(line.slice(0, LABEL)) + line.slice(LABEL) : line
    );
  });
}

function pictureOf(recommendation: Recommendation, columns: number, paint: Paint): string[] {
  const points = recommendation.curve.map(({ minReserve, missRate, missLow, missHigh }) => ({
    ...{ x: minReserve, share: missRate, low: missLow, high: missHigh },
  }));
  const chosen = recommendation.recommended ?? recommendation.exact;
  const target = allowedShare(recommendation.target);
  const lines = picture({ points, target, chosen, columns, paint });
  if (lines.length === 0) return [];
  return [
    paint.quiet("  share that misses (•, with its interval ░), by reserve (◆ chosen)"),
    ...lines,
  ];
}

function pointLines(recommendation: Recommendation, paint: Paint): string[] {
  const rows = pointsWorthALine(recommendation).map((point) => pointCells(recommendation, point));
  return rowLines(POINT_HEADS, rows, { left: [POINT_HEADS.length - 1], paint });
}

/** Several pools together: the answer, what each has of it, and what more or less would do. */
function jointBlocks(joint: Joint | null, columns: number, paint: Paint): string[][] {
  if (joint === null) return [];
  const headline = wrapWords(jointHeadline(joint), { columns, indent: 2, lead: "" });
  const note = wrapItems(jointNote(joint), { columns, indent: 2, lead: "", separator: " · " });
  return [
    headline.map(paint.title),
    rowLines(JOINT_HEADS, jointRows(joint), { left: [0], paint }),
    note.map(paint.quiet),
    joint.frontier.length === 0
      ? []
      : rowLines(FRONTIER_HEADS, frontierRows(joint), { left: [3], paint }),
  ];
}

function rowLines(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  { left, paint }: { readonly left: readonly number[]; readonly paint: Paint },
): string[] {
  const [head = "", ...body] = alignRows([[...heads], ...rows], { gap: 2, left });
  return [paint.quiet(`  ${head}`), ...body.map((line) => `  ${line}`)];
}
