/**
 * A world that only takes notes: what tests hand to a command instead of the real one.
 *
 * @module
 */
import { Store } from "../results/store.ts";
import type { Io, TextSink } from "./io.ts";

/** What was written where. */
export interface RecordedIo extends Io {
  /** Everything on stdout. */
  readonly stdout: () => string;
  /** Everything on stderr. */
  readonly stderr: () => string;
  /** Files by name, opened or written; bytes stand there as characters up to U+00FF. */
  readonly files: ReadonlyMap<string, string>;
}

/** How the world looks. */
export interface RecordedIoOptions {
  /** Whether stdout and stderr pretend to be a terminal, in colour, of so many columns. */
  readonly terminalColumns?: number;
  /** Aborted when the user presses Ctrl-C. */
  readonly signal?: AbortSignal;
  /** Lines on stdin. */
  readonly lines?: readonly string[];
  /** The clock, milliseconds. */
  readonly now?: () => number;
  /** What is written on stdin. */
  readonly input?: readonly string[];
}

/** A fresh world. */
export function recordedIo(options: RecordedIoOptions = {}): RecordedIo {
  const { terminalColumns = 0, signal = new AbortController().signal } = options;
  const files = new Map<string, string>();
  let stdout = "";
  let stderr = "";
  const lines = [...options.lines ?? []];
  const sinkOf = (columns: number, write: (text: string) => void): TextSink => ({
    isTerminal: columns > 0,
    color: columns > 0,
    columns,
    write,
  });
  const out = sinkOf(terminalColumns, (text) => stdout += text);
  return {
    out,
    err: sinkOf(terminalColumns, (text) => stderr += text),
    stdout: () => stdout,
    stderr: () => stderr,
    files,
    output(path) {
      if (path !== undefined) files.set(path, "");
      const sink = path === undefined
        ? out
        : sinkOf(0, (text) => files.set(path, files.get(path)! + text));
      const writeBytes = (bytes: Uint8Array) =>
        sink.write(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
      return { ...sink, writeBytes, [Symbol.dispose]() {} };
    },
    store: (path, storeOptions) => Promise.resolve(Store.open(path ?? ":memory:", storeOptions)),
    screen: () => Promise.resolve(null),
    input: {
      isTerminal: false,
      async *lines() {
        for (const line of options.input ?? []) yield await Promise.resolve(line);
      },
    },
    writeFile(path, text, { force }) {
      if (files.has(path) && !force) return false;
      files.set(path, text);
      return true;
    },
    interruption: () => ({ signal, [Symbol.dispose]() {} }),
    nextLine: () => lines.shift() ?? null,
    now: options.now ?? (() => performance.now()),
  };
}
