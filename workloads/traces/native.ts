/**
 * The fields of the native format, shared by its two spellings, CSV and NDJSON: which values they may have
 * and what event they make.
 *
 * An interval with an empty `hold_ns` is one whose end was not recorded; where all are, the trace has arrivals only.
 *
 * @module
 */
import { END_UNKNOWN, type Reading, type TraceEvent, type TraceNotes } from "./trace.ts";

/** The fields that make an event; others are passed over. */
export const NATIVE_FIELDS = ["t_ns", "op", "id", "size", "worker", "hold_ns", "n"] as const;

/** A field of the native format. */
export type NativeField = typeof NATIVE_FIELDS[number];

/** The fields of one event as text; empty or absent where it has none. */
export type NativeFields = { readonly [field in NativeField]?: string | undefined };

/** More elements taken at once than this are a damaged line. */
const COUNT_MAX = 65_536;

/** Digits of the largest exact number, and the code of the first of them. */
const DIGITS_MAX = 16;
const ZERO = 48;

/** Ways to write no element; a free of it is `free(NULL)`. */
const NULLS: ReadonlySet<string> = new Set(["", "0x0", "(nil)"]);

/** Makes events of the fields of one trace, line by line. */
export class NativeEvents {
  readonly #reading: Reading;
  #operations = 0;
  #origin: bigint | null = null;

  /** Of one reading. */
  constructor(reading: Reading) {
    this.#reading = reading;
  }

  /**
   * Takes the fields of one line. A free of nothing is counted and is no event.
   *
   * @returns false where they make no event.
   */
  take(fields: NativeFields): boolean {
    const { op, id = "", worker = "" } = fields;
    if (op !== "a" && op !== "f" && op !== "r" && op !== "i") return false;
    const { notes } = this.#reading;
    const timeNs = this.#time(fields.t_ns);
    const sizeBytes = op === "f" ? 0 : wholeOr(0, fields.size);
    const count = wholeOr(1, fields.n);
    if (Number.isNaN(timeNs + sizeBytes) || !(count >= 1 && count <= COUNT_MAX)) return false;
    if (op === "i") {
      return this.#interval({ timeNs, op, id, sizeBytes, worker, holdNs: 0, count }, fields);
    }
    if (NULLS.has(id)) {
      if (op === "f") notes.nullFrees++;
      return op === "f";
    }
    this.#operations++;
    this.#reading.emit({ timeNs, op, id, sizeBytes, worker, holdNs: 0, count });
    return true;
  }

  #interval(event: TraceEvent, { hold_ns }: NativeFields): boolean {
    const isUnknown = hold_ns === "";
    const holdNs = isUnknown ? END_UNKNOWN : whole(hold_ns);
    if (!isUnknown && Number.isNaN(holdNs)) return false;
    if (!this.#reading.notes.timed && !isUnknown) return false; // operations are no length of time
    if (!isUnknown) this.#reading.notes.arrivalsOnly = false;
    this.#operations++;
    this.#reading.emit({ ...event, holdNs });
    return true;
  }

  /** The recorded time, or in a trace without times the number of the operation. */
  #time(text: string | undefined): number {
    if (!this.#reading.notes.timed && (text === undefined || text === "")) return this.#operations;
    const time = this.#origin === null ? whole(text) : NaN;
    return Number.isNaN(time) ? this.#longTime(text) : time;
  }

  /** Stamps beyond 2^53, such as nanoseconds since 1970: counted from the first one. */
  #longTime(text: string | undefined): number {
    if (text === undefined || !/^\d{1,20}$/.test(text)) return NaN;
    const stamp = BigInt(text);
    if (this.#origin === null && this.#operations > 0) return NaN;
    this.#origin ??= stamp;
    return Number(stamp - this.#origin);
  }
}

/** Takes what a comment line says of the whole trace, such as `#resolution_ns=1000000`. */
export function readComment(line: string, notes: TraceNotes): void {
  const match = /^#\s*(\w+)\s*=\s*(.*?)\s*$/.exec(line);
  if (match === null) return;
  const [, key, value = ""] = match;
  if (key === "resolution_ns" && whole(value) > 0) notes.resolutionNs = whole(value);
  if (key === "clock" && value === "ops") notes.timed = false;
  if (key === "stamp" && value === "end") notes.stamp = "end";
  if (key === "null_frees" && whole(value) > 0) notes.nullFrees += whole(value);
  if (key === "arrivals_only" && value === "1") notes.arrivalsOnly = true;
  if (key === "truncated" && value === "1") {
    notes.truncated = true;
    notes.warnings.push({
      code: "truncated",
      message: "the trace says of itself that its recording was cut short",
      advice: "take what is live at its end with a grain of salt",
    });
  }
}

/** A whole number up to 2^53 - 1, else NaN. Digit by digit: this is where a long trace spends its time. */
function whole(text: string | undefined): number {
  if (text === undefined || text.length === 0 || text.length > DIGITS_MAX) return NaN;
  let value = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return NaN;
    value = value * 10 + digit;
  }
  return Number.isSafeInteger(value) ? value : NaN;
}

function wholeOr(fallback: number, text: string | undefined): number {
  return text === undefined || text === "" ? fallback : whole(text);
}
