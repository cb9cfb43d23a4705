/**
 * Where a trace goes that a command writes: a file, packed if its name ends in `.gz`, or stdout. The spelling follows
 * from the name as well: `.ndjson` and `.jsonl` are lines of JSON, anything else is CSV.
 *
 * @module
 */
import { gzipSync } from "node:zlib";
import type { Survey } from "../workloads/traces/survey.ts";
import { Exit } from "./exit.ts";
import { formatName } from "./formats.ts";
import type { Io } from "./io.ts";
import type { CommonOptions } from "./options.ts";

/** The spellings of the native format. */
export type Form = "csv" | "ndjson";

/** A trace that is to be written. */
export interface WrittenTrace extends Disposable {
  /** Its spelling. */
  readonly form: Form;
  /** Takes a piece of its text. */
  write(text: string): void;
  /** Says what was written: on stderr, or as the JSON document. */
  report(summary: Readonly<Record<string, unknown>>, sentence: string): void;
}

/**
 * Opens what a command writes to.
 *
 * @param file the trace that it reads, which must not be written over.
 */
export function writtenTrace(file: string, options: CommonOptions, io: Io): WrittenTrace {
  const { output: path, json, quiet } = options;
  if (json && path === undefined) {
    throw new Exit(2, "--json needs --output: without it the trace itself goes to stdout");
  }
  const form = formOf(options);
  if (path !== undefined) refuseSameFile(file, path);
  const output = io.output(path);
  const isPacked = path?.endsWith(".gz") ?? false;
  return {
    form,
    // Each piece is a member of its own, which every reader of gzip takes.
    write: (text) => isPacked ? output.writeBytes(gzipSync(text)) : output.write(text),
    report(summary, sentence) {
      if (json) io.out.write(`${JSON.stringify({ ...summary, output: path }, null, 2)}\n`);
      else if (!quiet) io.err.write(`${sentence} to ${path ?? "stdout"}\n`);
    },
    [Symbol.dispose]: () => output[Symbol.dispose](),
  };
}

/** What a first reading warned of; the second one finds the same. */
export function sayWarnings({ notes }: Survey, { json, quiet }: CommonOptions, io: Io): void {
  if (json || quiet) return;
  for (const { message, advice } of notes.warnings) io.err.write(`! ${message}: ${advice}\n`);
}

function formOf({ format, output = "", ...others }: CommonOptions): Form {
  if (format !== undefined) {
    return formatName({ ...others, json: undefined, format }, ["csv", "ndjson"]) as Form;
  }
  return /\.(?:ndjson|jsonl)(?:\.gz)?$/.test(output) ? "ndjson" : "csv";
}

function refuseSameFile(from: string, to: string): void {
  const real = (path: string) => {
    try {
      return Deno.realPathSync(path);
    } catch {
      return null; // not there, so not the same
    }
  };
  const source = real(from);
  if (source === null || source !== real(to)) return;
  throw new Exit(2, `--output: ${to} is the trace that is read: give another file`);
}
