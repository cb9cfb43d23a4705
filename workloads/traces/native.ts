/**
 * The fields of the native format, shared by its two spellings, CSV and NDJSON: which values they may have
 * and what event they make.
 *
 * @module
 */
import type { TraceEvent, TraceNotes } from "./trace.ts";

/** The fields that make an event; others are passed over. */
export const NATIVE_FIELDS = ["t_ns", "op", "id", "size", "worker", "hold_ns", "n"] as const;

/** A field of the native format. */
export type NativeField = typeof NATIVE_FIELDS[number];

/** The fields of one event as text; empty or absent where it has none. */
export type NativeFields = { readonly [field in NativeField]?: string | undefined };

/** More elements taken at once than this are a damaged line. */
const COUNT_MAX = 65_536;

/** Ways to write no element; a free of it is `free(NULL)`. */
const NULLS: ReadonlySet<string> = new Set(["", "0x0", "(nil)"]);

/** Makes events of the fields of one trace, line by line. */
export class NativeEvents {
  readonly #notes: TraceNotes;
  #operations = 0;
  #origin: bigint | null = null;

  /** Of a trace whose notes are being filled. */
  constructor(notes: TraceNotes) {
    this.#notes = notes;
  }

  /**
   * Makes one event.
   *
   * @returns null for `free(NULL)`, which is counted in the notes; undefined where the fields make no event.
   */
  event(fields: NativeFields): TraceEvent | null | undefined {
    const { op, id = "", worker = "" } = fields;
    if (op !== "a" && op !== "f" && op !== "r" && op !== "i") return undefined;
    const timeNs = this.#time(fields.t_ns);
    const sizeBytes = op === "f" ? 0 : wholeOr(0, fields.size);
    const holdNs = op === "i" && this.#notes.timed ? whole(fields.hold_ns) : op === "i" ? NaN : 0;
    const count = wholeOr(1, fields.n);
    if (Number.isNaN(timeNs + sizeBytes + holdNs) || !(count >= 1 && count <= COUNT_MAX)) {
      return undefined;
    }
    if (op === "f" && NULLS.has(id)) {
      this.#notes.nullFrees++;
      return null;
    }
    if (op !== "i" && NULLS.has(id)) return undefined;
    this.#operations++;
    return { timeNs, op, id, sizeBytes, worker, holdNs, count };
  }

  /** The recorded time, or in a trace without times the number of the operation. */
  #time(text: string | undefined): number {
    if (!this.#notes.timed && (text === undefined || text === "")) return this.#operations;
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
  if (key === "truncated" && value === "1") {
    notes.warnings.push("the trace says of itself that its recording was cut short");
  }
}

/** A whole number up to 2^53 - 1, else NaN. */
function whole(text: string | undefined): number {
  if (text === undefined || !/^\d{1,16}$/.test(text)) return NaN;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : NaN;
}

function wholeOr(fallback: number, text: string | undefined): number {
  return text === undefined || text === "" ? fallback : whole(text);
}
