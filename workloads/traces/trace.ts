/**
 * What a trace is, whatever it was recorded by: a stream of events in the order of the file.
 *
 * Lines are handed to an importer and events handed on by plain calls, not by iterators: ten million
 * lines would wait for a promise each.
 *
 * @module
 */
import type { Warning } from "../../results/result.ts";
import type { TraceOptions } from "./options.ts";

/** One event of a recorded trace. */
export interface TraceEvent {
  /** Nanoseconds from an arbitrary origin; in untimed traces the number of the operation. */
  timeNs: number;
  /** allocate, free, resize (same element), interval (allocate now, free after `holdNs`). */
  op: "a" | "f" | "r" | "i";
  /** Unique among live elements; "" where an interval has none. */
  id: string;
  /** Bytes asked for; 0 where the format has none (and for frees). */
  sizeBytes: number;
  /** The thread or worker that did it, as recorded; "" where there is none. */
  worker: string;
  /** Of intervals, {@linkcode END_UNKNOWN} where the end was not recorded; 0 elsewhere. */
  holdNs: number;
  /** Elements taken together. */
  count: number;
}

/** The hold of an interval whose end was not recorded. */
export const END_UNKNOWN: number = NaN;

/** What an importer noticed on its way; filled while it is read. */
export interface TraceNotes {
  /** False where the clock is the operation count. */
  timed: boolean;
  /** Grain of the recorded stamps, nanoseconds; null where unknown. */
  resolutionNs: number | null;
  /** Which end of an interval was stamped; the other one follows from the hold. */
  stamp: "start" | "end";
  /** Whether intervals have no recorded ends at all, so that their holds must come from elsewhere. */
  arrivalsOnly: boolean;
  /** free(NULL), ignored. */
  nullFrees: number;
  /** Lines of another kind, passed over. */
  foreignLines: number;
  /** Whether the recording or the file is known to end before its time. */
  truncated: boolean;
  /** What the user should hear: what was left out, and why. */
  readonly warnings: Warning[];
}

/** Notes of a reading that begins. */
export function newNotes(): TraceNotes {
  return {
    timed: true,
    resolutionNs: null,
    stamp: "start",
    arrivalsOnly: false,
    nullFrees: 0,
    foreignLines: 0,
    truncated: false,
    warnings: [],
  };
}

/** Takes events one by one, in the order of the file. */
export type TakeEvent = (event: TraceEvent) => void;

/** What an importer is given for one reading. */
export interface Reading {
  /** To be filled. */
  readonly notes: TraceNotes;
  /** What the user chose. */
  readonly options: TraceOptions;
  /** Whether the line given last had no newline behind it: it is the last one, and may be cut. */
  readonly unterminated: boolean;
  /** Takes the events. */
  readonly emit: TakeEvent;
  /** Passes over the line given last, from which no event could be read; it is counted. */
  passOver(line: string): void;
}

/** Reads the lines of one trace. */
export interface TraceReader {
  /** Reads the next line, without its end; empty lines are not given. */
  line(line: string): void;
  /** The lines have ended. */
  end?(): void;
}

/** An importer: one file, one line in `mod.ts`. */
export interface TraceFormat {
  /** One line for `list trace-formats`. */
  readonly summary: string;
  /** Whether the first lines of a file (up to 64 KiB, decoded) are of this format. */
  recognises(head: string): boolean;
  /** Begins to read. Lines that show that the trace cannot serve throw a {@linkcode TraceError}. */
  read(reading: Reading): TraceReader;
}

/** Bad input in a trace: one sentence for the user, exit status 2. */
export class TraceError extends Error {
  /** Tells it from other errors in a log. */
  override readonly name = "TraceError";
  /** The trace that the sentence names; null while it is only a clause. */
  readonly path: string | null;

  /** A clause such as "it is empty"; {@linkcode TraceError.of} makes it the sentence. */
  constructor(message: string, path: string | null = null) {
    super(message);
    this.path = path;
  }

  /** An error as one sentence that names the trace, if it is one about a trace. */
  static of(path: string | URL, error: unknown): unknown {
    if (!(error instanceof TraceError) || error.path !== null) return error;
    return new TraceError(`Cannot read trace ${path}: ${error.message}`, String(path));
  }
}
