/**
 * CSV of a program's own making: a header whose names say what started or ended when, and how long it took. Separated by
 * commas, semicolons or tabs; cells may be quoted. A start alone makes arrivals only, as in the traces of Azure's
 * LLM services (`TIMESTAMP,ContextTokens,GeneratedTokens`).
 *
 * @module
 */
import { type Columns, columnsOf, type Role, stampColumn } from "./column_names.ts";
import { headLines } from "./head_lines.ts";
import { msrCambridge } from "./msr_cambridge.ts";
import { isTime, NamedRows } from "./named_rows.ts";
import { isNativeHeader } from "./native_csv.ts";
import type { Reading, TraceFormat, TraceReader } from "./trace.ts";

const SEPARATORS = [",", ";", "\t"];

/** Rows at the head of a file among which one must be good. */
const ROWS_LOOKED_AT = 20;

/** CSV with named columns. */
export const csv: TraceFormat = {
  summary: "CSV with named start, end or duration columns: start_us,latency_us,bytes",
  recognises(head) {
    const [header = "", ...rows] = headLines(head).filter((line) => !line.startsWith("#"));
    if (isNativeHeader(header) || msrCambridge.recognises(head)) return false;
    const layout = layoutOf(header);
    return layout !== null && rows.slice(0, ROWS_LOOKED_AT).some((row) => {
      const cells = cellsOf(row, layout.separator);
      return cells.length === layout.width && isTime(cells[layout.stampIndex]);
    });
  },
  read: (reading) => new CsvReader(reading),
};

/** Where the columns stand that are good for something. */
interface Layout {
  readonly separator: string;
  readonly width: number;
  readonly columns: Columns;
  readonly indices: ReadonlyMap<Role, number>;
  /** The column that says when. */
  readonly stampIndex: number;
}

class CsvReader implements TraceReader {
  readonly #reading: Reading;
  #layout: Layout | null = null;
  #rows: NamedRows | null = null;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  line(line: string): void {
    if (line.startsWith("#")) return;
    if (this.#layout === null || this.#rows === null) {
      this.#layout = layoutOf(line);
      this.#rows = this.#layout && new NamedRows(this.#reading, this.#layout.columns);
      return;
    }
    const { separator, width, indices } = this.#layout;
    const cells = cellsOf(line, separator);
    const isCut = cells.length !== width;
    const row: { [role in Role]?: string } = {};
    for (const [role, index] of indices) row[role] = cells[index] ?? "";
    if (isCut || !this.#rows.row(row)) this.#reading.passOver(line);
  }

  end(): void {
    this.#rows?.end();
  }
}

function layoutOf(header: string): Layout | null {
  const separator = SEPARATORS.toSorted((a, b) =>
    header.split(b).length - header.split(a).length
  )[0]!;
  const names = cellsOf(header, separator);
  const columns = columnsOf(names);
  const stamp = stampColumn(columns);
  if (stamp === undefined || (stamp === columns.end && !columns.duration)) return null;
  const indices = new Map<Role, number>();
  for (const [role, { name }] of Object.entries(columns)) {
    indices.set(role as Role, names.indexOf(name));
  }
  return {
    separator,
    width: names.length,
    columns,
    indices,
    stampIndex: names.indexOf(stamp.name),
  };
}

function cellsOf(line: string, separator: string): string[] {
  if (!line.includes('"')) return line.split(separator);
  const cells: string[] = [];
  let cell = "";
  let isQuoted = false;
  for (const character of line) {
    if (character === '"') isQuoted = !isQuoted;
    else if (character === separator && !isQuoted) {
      cells.push(cell);
      cell = "";
    } else cell += character;
  }
  return [...cells, cell];
}
