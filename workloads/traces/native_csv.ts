/**
 * The native format as CSV: `t_ns,op,id,size,worker[,hold_ns][,n]`, the columns found by their names in the
 * first line that is no comment. Without a `t_ns` column the trace is untimed and its clock counts
 * operations.
 *
 * @module
 */
import { ForeignLines } from "./foreign_lines.ts";
import { NATIVE_FIELDS, NativeEvents, type NativeField, readComment } from "./native.ts";
import type { TraceEvent, TraceFormat, TraceLines, TraceNotes } from "./trace.ts";

/** The native format as CSV. */
export const nativeCsv: TraceFormat = {
  summary: "t_ns,op,id,size,worker[,hold_ns][,n]: events of elements by id, with # comments",
  recognises(head) {
    const first = head.split(/\r?\n/).find((line) => line.trim() !== "" && !line.startsWith("#"));
    return first !== undefined && columnsOf(first) !== null;
  },
  read,
};

type Columns = ReadonlyMap<NativeField, number>;

async function* read(lines: TraceLines, notes: TraceNotes): AsyncGenerator<TraceEvent> {
  const foreign = new ForeignLines(lines, notes);
  const events = new NativeEvents(notes);
  let columns: Columns | null = null;
  let width = 0;
  for await (const line of lines) {
    if (line === "") continue;
    if (line.startsWith("#")) {
      readComment(line, notes);
      continue;
    }
    if (columns === null) {
      columns = columnsOf(line);
      width = line.split(",").length;
      if (columns !== null && !columns.has("t_ns")) notes.timed = false;
      continue;
    }
    const cells = line.split(",");
    const cut = lines.unterminated && cells.length < width;
    const event = cut ? undefined : events.event(fieldsOf(cells, columns));
    if (event === undefined) foreign.passOver(line);
    else if (event !== null) yield event;
  }
  foreign.report();
}

/** Where each field stands, or null where the line is no header of this format. */
function columnsOf(line: string): Columns | null {
  const names = line.split(",").map((name) => name.trim());
  const columns = new Map<NativeField, number>();
  for (const field of NATIVE_FIELDS) {
    const index = names.indexOf(field);
    if (index >= 0) columns.set(field, index);
  }
  return columns.has("op") && (columns.has("id") || columns.has("hold_ns")) ? columns : null;
}

function fieldsOf(cells: readonly string[], columns: Columns): { [field in NativeField]?: string } {
  const fields: { [field in NativeField]?: string } = {};
  for (const [field, index] of columns) {
    const cell = cells[index];
    if (cell !== undefined) fields[field] = cell;
  }
  return fields;
}
