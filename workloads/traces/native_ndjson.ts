/**
 * The native format as NDJSON, one object a line with the field names of the CSV:
 * `{"t_ns":0,"op":"a","id":"1","size":64,"worker":"0"}`. Where the first event has no `t_ns`, the trace is
 * untimed and its clock counts operations.
 *
 * @module
 */
import { ForeignLines } from "./foreign_lines.ts";
import { NATIVE_FIELDS, NativeEvents, type NativeField, readComment } from "./native.ts";
import type { TraceEvent, TraceFormat, TraceLines, TraceNotes } from "./trace.ts";

/** The native format as NDJSON. */
export const nativeNdjson: TraceFormat = {
  summary: '{"t_ns":0,"op":"a","id":"1","size":64,"worker":"0"}: the same as lines of JSON',
  recognises(head) {
    const first = head.split(/\r?\n/).find((line) => line.trim() !== "" && !line.startsWith("#"));
    const fields = first === undefined ? null : fieldsOf(first);
    return fields !== null && /^[afri]$/.test(fields.op ?? "");
  },
  read,
};

type Fields = { [field in NativeField]?: string };

async function* read(lines: TraceLines, notes: TraceNotes): AsyncGenerator<TraceEvent> {
  const foreign = new ForeignLines(lines, notes);
  const events = new NativeEvents(notes);
  let first = true;
  for await (const line of lines) {
    if (line === "") continue;
    if (line.startsWith("#")) {
      readComment(line, notes);
      continue;
    }
    const fields = fieldsOf(line);
    if (first && fields !== null && fields.t_ns === undefined) notes.timed = false;
    first = false;
    const event = fields === null ? undefined : events.event(fields);
    if (event === undefined) foreign.passOver(line);
    else if (event !== null) yield event;
  }
  foreign.report();
}

/** The fields of one line as text, or null where it is no object. */
function fieldsOf(line: string): Fields | null {
  const object = objectOf(line);
  if (object === null) return null;
  const fields: Fields = {};
  for (const field of NATIVE_FIELDS) {
    const value: unknown = Object.hasOwn(object, field) ? object[field] : undefined;
    if (typeof value === "string") fields[field] = value;
    if (typeof value === "number") fields[field] = exactly(value, field, line);
  }
  return fields;
}

function objectOf(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? value as Readonly<Record<string, unknown>> : null;
  } catch {
    return null;
  }
}

/** A number as it is written, where reading it as a number would round it. */
function exactly(value: number, field: NativeField, line: string): string {
  if (Number.isSafeInteger(value)) return String(value);
  return new RegExp(`"${field}"\\s*:\\s*([^\\s,}]+)`).exec(line)?.[1] ?? String(value);
}
