/**
 * Lines of JSON of a program's own making, one object for each request or element, whose fields say what started or
 * ended when: `{"start_ns":741403814,"end_ns":756306561,"bytes":549}`. Such logs are written when things end, so the starts
 * are out of order.
 *
 * @module
 */
import { type Columns, columnsOf, type Role, stampColumn } from "./column_names.ts";
import { headLines } from "./head_lines.ts";
import { isTime, NamedRows } from "./named_rows.ts";
import { exactly, objectOf } from "./native_ndjson.ts";
import type { Reading, TraceFormat, TraceReader } from "./trace.ts";

/** Lines of JSON with named fields. */
export const jsonLines: TraceFormat = {
  summary: 'JSON lines with start and end or duration: {"start_ns":0,"end_ns":9,"bytes":64}',
  recognises(head) {
    const first = headLines(head).map(objectOf).find((object) => object !== null);
    return first !== undefined && stampOf(columnsIn(first), first) !== null;
  },
  read: (reading) => new JsonLinesReader(reading),
};

class JsonLinesReader implements TraceReader {
  readonly #reading: Reading;
  #columns: Columns = {};
  #rows: NamedRows | null = null;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  line(line: string): void {
    const object = objectOf(line);
    if (object === null) return this.#reading.passOver(line);
    if (this.#rows === null) {
      this.#columns = columnsIn(object);
      if (stampOf(this.#columns, object) === null) return this.#reading.passOver(line);
      this.#rows = new NamedRows(this.#reading, this.#columns);
    }
    const row: { [role in Role]?: string } = {};
    for (const [role, { name }] of Object.entries(this.#columns)) {
      const value = Object.hasOwn(object, name) ? object[name] : undefined;
      if (typeof value === "string") row[role as Role] = value;
      if (typeof value === "number") row[role as Role] = exactly(value, name, line);
    }
    if (!this.#rows.row(row)) this.#reading.passOver(line);
  }

  end(): void {
    this.#rows?.end();
  }
}

type JsonObject = Readonly<Record<string, unknown>>;

/** Fields of the first object; a later one may have null where the first has a number. */
function columnsIn(object: JsonObject): Columns {
  return "op" in object && "t_ns" in object ? {} : columnsOf(Object.keys(object));
}

/** When something happened by the first object; null where nothing says it. */
function stampOf(columns: Columns, object: JsonObject): string | null {
  const stamp = stampColumn(columns);
  const value = stamp === undefined ? undefined : object[stamp.name];
  if (stamp === columns.end && columns.duration === undefined) return null;
  return isTime(String(value ?? "")) ? String(value) : null;
}
