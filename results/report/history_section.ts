/**
 * The history of one scenario on one machine: its throughput and every measure that changed, and since which revision.
 *
 * @module
 */
import {
  CHANGE_HEADS,
  changeCells,
  foundChanges,
  spanText,
  verdictText,
} from "../change_formats/change_text.ts";
import { changesOf, type FollowedRow } from "../changes.ts";
import { count } from "../formats/numbers.ts";
import type { Result } from "../result.ts";
import type { TQuantile } from "../welch.ts";
import type { Drawing } from "./drawing.ts";
import { historyFigure, resultLabel } from "./history_figure.ts";
import { escaped, sectionHtml, tableHtml, warningHtml } from "./html.ts";

/** Pictures of measures that changed, besides the throughput; the table has all changes. */
const PICTURES = 6;

/** The section of a history, oldest first; of fewer than two results there is none. */
export function historySection(
  results: readonly Result[],
  { id, drawing, tQuantile }: {
    readonly id: string;
    readonly drawing: Drawing;
    readonly tQuantile: TQuantile;
  },
): string {
  const history = changesOf(results, { tQuantile });
  const { scenario, machine, points, rows, verdict, warnings } = history;
  const found = foundChanges(history);
  const changed = [...new Set(found.map(({ row }) => row))];
  const [throughput] = rows;
  const pictured: FollowedRow[] = [
    ...new Set([...(throughput === undefined ? [] : [throughput]), ...changed]),
  ].slice(0, 1 + PICTURES);
  const changes = found.map((each) => changeCells(each, points));
  return sectionHtml(
    { id, name: `${scenario}: from result to result` },
    `<p class="quiet">${escaped(`${spanText(history)} · ${machine}`)}</p>
${verdict === "cannot tell" ? "" : `<p>${escaped(verdictText(history))}</p>`}
${warnings.map(warningHtml).join("\n")}
${changes.length === 0 ? "" : tableHtml("changes, the newest first", CHANGE_HEADS, changes)}
${pictured.map((row) => historyFigure(drawing, history, row, results)).join("\n")}
${throughputTable(results)}`,
  );
}

function throughputTable(results: readonly Result[]): string {
  const rows = results.map((result) => {
    const { median, low, high } = result.summary.allocsPerSecond;
    const interval = low === null || high === null ? "-" : `${count(low)} to ${count(high)}`;
    return [resultLabel(result), `${result.runs.length}`, `${count(median)}/s`, interval];
  });
  return tableHtml("throughput", ["result", "runs", "median", "interval"], rows);
}
