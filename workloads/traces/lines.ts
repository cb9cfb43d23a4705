/**
 * A trace file as lines of text, whatever it is wrapped in: plain or gzip (told by content, never by name),
 * LF or CRLF, UTF-8 or (by its byte-order mark) UTF-16, padded with NULs by a logger that preallocates. One
 * chunk is in memory at a time.
 *
 * A line whose end is missing may be cut: {@linkcode LineReader.unterminated} says so while it is read, and
 * what is left over at the end of a damaged gzip stream surely is cut, and is not given at all.
 *
 * @module
 */
import { gunzip, isGzip } from "./gunzip.ts";
import { TraceError, type TraceNotes } from "./trace.ts";

/** How much of a file's text is looked at to tell its format. */
export const HEAD_CHARACTERS = 65_536;

/** No line of any trace format comes near this; a file without newlines must not fill memory. */
const LINE_CHARACTERS_MAX = 2 ** 20;

const CHUNK_BYTES = 65_536;

/** Reads the lines of one file, once. */
export class LineReader {
  /** The first lines of the file as they are, perhaps with a part of one at the end. */
  readonly head: string;
  /** Whether the file can be opened again and read from its beginning; a pipe cannot. */
  readonly isRereadable: boolean;
  readonly #texts: AsyncGenerator<string, undefined>;
  readonly #source: Source;
  readonly #ahead: string[];
  #number = 0;
  #unterminated = false;

  private constructor(
    source: Source,
    texts: AsyncGenerator<string, undefined>,
    ahead: string[],
  ) {
    this.#source = source;
    this.#texts = texts;
    this.#ahead = ahead;
    this.head = ahead.join("").slice(0, HEAD_CHARACTERS);
    this.isRereadable = source.isFile;
  }

  /**
   * Opens a file and reads its head.
   *
   * @param notes gets a warning where a gzip stream ends before its time.
   * @throws {TraceError} where there is no such file, or none that can be read.
   */
  static async open(path: string | URL, notes: TraceNotes): Promise<LineReader> {
    const source = await openSource(path);
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
    await this.#texts.return(undefined);
  }

  /** Hands over the lines one by one, empty ones left out, as far as the file has come: `false` at its end. */
  async readSome(take: (line: string) => void): Promise<boolean> {
    const { value: lines, done } = await this.#batches.next();
    if (done) return false;
    for (const line of lines) {
      this.#number++;
      if (line !== "") take(line);
    }
    return true;
  }

  readonly #batches: AsyncGenerator<readonly string[], undefined> = this.#inBatches();

  /** The lines in the pieces in which they come; one without its end is a batch of its own. */
  async *#inBatches(): AsyncGenerator<readonly string[], undefined> {
    let rest = "";
    for await (const text of this.#allTexts()) {
      if (rest.length > LINE_CHARACTERS_MAX) throw tooLong(this.#number + 1);
      const lines = plain(rest + text).split("\n");
      rest = lines.pop()!;
      yield lines;
    }
    if (rest === "" || rest === "\r" || this.#source.damaged) return;
    this.#unterminated = true;
    yield [rest.endsWith("\r") ? rest.slice(0, -1) : rest];
  }

  async *#allTexts(): AsyncGenerator<string, undefined> {
    yield* this.#ahead.splice(0);
    yield* this.#texts;
  }
}

/** An open file. */
interface Source {
  readonly file: Deno.FsFile;
  /** Not a pipe. */
  readonly isFile: boolean;
  /** Whether its gzip stream ended before its time. */
  damaged: boolean;
}

/** Without padding, and with line ends of one kind. */
function plain(text: string): string {
  const unpadded = text.includes("\0") ? text.replaceAll("\0", "") : text;
  return unpadded.includes("\r\n") ? unpadded.replaceAll("\r\n", "\n") : unpadded;
}

function tooLong(line: number): TraceError {
  return new TraceError(
    `line ${line} is longer than 1 MiB: a trace has one short line for each event`,
  );
}

async function openSource(path: string | URL): Promise<Source> {
  try {
    const file = await Deno.open(urlOrPath(path));
    const { isDirectory, isFile } = await file.stat();
    if (!isDirectory) return { file, isFile, damaged: false };
    file.close();
  } catch (error) {
    throw new TraceError(whyNot(error));
  }
  throw new TraceError("it is a directory: give a file");
}

/** A `file:` URL in a string is opened as the URL that it is. */
function urlOrPath(path: string | URL): string | URL {
  return typeof path === "string" && URL.canParse(path) && path.startsWith("file:")
    ? new URL(path)
    : path;
}

function whyNot(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such file";
  if (error instanceof Deno.errors.NotADirectory) return "there is no such file";
  if (error instanceof Deno.errors.NotCapable && error.message.includes("all access")) {
    return "it is a device, which may not be opened: give a file, or <(command)";
  }
  if (error instanceof Deno.errors.NotCapable) {
    return "reading it is not permitted: run with --allow-read for it";
  }
  if (error instanceof Deno.errors.PermissionDenied) return "reading it is not permitted";
  return `it cannot be read: ${error instanceof Error ? error.message : String(error)}`;
}

/** The decoded text of a file in pieces. Closes the file, however it is left. */
async function* textsOf(source: Source, notes: TraceNotes): AsyncGenerator<string, undefined> {
  const onDamage = (reason: string) => {
    source.damaged = true;
    notes.truncated = true;
    notes.warnings.push({
      code: "gzip-damaged",
      message: `the gzip stream ${reason}: only what came before was used`,
      advice: "copy the file again if what is missing matters",
    });
  };
  try {
    let decoder: TextDecoder | null = null;
    for await (const bytes of unpacked(source.file, onDamage)) {
      decoder ??= new TextDecoder(encodingOf(bytes));
      yield decoder.decode(bytes, { stream: true });
    }
    if (decoder !== null) yield decoder.decode();
  } finally {
    source.file.close();
  }
}

/** By the byte-order mark: Windows writes UTF-16 where it redirects what a program prints. */
function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
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
