/**
 * Lays text out in a given number of columns: rows lined up under each other, lists wrapped under
 * their label. Widths are what a terminal shows, not what a string holds: colours take none, wide
 * characters take two. Control characters in names that came from a file are dropped by
 * {@linkcode clip}, so that nobody's scenario can steer somebody's terminal.
 *
 * @module
 */
import { stripAnsiCode } from "@std/fmt/colors";

const GRAPHEMES = new Intl.Segmenter("en", { granularity: "grapheme" });
const WIDE =
  /^[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]/u;

/** How many columns a text takes. */
export function widthOf(text: string): number {
  let width = 0;
  for (const { segment } of GRAPHEMES.segment(stripAnsiCode(text))) {
    width += WIDE.test(segment) ? 2 : 1;
  }
  return width;
}

/** A plain text in at most `columns`, cut with "…" where it is longer. */
export function clip(text: string, columns: number): string {
  const clean = text.replace(/\p{Cc}+/gu, " ");
  if (widthOf(clean) <= columns) return clean;
  let cut = "";
  for (const { segment } of GRAPHEMES.segment(clean)) {
    if (widthOf(cut + segment) >= columns) break;
    cut += segment;
  }
  return `${cut}…`;
}

/** A text with blanks behind it up to `columns`. */
export function padEnd(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - widthOf(text)));
}

/** A text with blanks before it up to `columns`. */
export function padStart(text: string, columns: number): string {
  return " ".repeat(Math.max(0, columns - widthOf(text))) + text;
}

/** The widest cell of each column. */
export function columnWidths(rows: readonly (readonly string[])[]): number[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  return Array.from(
    { length: columns },
    (_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ""))),
  );
}

/** How rows are lined up. */
export interface Alignment {
  /** Blanks between two columns. */
  readonly gap: number;
  /** The columns that begin at their left edge; all others end at their right. */
  readonly left: readonly number[];
}

/** Lines up the cells of all rows; no line has blanks at its end. */
export function alignRows(rows: readonly (readonly string[])[], alignment: Alignment): string[] {
  const widths = columnWidths(rows);
  const gap = " ".repeat(alignment.gap);
  return rows.map((row) =>
    row.map((cell, column) =>
      alignment.left.includes(column)
        ? padEnd(cell, widths[column]!)
        : padStart(cell, widths[column]!)
    ).join(gap).trimEnd()
  );
}

/** Where a wrapped list goes. */
export interface Wrapping {
  /** Columns of a line, indent included. */
  readonly columns: number;
  /** Blanks before every line but the first, which begins with `lead`. */
  readonly indent: number;
  /** What the first line begins with, `indent` columns wide. */
  readonly lead: string;
  /** What stands between two items of a line. */
  readonly separator: string;
}

/** Fills lines with items; an item is never broken. */
export function wrapItems(items: readonly string[], wrapping: Wrapping): string[] {
  const { columns, indent, separator } = wrapping;
  const lines: string[] = [];
  let line = padEnd(wrapping.lead, indent);
  let isEmpty = true;
  for (const item of items) {
    const longer = isEmpty ? line + item : line + separator + item;
    if (isEmpty || widthOf(longer.trimEnd()) <= columns) {
      line = longer;
    } else {
      lines.push(line.trimEnd());
      line = " ".repeat(indent) + item;
    }
    isEmpty = false;
  }
  return [...lines, line.trimEnd()];
}

/** Fills lines with the words of a sentence; a word longer than a line is cut. */
export function wrapWords(sentence: string, wrapping: Omit<Wrapping, "separator">): string[] {
  const room = Math.max(1, wrapping.columns - wrapping.indent);
  const words = sentence.split(/\s+/).filter(Boolean).map((word) => clip(word, room));
  return wrapItems(words, { ...wrapping, separator: " " });
}
