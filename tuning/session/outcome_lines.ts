/**
 * What is predicted of the choice, and what was measured of it, side by side: the levels as bars, then the waits.
 *
 * @module
 */
import { bar } from "../../results/formats/bar.ts";
import { alignRows, padEnd, widthOf } from "../../results/formats/columns.ts";
import { count, duration, NO_NUMBER, percentage } from "../../results/formats/numbers.ts";
import type { Paint, Style } from "../../results/formats/paint.ts";
import { LEVEL_NAMES } from "../../results/result.ts";
import { type Room, verdictText } from "./choice_lines.ts";
import type { Curve, Predicted, Tail } from "./curve.ts";
import { chosen, curveOf, judged, measuredOf, predictionOf } from "./session.ts";
import type { Session } from "./session.ts";

/** What is shown where an answer is still to come. */
const PENDING = "…";

const NAMES = 20;
const RATE = 9;
const BAR_MAX = 40;

const WAIT_HEADS = ["p50", "p99", "p99.9", "max"] as const;

/** The lines. */
export function outcomeLines(session: Session, room: Room): string[] {
  return [...levelLines(session, room), ...waitLines(session, room)];
}

/** What is shown of a prediction: that of the choice, or until it is there the nearest that is known. */
function shownOf(session: Session): { point: Predicted | null; isStale: boolean } {
  const point = predictionOf(session);
  if (point !== null) return { point, isStale: false };
  const { minReserve } = chosen(session);
  return { point: nearest(curveOf(session), minReserve), isStale: true };
}

function nearest(curve: Curve | undefined, minReserve: number): Predicted | null {
  const far = (point: Predicted) => Math.abs(point.minReserve - minReserve);
  return curve?.points.toSorted((a, b) => far(a) - far(b))[0] ?? null;
}

function levelLines(session: Session, { columns, paint }: Room): string[] {
  const { point, isStale } = shownOf(session);
  const measured = measuredOf(session);
  const cells = Math.min(BAR_MAX, columns - NAMES - RATE - RATE - 6);
  const row = (name: string, cells: readonly [string, string, string], width: number) =>
    `  ${padEnd(name, NAMES)}${start(cells[0], RATE)}  ${padEnd(cells[1], width)}${
      start(cells[2], RATE)
    }`.trimEnd();
  const isOff = chosen(session).pool.unpredicted !== null;
  const rate = (index: number) =>
    isOff ? NO_NUMBER : isStale ? PENDING : percentage(point!.rates[index]!);
  const shares = isOff ? measured?.rates : point?.rates;
  const heads: readonly [string, string, string] = [
    "predicted",
    "",
    measured === null ? "" : "measured",
  ];
  return [
    paint.quiet(row("served by", heads, cells)),
    ...LEVEL_NAMES.map((name, index) => {
      const drawn = bar(shares?.[index] ?? 0, cells);
      const style: Style = isStale && !isOff ? paint.quiet : paint.levels[index]!;
      const seen = measured === null ? "" : percentage(measured.rates[index]!);
      const painted = drawn === "" ? "" : style(drawn);
      return row(`${index + 1} ${name}`, [rate(index), painted, seen], cells);
    }),
    ...turnedAwayLine(point, isStale || isOff, paint),
  ];
}

function turnedAwayLine(point: Predicted | null, isHidden: boolean, paint: Paint): string[] {
  if (isHidden || point === null || point.turnedAway === 0) return [];
  const share = start(percentage(point.turnedAway), RATE);
  return [paint.caution(`  ${padEnd("  nobody", NAMES)}${share}`) + "  got nothing"];
}

function start(text: string, columns: number): string {
  return " ".repeat(Math.max(0, columns - widthOf(text))) + text;
}

function waitLines(session: Session, { columns, paint }: Room): string[] {
  const { tuned: { timed }, target } = session;
  const measured = measuredOf(session);
  const head = ["", ...WAIT_HEADS, "wait rate", ""];
  const rows = [
    head,
    predictedRow(session, timed),
    ...(measured === null ? [] : [[
      "measured",
      ...WAIT_HEADS.map((each) => duration(measured.latencyNs[each] ?? null)),
      percentage(measured.waitRate),
      verdictText(judged(measured, target), paint),
    ]]),
  ];
  const fits = (gap: number) => 2 + widthOf(longest(alignRows(rows, { gap, left: [0, 6] })));
  const gap = [4, 3, 2, 1].find((each) => fits(each) <= columns) ?? 1;
  const [first = "", ...others] = alignRows(rows, { gap, left: [0, 6] });
  return [paint.quiet(`  ${first}`), ...others.map((line) => `  ${line}`)];
}

function longest(lines: readonly string[]): string {
  return lines.toSorted((a, b) => widthOf(b) - widthOf(a))[0] ?? "";
}

function predictedRow(session: Session, timed: boolean): string[] {
  const point = predictionOf(session);
  const none = chosen(session).pool.unpredicted === null ? PENDING : NO_NUMBER;
  if (point === null) return ["predicted", ...WAIT_HEADS.map(() => none), none, ""];
  return [
    "predicted",
    ...WAIT_HEADS.map((each) => waitText(point.waitNs, each, timed)),
    percentage(point.waitRate),
    "",
  ];
}

function waitText(waitNs: Tail, which: keyof Tail, timed: boolean): string {
  const wait = waitNs[which];
  if (wait === null) return "never";
  return timed ? duration(wait) : `${count(wait)} ops`;
}
