/**
 * The native format as NDJSON, one object a line with the field names of the CSV:
 * `{"t_ns":0,"op":"a","id":"1","size":64,"worker":"0"}`. Where the first event has no `t_ns`, the trace is
 * untimed and its clock counts operations.
 *
 * @module
 */
import { NATIVE_FIELDS, NativeEvents, type NativeField, readComment } from "./native.ts";
import type { Reading, TraceFormat, TraceReader } from "./trace.ts";

/** The native format as NDJSON. */
export const nativeNdjson: TraceFormat = {
  summary: '{"t_ns":0,"op":"a","id":"1","size":64,"worker":"0"}: the same as lines of JSON',
  recognises(head) {
    const first = head.split(/\r?\n/).find((line) => line.trim() !== "" && !line.startsWith("#"));
    const fields = first === undefined ? null : fieldsOf(first);
    return fields !== null && /^[afri]$/.test(fields.op ?? "");
  },
  read: (reading) => new NativeNdjsonReader(reading),
};

type Fields = { [field in NativeField]?: string };

class NativeNdjsonReader implements TraceReader {
  readonly #reading: Reading;
  readonly #events: NativeEvents;
  #isFirst = true;

  constructor(reading: Reading) {
    this.#reading = reading;
    this.#events = new NativeEvents(reading);
  }

  line(line: string): void {
    if (line.startsWith("#")) return readComment(line, this.#reading.notes);
    const fields = fieldsOf(line);
    if (this.#isFirst && fields !== null && fields.t_ns === undefined) {
      this.#reading.notes.timed = false;
    }
    this.#isFirst = false;
    if (fields === null || !this.#events.take(fields)) this.#reading.passOver(line);
  }
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
    if (value === null) fields[field] = "";
  }
  return fields;
}

/** The object that a line is; null where it is none. */
export function objectOf(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? value as Readonly<Record<string, unknown>> : null;
  } catch {
    return null;
  }
}

/** A number as it is written, where reading it as a number would round it. */
export function exactly(value: number, field: string, line: string): string {
  if (Number.isSafeInteger(value)) return String(value);
  const at = line.indexOf(`${JSON.stringify(field)}`);
  return /^"\s*:\s*([^\s,}]+)/.exec(line.slice(at + field.length + 1, at + field.length + 80))
    ?.[1] ??
    String(value);
}
