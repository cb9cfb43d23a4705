/**
 * Opens a recorded trace of any known format. The format is told by the content, never by the name, and
 * what cannot serve is refused at once with a sentence that says why.
 *
 * @module
 */
import { LineReader } from "./lines.ts";
import * as formats from "./mod.ts";
import { TraceError, type TraceEvent, type TraceFormat, type TraceNotes } from "./trace.ts";

const registry: Readonly<Record<string, TraceFormat>> = formats;

/** A trace that is being read. */
export interface OpenTrace extends AsyncDisposable {
  /** The registered name of its format. */
  readonly format: string;
  /** What was noticed so far; complete once the events were read to their end. */
  readonly notes: TraceNotes;
  /** The events in file order, to be read once. The file is closed at their end, or by disposing. */
  readonly events: AsyncIterable<TraceEvent>;
}

/**
 * Opens a trace.
 *
 * @param path a path or a `file:` URL.
 * @throws {TraceError} where there is none, or none with a single complete event in a known format.
 */
export async function openTrace(path: string | URL): Promise<OpenTrace> {
  const notes: TraceNotes = {
    timed: true,
    resolutionNs: null,
    nullFrees: 0,
    foreignLines: 0,
    warnings: [],
  };
  try {
    return await recogniseAndRead(await LineReader.open(urlOrPath(path), notes), notes);
  } catch (error) {
    throw TraceError.of(path, error);
  }
}

/**
 * Opens a trace, reads it as `read` does, and closes it; what is wrong on the way is told with the path.
 *
 * @throws {TraceError} where the trace cannot be read.
 */
export async function readTrace<T>(
  path: string | URL,
  read: (trace: OpenTrace) => Promise<T>,
): Promise<T> {
  await using trace = await openTrace(path);
  try {
    return await read(trace);
  } catch (error) {
    throw TraceError.of(path, error);
  }
}

async function recogniseAndRead(lines: LineReader, notes: TraceNotes): Promise<OpenTrace> {
  try {
    const [format, { read }] = recognised(lines.head, notes);
    const events = read(lines, notes)[Symbol.asyncIterator]();
    const first = await events.next();
    if (first.done) throw new TraceError(withoutEvents(format, notes));
    return {
      format,
      notes,
      events: withFirst(first.value, events),
      [Symbol.asyncDispose]: () => lines.close(),
    };
  } catch (error) {
    await lines.close();
    throw error;
  }
}

/** All events, the first of which was read already. */
function withFirst(
  first: TraceEvent,
  events: AsyncIterator<TraceEvent>,
): AsyncIterable<TraceEvent> {
  let started = false;
  const iterator: AsyncIterator<TraceEvent> = {
    next() {
      if (started) return events.next();
      started = true;
      return Promise.resolve({ done: false, value: first });
    },
    return: async () => await events.return?.() ?? { done: true, value: undefined },
  };
  return { [Symbol.asyncIterator]: () => iterator };
}

/** The format and its name, by the head of the file. */
function recognised(head: string, notes: TraceNotes): [name: string, format: TraceFormat] {
  for (const entry of Object.entries(registry)) {
    if (entry[1].recognises(head)) return entry;
  }
  const [damage] = notes.warnings;
  if (head.trim() === "") throw new TraceError(damage ?? "it is empty");
  if (isBinary(head)) throw new TraceError("it is binary: give a trace as text, plain or gzip");
  throw new TraceError(`its format is unknown: known are ${Object.keys(registry).join(", ")}`);
}

/** NULs or more than a few bytes that are no UTF-8. */
function isBinary(head: string): boolean {
  return head.includes("\0") || head.split("\ufffd").length > 1 + head.length / 100;
}

function withoutEvents(format: string, { warnings }: TraceNotes): string {
  const why = warnings.length === 0 ? "" : ` (${warnings.join("; ")})`;
  return `it is ${format}, but without a single complete event${why}`;
}

/** A `file:` URL in a string is opened as the URL that it is. */
function urlOrPath(path: string | URL): string | URL {
  return typeof path === "string" && URL.canParse(path) && path.startsWith("file:")
    ? new URL(path)
    : path;
}
