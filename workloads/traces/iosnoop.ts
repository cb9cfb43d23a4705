/**
 * Tables of iosnoop (DTrace and perf-tools), biosnoop (bcc and bpftrace) and HeatMap: a header of names in capitals with their
 * units (`TIMEus DELTAus`, `STARTs ENDs COMM PID ... LATms`, `TIME(s) COMM ... LAT(ms)`), columns between blanks. A time alone is that
 * of the completion. DTrace's names have no units: all are microseconds.
 *
 * @module
 */
import { type Columns, columnsOf, type Role, stampColumn } from "./column_names.ts";
import { headLines } from "./head_lines.ts";
import { NamedRows } from "./named_rows.ts";
import { type Reading, TraceError, type TraceFormat, type TraceReader } from "./trace.ts";

/** A name in capitals, perhaps with a unit, at least two of them. */
const HEADER =
  /^\s*[A-Z]{2,}[a-z]{0,2}(?:\([a-z]{1,2}\))?(?:\s+[A-Z]{1,}[a-z]{0,2}(?:\([a-z]{1,2}\))?)+\s*$/;

/** What the tools say before they begin. */
const REMARK = /^\s*(?:Tracing|Attaching) /;

/** DTrace's names, as they would be with their units. */
const DTRACE: Readonly<Record<string, string>> = {
  STIME: "STARTus",
  TIME: "ENDus",
  DELTA: "DURATIONus",
};

/** Names by which iosnoop is known where it was told to print no times. */
const UNTIMED = ["COMM", "PID", "BLOCK"];
const WITHOUT_TIMES = "it is iosnoop without starts or ends: record it with iosnoop -ts";

/** The column that may hold blanks: what stands behind it is counted from the right. */
const FREE_TEXT = "COMM";

/** The column that biosnoop leaves blank where a flush belongs to no disk, and the one behind it. */
const BLANK = ["DISK", "T"] as const;
const DIRECTION = /^[A-Z]{1,4}$/;

/** Tables of iosnoop. */
export const iosnoop: TraceFormat = {
  summary:
    "iosnoop, biosnoop, HeatMap: TIMEus DELTAus (stamped at completion), STARTs ENDs ... LATms",
  recognises: (head) => headLines(head).some((line) => layoutOf(line) !== null),
  read: (reading) => new IosnoopReader(reading),
};

interface Layout {
  readonly names: readonly string[];
  readonly columns: Columns;
  readonly freeText: number;
  /** Whether its rows say when they were. */
  readonly isTimed: boolean;
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
      if (!layout.isTimed) throw new TraceError(WITHOUT_TIMES);
      this.#layout ??= layout;
      this.#rows ??= new NamedRows(this.#reading, layout.columns, { timeIsEnd: true });
      return;
    }
    if (REMARK.test(line)) return;
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
  const written = line.trim().split(/\s+/);
  const isDtrace = written.includes("STIME") || written.includes("DELTA");
  const names = isDtrace ? written.map((name) => DTRACE[name] ?? name) : written;
  const columns = columnsOf(names);
  const isInterval = columns.start ? columns.end ?? columns.duration : columns.duration;
  const isTimed = Boolean(isInterval && stampColumn(columns));
  const isIosnoop = UNTIMED.every((name) => names.includes(name));
  return isTimed || isIosnoop
    ? { names, columns, freeText: names.indexOf(FREE_TEXT), isTimed }
    : null;
}

function cellsOf(line: string, { names, columns, freeText }: Layout) {
  const cells = line.trim().split(/\s+/);
  const isWhole = cells.length >= names.length || isWithoutDisk(cells, names);
  if (!isWhole) return null;
  if (freeText < 0 && cells.length > names.length) return null;
  const row: { [role in Role]?: string } = {};
  for (const [role, { name }] of Object.entries(columns)) {
    const index = names.indexOf(name);
    const isBehind = freeText >= 0 && index > freeText;
    row[role as Role] = cells.at(isBehind ? index - names.length : index)!;
  }
  if (cells.length < names.length) row.worker = "";
  return row;
}

/** Whether a row has a blank where others have a disk, so that what stands behind it is in its place from the right. */
function isWithoutDisk(cells: readonly string[], names: readonly string[]): boolean {
  const at = names.indexOf(BLANK[0]);
  return cells.length === names.length - 1 && at >= 0 && names[at + 1] === BLANK[1] &&
    DIRECTION.test(cells[at] ?? "");
}
