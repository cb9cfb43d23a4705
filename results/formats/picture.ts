/**
 * A curve as a picture of characters: a share that falls over many powers of ten, so its axis is a logarithm; the
 * interval as a shade round it, the target as a line across, the chosen point marked.
 *
 * @module
 */
import { padStart } from "./columns.ts";
import { percentage } from "./numbers.ts";
import type { Paint } from "./paint.ts";

/** A point of the curve; limits are null where nothing is known. */
export interface PicturePoint {
  readonly x: number;
  readonly share: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** What is drawn, and where. */
export interface Picture {
  /** Ascending in x. */
  readonly points: readonly PicturePoint[];
  readonly target: number;
  /** The chosen x; null where none was. */
  readonly chosen: number | null;
  /** Columns of a line, axis included. */
  readonly columns: number;
  /** Lines above the axis, at least 2; 13 if not given. */
  readonly rows?: number;
  readonly paint: Paint;
}

const ROWS = 13;
const AXIS = 9;

/** From here up a curve is flat, and nothing to look at. */
const FLAT = 0.95;

/** The lines of a picture; none where there are fewer than two points. */
export function picture(
  { points: all, target, chosen, columns, rows = ROWS, paint }: Picture,
): string[] {
  const points = all.slice(Math.max(0, all.findLastIndex(({ share }) => share > FLAT)));
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || first.x === last.x) return [];
  const width = Math.max(10, columns - AXIS - 1);
  const least = floorOf(points, target);
  const rowOf = (share: number) =>
    Math.min(
      rows - 1,
      Math.round(Math.log10(Math.max(share, least)) / Math.log10(least) * (rows - 1)),
    );
  const xOf = (column: number) => first.x + (last.x - first.x) * column / (width - 1);
  const cells = Array.from({ length: rows }, () => Array<string>(width).fill(" "));
  cells[rowOf(target)]!.fill(paint.quiet("┄"));
  for (let column = 0; column < width; column++) {
    const { share, low, high } = pointAt(points, xOf(column), least);
    if (low !== null && high !== null) {
      for (let row = rowOf(high); row <= rowOf(low); row++) {
        cells[row]![column] = paint.quiet("░");
      }
    }
    cells[rowOf(share)]![column] = "•";
  }
  if (chosen !== null) {
    const column = Math.round((chosen - first.x) / (last.x - first.x) * (width - 1));
    const { share } = pointAt(points, chosen, least);
    if (column >= 0 && column < width) cells[rowOf(share)]![column] = paint.good("◆");
  }
  const label = (row: number) =>
    row === rowOf(target)
      ? percentage(target)
      : row % 3 === 0
      ? percentage(least ** (row / (rows - 1)))
      : "";
  const ends = [String(first.x), String(last.x)];
  return [
    ...cells.map((line, row) => `${padStart(label(row), AXIS - 1)} ┤${line.join("")}`),
    " ".repeat(AXIS + 1) + ends[0] + padStart(ends[1]!, width - ends[0]!.length),
  ];
}

/** The share at the bottom: a power of ten below the target and what is seen. */
function floorOf(points: readonly PicturePoint[], target: number): number {
  const seen = points.map(({ share }) => share).filter((share) => share > 0);
  const least = Math.max(Math.min(...seen, target), target / 100);
  return 10 ** Math.floor(Math.log10(least) - 1e-9);
}

/** The curve at an x between its points, straight on the picture. */
function pointAt(points: readonly PicturePoint[], x: number, least: number): PicturePoint {
  const after = points.findIndex((point) => point.x >= x);
  const right = points[after < 0 ? points.length - 1 : after]!;
  const left = after > 0 ? points[after - 1]! : right;
  if (left === right || right.x === x) return right;
  const along = (x - left.x) / (right.x - left.x);
  const between = (from: number | null, to: number | null) =>
    from === null || to === null
      ? null
      : Math.max(from, least) ** (1 - along) * Math.max(to, least) ** along;
  return {
    x,
    share: between(left.share, right.share)!,
    low: between(left.low, right.low),
    high: between(left.high, right.high),
  };
}
