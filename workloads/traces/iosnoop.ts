/**
 * Tables of iosnoop (DTrace and perf-tools) and of HeatMap: a header of names in capitals with their units (`TIMEus DELTAus`,
 * `STARTs ENDs COMM PID ... LATms`), columns between blanks. A time alone is that of the completion.
 *
 * @module
 */
import { type Columns, columnsOf, type Role } from "./column_names.ts";
import { headLines } from "./head_lines.ts";
import { NamedRows } from "./named_rows.ts";
import type { Reading, TraceFormat, TraceReader } from "./trace.ts";

/** A name in capitals, perhaps with a unit, at least two of them. */
const HEADER = /^\s*[A-Z]{2,}[a-z]{0,2}(?:\s+[A-Z]{1,}[a-z]{0,2})+\s*$/;

/** The one column that may hold blanks: what stands behind it is counted from the right. */
const FREE_TEXT = "COMM";

/** Tables of iosnoop. */
export const iosnoop: TraceFormat = {
  summary: "iosnoop, HeatMap: TIMEus DELTAus (stamped at completion), or STARTs ENDs ... LATms",
  recognises: (head) => headLines(head).some((line) => layoutOf(line) !== null),
  read: (reading) => new IosnoopReader(reading),
};

interface Layout {
  readonly names: readonly string[];
  readonly columns: Columns;
  readonly freeText: number;
}

class IosnoopReader implements TraceReader {
  readonly #reading: Reading;
  #layout: Layout | null = null;
  #rows: NamedRows | null = null;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  line(line: string): void {
    const layout = layoutOf(line);
    if (layout !== null) {
      this.#layout ??= layout;
      this.#rows ??= new NamedRows(this.#reading, layout.columns, { timeIsEnd: true });
      return;
    }
    if (this.#layout === null || this.#rows === null) return this.#reading.passOver(line);
    const row = cellsOf(line, this.#layout);
    if (row === null || !this.#rows.row(row)) this.#reading.passOver(line);
  }

  end(): void {
    this.#rows?.end();
  }
}

function layoutOf(line: string): Layout | null {
  if (line.length > 400 || !HEADER.test(line)) return null;
  const names = line.trim().split(/\s+/);
  const columns = columnsOf(names);
  const isInterval = columns.start ? columns.end ?? columns.duration : columns.duration;
  const isStamped = columns.start ?? columns.time ?? columns.end;
  if (!isInterval || !isStamped) return null;
  return { names, columns, freeText: names.indexOf(FREE_TEXT) };
}

function cellsOf(line: string, { names, columns, freeText }: Layout) {
  const cells = line.trim().split(/\s+/);
  if (cells.length < names.length) return null;
  if (freeText < 0 && cells.length > names.length) return null;
  const row: { [role in Role]?: string } = {};
  for (const [role, { name }] of Object.entries(columns)) {
    const index = names.indexOf(name);
    const isBehind = freeText >= 0 && index > freeText;
    row[role as Role] = cells.at(isBehind ? index - names.length : index)!;
  }
  return row;
}
