/**
 * A change in words, alike for all formats that people read.
 *
 * @module
 */
import type { FollowedRow, HistoryChanges, HistoryPoint, RowChange } from "../changes.ts";
import { rowName, signed, sized, valueText } from "../comparison_formats/row_text.ts";
import { percentage } from "../formats/numbers.ts";

/** What the columns of {@linkcode changeCells} hold. */
export const CHANGE_HEADS: readonly string[] = [
  "",
  "began",
  "or from .. to",
  "kind",
  "before",
  "after",
  "change",
  "",
];

/** A change of a row. */
export interface FoundChange {
  readonly row: FollowedRow;
  readonly change: RowChange;
}

/** All changes of a history, the newest first. */
export function foundChanges({ rows }: HistoryChanges): FoundChange[] {
  return rows.flatMap((row) => row.changes.map((change) => ({ row, change })))
    .toSorted((a, b) => b.change.began - a.change.began);
}

/** A change as cells of a table, for {@linkcode CHANGE_HEADS}. */
export function changeCells(
  { row, change }: FoundChange,
  points: readonly HistoryPoint[],
): string[] {
  const { kind, began, beganFrom, beganTo, ended, before, after } = change;
  return [
    rowName(row),
    pointName(points[began]!),
    beganFrom === beganTo
      ? ""
      : `${pointName(points[beganFrom]!)} .. ${pointName(points[beganTo]!)}`,
    kind === "step" ? kind : `drift over ${ended - began + 1}`,
    valueText(row, before),
    valueText(row, after),
    signed(row, change.change),
    change.verdict,
  ];
}

/** A result as it is called in a history: by its revision, else by its id. */
export function pointName({ revision, id }: Pick<HistoryPoint, "revision" | "id">): string {
  return (revision ?? id).slice(0, 10);
}

/** "41 results of 40 revisions, 2026-01-01 to 2026-03-02"; those without a revision are of none. */
export function spanText({ points }: HistoryChanges): string {
  const revisions = new Set(points.flatMap(({ revision }) => revision ?? [])).size;
  const [first, last] = [points[0]!, points.at(-1)!].map(({ startedAt }) => startedAt.slice(0, 10));
  const many = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
  const of = revisions === 0 ? "no revision" : many(revisions, "revision");
  return `${many(points.length, "result")} of ${of}, ${first} to ${last}`;
}

/** What all rows come to, with how sure that is and what the rows without a change could have shown. */
export function verdictText(history: HistoryChanges): string {
  const { rows, verdict, confidence } = history;
  if (verdict === "cannot tell") return verdict;
  const calm = rows.filter(({ changes }) => changes.length === 0);
  const counts = `${rows.length - calm.length} of ${rows.length} rows changed`;
  const sure = `${percentage(confidence)} confidence in all of them together`;
  const throughput = rows.find(({ measure }) => measure === "throughput");
  const seen = [...(throughput === undefined ? [] : [throughput]), ...calm][0]!;
  return `${counts} (${sure}); a step of ${sized(seen, seen.detectable!)} of ${
    rowName(seen)
  } in the middle would have been seen in 8 of 10 such histories`;
}
