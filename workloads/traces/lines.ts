/**
 * A trace file as lines of text, whatever it is wrapped in: plain or gzip (told by content, never by name),
 * LF or CRLF, with a byte-order mark or without, padded with NULs by a logger that preallocates. One
 * chunk is in memory at a time.
 *
 * A line whose end is missing may be cut: {@linkcode LineReader.unterminated} says so while it is read, and
 * what is left over at the end of a damaged gzip stream surely is cut, and is not given at all.
 *
 * @module
 */
import { gunzip, isGzip } from "./gunzip.ts";
import { TraceError, type TraceLines, type TraceNotes } from "./trace.ts";

/** How much of a file's text is looked at to tell its format. */
export const HEAD_CHARACTERS = 65_536;

/** No line of any trace format comes near this; a file without newlines must not fill memory. */
const LINE_CHARACTERS_MAX = 2 ** 20;

const CHUNK_BYTES = 65_536;

/** Reads the lines of one file, once. */
export class LineReader implements TraceLines {
  /** The first lines of the file, perhaps with a part of one at the end. */
  readonly head: string;
  readonly #texts: AsyncGenerator<string, undefined>;
  readonly #source: Source;
  readonly #ahead: string[];
  #lines: string[] = [];
  #next = 0;
  #number = 0;
  #unterminated = false;
  #ended = false;

  private constructor(
    source: Source,
    texts: AsyncGenerator<string, undefined>,
    ahead: string[],
  ) {
    this.#source = source;
    this.#texts = texts;
    this.#ahead = ahead;
    this.head = ahead.join("").slice(0, HEAD_CHARACTERS);
  }

  /**
   * Opens a file and reads its head.
   *
   * @param notes gets a warning where a gzip stream ends before its time.
   * @throws {TraceError} where there is no such file, or none that can be read.
   */
  static async open(path: string | URL, notes: TraceNotes): Promise<LineReader> {
    const source: Source = { file: await openFile(path), damaged: false };
    const texts = textsOf(source, notes);
    const ahead: string[] = [];
    for (let length = 0; length < HEAD_CHARACTERS;) {
      const { done, value } = await texts.next();
      if (done) break;
      ahead.push(value);
      length += value.length;
    }
    return new LineReader(source, texts, ahead);
  }

  /** Number of the line given last, from 1 up. */
  get number(): number {
    return this.#number;
  }

  /** Whether the line given last had no newline behind it. */
  get unterminated(): boolean {
    return this.#unterminated;
  }

  /** Closes the file; needed where the lines are not read to their end. */
  async close(): Promise<void> {
    this.#ended = true;
    await this.#texts.return(undefined);
  }

  /** The lines from where the last reading left off. */
  [Symbol.asyncIterator](): AsyncIterator<string> {
    return {
      next: () =>
        this.#next < this.#lines.length - 1 ? Promise.resolve(this.#take()) : this.#more(),
      return: async () => {
        await this.close();
        return { done: true, value: undefined };
      },
    };
  }

  /** The next line of those at hand; the last of them is still without its end. */
  #take(): IteratorResult<string> {
    this.#number++;
    return { done: false, value: withoutReturn(this.#lines[this.#next++]!) };
  }

  async #more(): Promise<IteratorResult<string>> {
    while (!this.#ended) {
      const text = this.#ahead.shift() ?? (await this.#texts.next()).value;
      if (text === undefined) return this.#last();
      const rest = this.#lines[this.#next] ?? "";
      if (rest.length > LINE_CHARACTERS_MAX) {
        await this.close();
        throw tooLong(this.#number + 1);
      }
      this.#lines = (rest + text.replaceAll("\0", "")).split("\n");
      this.#next = 0;
      if (this.#lines.length > 1) return this.#take();
    }
    return { done: true, value: undefined };
  }

  /** What is left without a newline, if anything. */
  #last(): IteratorResult<string> {
    this.#ended = true;
    const rest = this.#lines[this.#next] ?? "";
    this.#lines = [];
    if (rest === "" || this.#source.damaged) return { done: true, value: undefined };
    this.#number++;
    this.#unterminated = true;
    return { done: false, value: withoutReturn(rest) };
  }
}

/** An open file. */
interface Source {
  readonly file: Deno.FsFile;
  /** Whether its gzip stream ended before its time. */
  damaged: boolean;
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}

function tooLong(line: number): TraceError {
  return new TraceError(
    `line ${line} is longer than 1 MiB: a trace has one short line for each event`,
  );
}

async function openFile(path: string | URL): Promise<Deno.FsFile> {
  try {
    const file = await Deno.open(path);
    if (!(await file.stat()).isDirectory) return file;
    file.close();
  } catch (error) {
    throw new TraceError(whyNot(error));
  }
  throw new TraceError("it is a directory: give a file");
}

function whyNot(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such file";
  if (error instanceof Deno.errors.NotADirectory) return "there is no such file";
  if (error instanceof Deno.errors.NotCapable) {
    return "reading it is not permitted: run with --allow-read for it";
  }
  if (error instanceof Deno.errors.PermissionDenied) return "reading it is not permitted";
  return `it cannot be read: ${error instanceof Error ? error.message : String(error)}`;
}

/** The decoded text of a file in pieces. Closes the file, however it is left. */
async function* textsOf(source: Source, notes: TraceNotes): AsyncGenerator<string, undefined> {
  const decoder = new TextDecoder();
  const onDamage = (reason: string) => {
    source.damaged = true;
    notes.warnings.push(`the gzip stream ${reason}: only what came before was used`);
  };
  try {
    for await (const bytes of unpacked(source.file, onDamage)) {
      yield decoder.decode(bytes, { stream: true });
    }
    yield decoder.decode();
  } finally {
    source.file.close();
  }
}

async function* unpacked(
  file: Deno.FsFile,
  onDamage: (reason: string) => void,
): AsyncGenerator<Uint8Array> {
  const chunks = chunksOf(file);
  const { done, value: first } = await chunks.next();
  if (done) return;
  yield* isGzip(first) ? gunzip(chained(first, chunks), onDamage) : chained(first, chunks);
}

async function* chained(
  first: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield first;
  yield* rest;
}

async function* chunksOf(file: Deno.FsFile): AsyncGenerator<Uint8Array, undefined> {
  while (true) {
    const chunk = new Uint8Array(CHUNK_BYTES);
    const length = await file.read(chunk).catch((error) => {
      throw new TraceError(whyNot(error));
    });
    if (length === null) return;
    yield chunk.subarray(0, length);
  }
}
