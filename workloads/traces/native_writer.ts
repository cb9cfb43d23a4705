/**
 * Writes the native format, as CSV or NDJSON: comments that say what holds of the whole trace, then a row for each event.
 * An interval whose end was not recorded has an empty `hold_ns`, so that what becomes of it can still be chosen.
 *
 * @module
 */
import type { TraceEvent, TraceNotes } from "./trace.ts";

/** Text is handed on in pieces of about this length. */
const PIECE_CHARACTERS = 2 ** 18;

/** Characters that would end a cell or a line, and the one by which they are written. */
const UNSAFE = /[,"#%\s]/;

/** What a trace needs of the format. */
export interface NativeLayout {
  /** Which spelling. */
  readonly form: "csv" | "ndjson";
  /** What it was made of. */
  readonly source: string;
  /** What was noticed of the whole of it. */
  readonly notes: TraceNotes;
  /** Whether any event is an interval. */
  readonly hasIntervals: boolean;
  /** Whether any event is of several elements. */
  readonly hasCounts: boolean;
  /** The time that becomes 0. */
  readonly startNs: number;
}

/** Writes the events of one trace. */
export class NativeWriter {
  /** Events written so far. */
  events = 0;
  readonly #layout: NativeLayout;
  readonly #write: (text: string) => void;
  readonly #rowOf: (event: TraceEvent) => string;
  #pending: string[] = [];
  #length = 0;

  /** @param write takes the text, piece by piece. */
  constructor(layout: NativeLayout, write: (text: string) => void) {
    this.#layout = layout;
    this.#write = write;
    this.#rowOf = layout.form === "csv" ? csvRows(layout) : jsonRows(layout);
    this.#add(headOf(layout));
  }

  /** Writes an event. */
  event(event: TraceEvent): void {
    this.events++;
    this.#add(this.#rowOf(event));
  }

  /** Hands on what is left. */
  end(): void {
    this.#write(this.#pending.join(""));
    this.#pending = [];
    this.#length = 0;
  }

  #add(text: string): void {
    this.#pending.push(text);
    this.#length += text.length;
    if (this.#length >= PIECE_CHARACTERS) this.end();
  }
}

function headOf(layout: NativeLayout): string {
  const { source, notes, form } = layout;
  const { timed, resolutionNs, stamp, arrivalsOnly, nullFrees, truncated } = notes;
  const comments = [
    `source=${source.replaceAll(/\s+/g, " ")}`,
    `clock=${timed ? "monotonic" : "ops"}`,
    resolutionNs === null ? "" : `resolution_ns=${resolutionNs}`,
    `truncated=${truncated ? 1 : 0}`,
    stamp === "end" ? "stamp=end" : "",
    arrivalsOnly ? "arrivals_only=1" : "",
    nullFrees > 0 ? `null_frees=${nullFrees}` : "",
  ].filter((comment) => comment !== "").map((comment) => `#${comment}\n`).join("");
  return form === "csv" ? `${comments}${columnsOf(layout).join(",")}\n` : comments;
}

function columnsOf({ notes, hasIntervals, hasCounts }: NativeLayout): string[] {
  const columns = ["op", "id", "size", "worker"];
  if (notes.timed) columns.unshift("t_ns");
  if (hasIntervals) columns.push("hold_ns");
  if (hasCounts) columns.push("n");
  return columns;
}

function csvRows({ notes, startNs, hasIntervals, hasCounts }: NativeLayout) {
  return ({ timeNs, op, id, sizeBytes, worker, holdNs, count }: TraceEvent): string => {
    const time = notes.timed ? `${Math.round(timeNs - startNs)},` : "";
    const hold = hasIntervals ? `,${op === "i" && holdNs >= 0 ? Math.round(holdNs) : ""}` : "";
    const size = op === "f" ? "" : sizeBytes;
    const several = hasCounts ? `,${count}` : "";
    return `${time}${op},${cell(id)},${size},${cell(worker)}${hold}${several}\n`;
  };
}

function jsonRows({ notes, startNs }: NativeLayout) {
  return ({ timeNs, op, id, sizeBytes, worker, holdNs, count }: TraceEvent): string => {
    const hold = holdNs >= 0 ? Math.round(holdNs) : null;
    return JSON.stringify({
      ...(notes.timed ? { t_ns: Math.round(timeNs - startNs) } : {}),
      op,
      id,
      ...(op === "f" ? {} : { size: sizeBytes }),
      worker,
      ...(op === "i" ? { hold_ns: hold } : {}),
      ...(count > 1 ? { n: count } : {}),
    }) + "\n";
  };
}

/** A name that may stand in a cell. */
function cell(text: string): string {
  return UNSAFE.test(text) ? encodeURIComponent(text.toWellFormed()) : text;
}
