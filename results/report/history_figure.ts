/**
 * A measure over the results of a history: a point for each result, the levels between changes as a line, and where each change
 * began.
 *
 * @module
 */
import type { FollowedRow, HistoryChanges, RowChange } from "../changes.ts";
import { pointName } from "../change_formats/change_text.ts";
import { rowName, signed, valueText } from "../comparison_formats/row_text.ts";
import type { Result } from "../result.ts";
import { CHART_WIDTH, type Drawing } from "./drawing.ts";
import { figureHtml } from "./html.ts";

/** Labels that there is room for. */
const TICKS = 8;

/** The figure of one row of a history; of `results` each run is a point of its own where the row is the throughput. */
export function historyFigure(
  { draw, plot }: Drawing,
  { points, rows }: HistoryChanges,
  row: FollowedRow,
  results: readonly Result[],
): string {
  const { values, changes } = row;
  const text = (value: number) => valueText(row, value);
  const dots = values.map((value, index) => ({ index, value }));
  const runs = row === rows[0]
    ? results.flatMap(({ runs }, index) =>
      runs.length === 1
        ? []
        : runs.map(({ allocsPerSecond }) => ({ index, value: allocsPerSecond }))
    )
    : [];
  const every = Math.ceil(points.length / TICKS);
  const began = ({ began }: RowChange) => began - 0.5;
  const color = ({ verdict }: RowChange) => `var(--${verdict === "slower" ? "bad" : "good"})`;
  const svg = draw({
    width: CHART_WIDTH,
    height: 320,
    marginLeft: 72,
    marginRight: 40,
    marginTop: 36,
    marginBottom: 64,
    x: {
      domain: [-0.5, points.length - 0.5],
      ticks: points.flatMap((_, index) => index % every === 0 ? [index] : []),
      tickFormat: (index: number) => pointName(points[index]!),
      tickRotate: -20,
      label: null,
    },
    y: { label: rowName(row), grid: true, nice: true, ticks: 6, tickFormat: text },
    marks: [
      plot.rectX(changes, {
        x1: ({ beganFrom }: RowChange) => beganFrom - 0.5,
        x2: ({ beganTo }: RowChange) => beganTo + 0.5,
        fill: color,
        fillOpacity: 0.12,
      }),
      plot.dot(runs, { x: "index", y: "value", stroke: "var(--quiet)", r: 1.5 }),
      plot.line(levelsOf(row), { x: "index", y: "value", stroke: "var(--ink)", strokeWidth: 1.5 }),
      plot.dot(dots, {
        x: "index",
        y: "value",
        fill: "var(--accent)",
        r: 3,
        title: ({ index, value }: typeof dots[number]) =>
          `${pointName(points[index]!)}: ${text(value)}`,
      }),
      plot.ruleX(changes, { x: began, stroke: color, strokeDasharray: "4 3" }),
      plot.text(changes, {
        x: began,
        text: (change: RowChange) =>
          `${signed(row, change.change)} from ${pointName(points[change.began]!)}`,
        frameAnchor: "top",
        dy: -10,
        fill: color,
      }),
    ],
  });
  const words = changes.map((change) =>
    `${change.verdict}, ${signed(row, change.change)}, from ${pointName(points[change.began]!)} on`
  );
  const first = `${text(values[0]!)} at ${pointName(points[0]!)}`;
  const last = `${text(values.at(-1)!)} at ${pointName(points.at(-1)!)}`;
  return figureHtml(
    `${rowName(row)} from result to result${
      changes.length === 0 ? "" : "; dashed: where a change began, shaded: or may have begun"
    }`,
    svg,
    `${rowName(row)} over ${points.length} results, from ${first} to ${last}: ${
      words.length === 0 ? "no change found" : words.join("; ")
    }`,
  );
}

/** The ends of the levels; none where nothing changed. */
function levelsOf({ changes, values }: FollowedRow): { index: number; value: number }[] {
  const [first] = changes;
  if (first === undefined) return [];
  return [
    { index: 0, value: first.before },
    ...changes.flatMap(({ kind, began, before, ended, after }) => {
      const [last, first] = kind === "step" ? [began - 0.5, began - 0.5] : [began - 1, ended];
      return [{ index: last, value: before }, { index: first, value: after }];
    }),
    { index: values.length - 1, value: changes.at(-1)!.after },
  ];
}

/** What a result is called beside others of its scenario: when it was made, and of which revision. */
export function resultLabel({ startedAt, environment: { revision }, id }: Result): string {
  const when = startedAt.slice(0, 16).replace("T", " ");
  return `${when} ${revision?.slice(0, 7) ?? id.slice(0, 7)}`;
}
