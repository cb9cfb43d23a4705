/**
 * A session as the lines of a screen, whatever its size from 60 columns up: a pure function. Where lines are short, the picture
 * shrinks and goes first; where columns are many, it stands beside the numbers.
 *
 * @module
 */
import { clip, padEnd, widthOf } from "../../results/formats/columns.ts";
import { paintFor } from "../../results/formats/paint.ts";
import { picture } from "../../results/formats/picture.ts";
import { allowedShare } from "../../results/recommendation.ts";
import { choiceLines, type Room } from "./choice_lines.ts";
import { cautionLines, helpLines, keyLines } from "./key_lines.ts";
import { outcomeLines } from "./outcome_lines.ts";
import { chosen, curveOf, type Session } from "./session.ts";

/** The screen. */
export interface Screen {
  readonly columns: number;
  readonly rows: number;
  readonly color: boolean;
}

const COLUMNS_MIN = 60;
const COLUMNS_MAX = 160;

/** On fewer rows nothing is left empty for looks alone. */
const ROWS_AIRY = 26;

/** From so many columns on the picture stands beside the numbers. */
const COLUMNS_WIDE = 124;
const LEFT = 68;

/** Where nobody waits any more there is nothing to see: a picture ends so much after that. */
const BEYOND = 1.2;

/** A picture of fewer rows shows nothing. */
const PICTURE_MIN = 4;
const PICTURE_MAX = 13;
/** Lines of a picture besides its rows: the caption, which may be left out, and the axis. */
const PICTURE_FRAME = 2;

/** The lines, at most as many as the screen has rows, none longer than it is wide. */
export function view(session: Session, screen: Screen): string[] {
  const columns = Math.min(COLUMNS_MAX, Math.max(COLUMNS_MIN, screen.columns));
  const room: Room = { columns, paint: paintFor(screen.color) };
  const head = [titleLine(session, room), ...(screen.rows >= ROWS_AIRY ? [""] : [])];
  const bottom = session.mode.kind === "help" ? [] : keyLines(session, room);
  const rows = Math.max(0, screen.rows - head.length - bottom.length);
  const body = session.mode.kind === "help" ? helpLines(room) : bodyLines(session, room, rows);
  const lines = [...head, ...body.slice(0, rows)];
  const filler = Array<string>(Math.max(0, screen.rows - lines.length - bottom.length)).fill("");
  return [...lines, ...filler, ...bottom].slice(-Math.max(1, screen.rows))
    .map((line) => fitted(line, screen.columns));
}

/** The same without keys and without a size, for where there is no screen. */
export function report(session: Session, room: Room): string[] {
  return [...choiceLines(session, room), "", ...outcomeLines(session, room)];
}

/** A line that is too long loses its colours and its end: better than a broken screen. */
function fitted(line: string, columns: number): string {
  // deno-lint-ignore no-control-regex
  return widthOf(line) <= columns ? line : clip(line.replace(/\x1b\[[\d;]*m/g, ""), columns);
}

/** What is tuned. */
export function titleLine({ tuned }: Session, { columns, paint }: Room): string {
  const name = clip(tuned.name, 40);
  const facts = clip(tuned.facts.join(" · "), columns - widthOf(name) - 4);
  return `  ${paint.title(name)}  ${paint.quiet(facts)}`;
}

function bodyLines(session: Session, room: Room, rows: number): string[] {
  const { columns } = room;
  if (columns >= COLUMNS_WIDE) return wideLines(session, room, rows);
  const cautions = cautionLines(session, room);
  const numbers = [
    ...choiceLines(session, room),
    "",
    ...outcomeLines(session, room),
  ];
  const left = rows - numbers.length;
  const drawn = pictureLines(session, room, left - roomFor(cautions));
  const isFull = drawn.length + roomFor(cautions) >= left;
  const said = ["", ...cautions.slice(0, Math.max(0, left - drawn.length - 1))];
  return [
    ...numbers,
    ...(cautions.length === 0 ? [] : said),
    ...(isFull ? drawn : withGap(drawn)),
  ];
}

function roomFor(cautions: readonly string[]): number {
  return cautions.length === 0 ? 0 : cautions.length + 1;
}

function withGap(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", ...lines];
}

function wideLines(session: Session, room: Room, rows: number): string[] {
  const narrow = { ...room, columns: LEFT };
  const left = [
    ...choiceLines(session, narrow),
    "",
    ...outcomeLines(session, narrow),
    ...withGap(cautionLines(session, narrow)),
  ];
  const right = pictureLines(session, { ...room, columns: room.columns - LEFT - 3 }, rows - 1);
  const many = Math.max(left.length, right.length);
  return Array.from(
    { length: many },
    (_, row) => `${padEnd(left[row] ?? "", LEFT + 3)}${right[row] ?? ""}`.trimEnd(),
  );
}

/** The curve with the chosen point, in so many lines at most; none where they are too few. */
export function pictureLines(session: Session, room: Room, lines: number): string[] {
  const { columns, paint } = room;
  const isTight = lines < PICTURE_MIN + PICTURE_FRAME;
  const rows = Math.min(PICTURE_MAX, lines - (isTight ? 1 : PICTURE_FRAME));
  const curve = curveOf(session);
  if (rows < PICTURE_MIN || curve === undefined) return [];
  const last = (curve.neverWaits ?? Infinity) * BEYOND;
  const points = curve.points.filter(({ minReserve }) => minReserve <= last)
    .map(({ minReserve, missRate, missLow, missHigh }) => ({
      ...{ x: minReserve, share: missRate, low: missLow, high: missHigh },
    }));
  const { minReserve } = chosen(session);
  const where = minReserve <= last ? "◆ chosen" : "◆ chosen, beyond this";
  const target = allowedShare(session.target);
  const drawn = picture({ points, target, chosen: minReserve, columns, rows, paint });
  if (drawn.length === 0) return [];
  const caption = clip(`share that misses (•, interval ░), by reserve (${where})`, columns - 2);
  return isTight ? drawn : [paint.quiet(`  ${caption}`), ...drawn];
}
