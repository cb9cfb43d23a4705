/**
 * What a trace is, whatever it was recorded by: a stream of events in the order of the file.
 *
 * @module
 */

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
  /** Of intervals; 0 elsewhere. */
  holdNs: number;
  /** Elements taken together. */
  count: number;
}

/** What an importer noticed on its way; filled while it is read. */
export interface TraceNotes {
  /** False where the clock is the operation count. */
  timed: boolean;
  /** Grain of the recorded stamps, nanoseconds; null where unknown. */
  resolutionNs: number | null;
  /** free(NULL), ignored. */
  nullFrees: number;
  /** Lines of another kind, passed over. */
  foreignLines: number;
  /** Sentences for the user: what was left out, and why. */
  readonly warnings: string[];
}

/** The lines of a trace, without their ends. */
export interface TraceLines extends AsyncIterable<string> {
  /** Number of the line given last, from 1 up. */
  readonly number: number;
  /** Whether the line given last had no newline behind it: it is the last one, and may be cut. */
  readonly unterminated: boolean;
}

/** An importer: one file, one line in `mod.ts`. */
export interface TraceFormat {
  /** One line for `list trace-formats`. */
  readonly summary: string;
  /** Whether the first lines of a file (up to 64 KiB, decoded) are of this format. */
  recognises(head: string): boolean;
  /** Reads the lines as events, in file order. A trace that cannot serve throws a {@linkcode TraceError}. */
  read(lines: TraceLines, notes: TraceNotes): AsyncIterable<TraceEvent>;
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
