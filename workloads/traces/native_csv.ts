/**
 * The native format as CSV: `t_ns,op,id,size,worker[,hold_ns][,n]`, the columns found by their names in the
 * first line that is no comment. Without a `t_ns` column the trace is untimed and its clock counts
 * operations.
 *
 * @module
 */
import { NATIVE_FIELDS, NativeEvents, type NativeField, readComment } from "./native.ts";
import type { Reading, TraceFormat, TraceReader } from "./trace.ts";

/** The native format as CSV. */
export const nativeCsv: TraceFormat = {
  summary: "t_ns,op,id,size,worker[,hold_ns][,n]: events of elements by id, with # comments",
  recognises(head) {
    const first = head.split(/\r?\n/).find((line) => line.trim() !== "" && !line.startsWith("#"));
    return first !== undefined && isNativeHeader(first);
  },
  read: (reading) => new NativeCsvReader(reading),
};

/** Where each field stands; undefined where it does not. */
type Columns = { readonly [field in NativeField]?: number };

class NativeCsvReader implements TraceReader {
  readonly #reading: Reading;
  readonly #events: NativeEvents;
  #columns: Columns | null = null;
  #width = 0;

  constructor(reading: Reading) {
    this.#reading = reading;
    this.#events = new NativeEvents(reading);
  }

  line(line: string): void {
    if (line.startsWith("#")) return readComment(line, this.#reading.notes);
    const cells = line.split(",");
    if (this.#columns === null) {
      this.#columns = columnsOf(cells);
      this.#width = cells.length;
      if (this.#columns.t_ns === undefined) this.#reading.notes.timed = false;
      return;
    }
    const isCut = this.#reading.unterminated && cells.length < this.#width;
    if (isCut || !this.#events.take(fieldsOf(cells, this.#columns))) this.#reading.passOver(line);
  }
}

/** Whether a line is the header of this format. */
export function isNativeHeader(line: string): boolean {
  const { op, id, hold_ns } = columnsOf(line.split(","));
  return op !== undefined && (id !== undefined || hold_ns !== undefined);
}

function columnsOf(cells: readonly string[]): Columns {
  const names = cells.map((cell) => cell.trim());
  const columns: { [field in NativeField]?: number } = {};
  for (const field of NATIVE_FIELDS) {
    const index = names.indexOf(field);
    if (index >= 0) columns[field] = index;
  }
  return columns;
}

function fieldsOf(cells: readonly string[], columns: Columns) {
  return {
    t_ns: cellAt(cells, columns.t_ns),
    op: cellAt(cells, columns.op),
    id: cellAt(cells, columns.id),
    size: cellAt(cells, columns.size),
    worker: cellAt(cells, columns.worker),
    hold_ns: cellAt(cells, columns.hold_ns),
    n: cellAt(cells, columns.n),
  };
}

function cellAt(cells: readonly string[], index: number | undefined): string | undefined {
  return index === undefined ? undefined : cells[index];
}
