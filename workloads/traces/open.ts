/**
 * Reads a recorded trace of any known format. The format is told by the content, never by the name, and
 * what cannot serve is refused with a sentence that says why.
 *
 * @module
 */
import { binaryKind } from "./binary_files.ts";
import { ForeignLines } from "./foreign_lines.ts";
import { joinLatencies } from "./fio_join.ts";
import { GivenHolds } from "./given_holds.ts";
import { LineReader } from "./lines.ts";
import * as formats from "./mod.ts";
import type { TraceOptions } from "./options.ts";
import { Spreader } from "./spread.ts";
import {
  newNotes,
  type Reading,
  type TakeEvent,
  TraceError,
  type TraceEvent,
  type TraceFormat,
  type TraceNotes,
} from "./trace.ts";

const registry: Readonly<Record<string, TraceFormat>> = formats;

/** A trace that is being read. */
export interface OpenTrace {
  /** The registered name of its format. */
  readonly format: string;
  /** What was noticed so far; complete once the trace was read. */
  readonly notes: TraceNotes;
  /** Whether it can be read once more: a pipe cannot. */
  readonly isRereadable: boolean;
}

/**
 * Reads a trace from its beginning to its end.
 *
 * @param path a path or a `file:` URL.
 * @param begin told what was opened; gives what takes the events, in the order of the file.
 * @throws {TraceError} where there is none, or none with a single complete event in a known format.
 */
export async function readTrace(
  path: string | URL,
  options: TraceOptions,
  begin: (trace: OpenTrace) => TakeEvent,
): Promise<OpenTrace> {
  try {
    const notes = newNotes();
    const lines = await LineReader.open(path, notes);
    try {
      return await readLines(lines, { notes, options, begin });
    } finally {
      await lines.close();
    }
  } catch (error) {
    throw TraceError.of(path, error);
  }
}

/** How the lines of a file are read. */
interface How {
  readonly notes: TraceNotes;
  readonly options: TraceOptions;
  readonly begin: (trace: OpenTrace) => TakeEvent;
}

async function readLines(lines: LineReader, { notes, options, begin }: How): Promise<OpenTrace> {
  const [format, importer] = recognised(lines.head, notes);
  const trace: OpenTrace = { format, notes, isRereadable: lines.isRereadable };
  const foreign = new ForeignLines(lines, notes);
  const chosen = new Chosen(begin(trace), notes, options);
  const reading: Reading = {
    notes,
    options,
    get unterminated() {
      return lines.unterminated;
    },
    emit: chosen.take,
    passOver: (line) => foreign.passOver(line),
  };
  if (options.join === null) {
    const reader = importer.read(reading);
    const take = (line: string) => reader.line(line);
    while (await lines.readSome(take));
    reader.end?.();
  } else {
    await joinLatencies(format, lines, { ...reading, other: options.join });
  }
  foreign.report();
  chosen.end();
  if (chosen.complete === 0 && !(notes.arrivalsOnly && chosen.events > 0)) {
    throw new TraceError(withoutEvents(format, notes));
  }
  return trace;
}

/** The events as the user chose to have them. */
class Chosen {
  /** Events so far. */
  events = 0;
  /** Those of them that were whole. */
  complete = 0;
  readonly #holds: GivenHolds | null;
  readonly #spreader: Spreader | null;
  readonly #next: TakeEvent;

  constructor(next: TakeEvent, notes: TraceNotes, options: TraceOptions) {
    this.#spreader = options.spread ? new Spreader(next, notes) : null;
    this.#next = this.#spreader?.take ?? next;
    this.#holds = options.hold === null ? null : new GivenHolds(options.hold, options.seed, notes);
  }

  /** Takes the next event of the file. */
  readonly take: TakeEvent = (event: TraceEvent) => {
    this.events++;
    if (event.op !== "i" || !Number.isNaN(event.holdNs)) this.complete++;
    this.#holds?.give(event);
    this.#next(event);
  };

  end(): void {
    this.#holds?.end();
    this.#spreader?.end();
  }
}

/** The format and its name, by the head of the file. */
function recognised(head: string, notes: TraceNotes): [name: string, format: TraceFormat] {
  const text = head.replaceAll("\0", "");
  for (const entry of Object.entries(registry)) {
    if (entry[1].recognises(text)) return entry;
  }
  const [damage] = notes.warnings;
  if (head.trim() === "") throw new TraceError(damage?.message ?? "it is empty");
  const kind = binaryKind(head);
  if (kind !== null) throw new TraceError(kind);
  if (isBinary(head)) throw new TraceError("it is binary: give a trace as text, plain or gzip");
  throw new TraceError(`its format is unknown: known are ${Object.keys(registry).join(", ")}`);
}

/** NULs or more than a few bytes that are no UTF-8. */
function isBinary(head: string): boolean {
  return head.includes("\0") || head.split("\ufffd").length > 1 + head.length / 100;
}

function withoutEvents(format: string, { warnings }: TraceNotes): string {
  const why = warnings.map(({ message }) => message).join("; ");
  return `it is ${format}, but without a single complete event${why && ` (${why})`}`;
}
