/**
 * A scenario as it was written, before anything is known of its meaning: the value, and for each
 * key where it comes from (a line of a file, an option of the command line), so that a refusal can
 * say so.
 *
 * @module
 */
import { parse } from "@std/jsonc";
import { dirname, resolve } from "node:path";
import { found } from "./clauses.ts";
import { InputError } from "./input_error.ts";
import { lineAt, locate, type Path } from "./locate.ts";

/** Where a value comes from. */
export interface Place {
  /** Begins a refusal, such as `my.jsonc:12: `. */
  readonly prefix: string;
  /** Of two refusals the one of the lower order comes first. */
  readonly order: number;
}

/** A scenario as written. */
export interface Document {
  /** What the scenario is called unless it has a name of its own. */
  readonly name: string;
  /** The folder that relative paths in it start from. */
  readonly directory: string;
  /** The value as parsed, of any shape. */
  readonly raw: unknown;
  /** Where the value at a path comes from. */
  placeOf(path: Path): Place;
}

/** A key path as it stands in a sentence. */
export function pathText(path: Path): string {
  return path.map((key) => /^[\w$-]+$/.test(key) ? key : JSON.stringify(key)).join(".");
}

/** A document out of a value that stands in no file. */
export function documentOf(name: string, raw: unknown, directory: string = resolve()): Document {
  return { name, directory, raw, placeOf: () => ({ prefix: `${name}: `, order: 0 }) };
}

/**
 * Reads a scenario file's text.
 *
 * @param file The path, as the user gave it; it stands in refusals.
 * @throws {InputError} where the text is not JSONC or has a key twice.
 */
export function readDocument(file: string, text: string): Document {
  text = text.replace(/^\uFEFF/, "");
  const raw = parseText(file, text);
  const locations = locate(text);
  const [twice] = locations.duplicates;
  if (twice !== undefined) {
    const key = pathText(twice.path);
    throw new InputError(
      `${file}:${twice.line}: ${key}: this key stands there twice: give it once`,
    );
  }
  return {
    name: nameOf(file),
    directory: dirname(resolve(file)),
    raw,
    placeOf(path) {
      const { line, order } = locations.of(path);
      return { prefix: `${file}:${line}: `, order };
    },
  };
}

function parseText(file: string, text: string): unknown {
  if (text.trim() === "") {
    throw new InputError(
      `${file}: the file is empty: give a scenario, an object with allocators, pools and workload`,
    );
  }
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof RangeError) {
      throw new InputError(`${file}: this is nested too deeply to be read: give a scenario`);
    }
    if (!(error instanceof SyntaxError)) throw error;
    throw new InputError(`${file}:${syntaxClause(error.message, text)}`);
  }
}

/** `LINE: what is wrong there`, out of the parser's message. */
function syntaxClause(message: string, text: string): string {
  const allowed = "give JSON, in which comments and trailing commas may stand";
  const match = /unexpected token "([^]*)" in JSONC at position (\d+)$/.exec(message);
  if (match === null) return `${lineAt(text, text.length)}: the text ends too early: ${allowed}`;
  const offset = Number(match[2]);
  const token = match[1] === "" ? text.slice(offset, offset + 1) : match[1];
  return `${lineAt(text, offset)}: unexpected ${found(token)}: ${allowed}`;
}

/** `folder/my.jsonc` is `my`. */
function nameOf(file: string): string {
  const base = file.split(/[/\\]/).at(-1) ?? "";
  return base.replace(/\.[^.]*$/, "") || file;
}
