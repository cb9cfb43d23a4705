/**
 * Where in a JSONC text each key stands, so that a refusal can name the line. The parser of
 * `@std/jsonc` gives values without places, and lets the last of two equal keys win without a word;
 * this walks the same text once more, token by token, for the places and for the keys given twice.
 *
 * It expects a text that has been parsed already: on any other its answers mean nothing.
 *
 * @module
 */

/** The way from the root of a document to a value: keys, and indices as text. */
export type Path = readonly string[];

/** Where a value stands. */
export interface Location {
  /** Line of its key, from 1; where it isn't in the text, of the nearest object around it. */
  readonly line: number;
  /** Grows along the text. What isn't in the text comes at the end of the object that lacks it. */
  readonly order: number;
}

/** The places in one text. */
export interface Locations {
  /** The place of a value. */
  of(path: Path): Location;
  /** The keys given twice, in the order of their second places. */
  readonly duplicates: readonly { readonly path: Path; readonly line: number }[];
}

/** Character offsets of a value with its key. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** An object or a list that is still open. */
interface Frame {
  readonly path: Path;
  readonly start: number;
  readonly isList: boolean;
  /** Key or index of the next value; null where a key must come first. */
  key: string | null;
  keyStart: number;
}

const TOKEN = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"/]+/g;

/** Finds the place of every value in a JSONC text. */
export function locate(text: string): Locations {
  const spans = new Map<string, Span>();
  const duplicates: { path: Path; line: number }[] = [];
  const frames: Frame[] = [];
  const note = (path: Path, start: number, end: number) => {
    const key = JSON.stringify(path);
    if (spans.has(key)) duplicates.push({ path, line: lineAt(text, start) });
    spans.set(key, { start, end });
  };
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const frame = frames.at(-1);
    if (token === ":" || token.startsWith("//") || token.startsWith("/*")) continue;
    if (token === "{" || token === "[") {
      const isList = token === "[";
      frames.push({ ...next(frame, index), isList, key: isList ? "0" : null, keyStart: index });
    } else if (token === "}" || token === "]") {
      frames.pop();
      if (frame !== undefined) note(frame.path, frame.start, index + 1);
    } else if (token === ",") {
      if (frame !== undefined) frame.key = frame.isList ? String(Number(frame.key) + 1) : null;
    } else if (frame?.key === null) {
      frame.key = JSON.parse(token);
      frame.keyStart = index;
    } else {
      const { path, start } = next(frame, index);
      note(path, start, index + token.length);
    }
  }
  return { of: (path) => nearest(text, spans, path), duplicates };
}

/** The line of an offset, from 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) {
    line++;
  }
  return line;
}

/** Path and start of the value that begins at `index`. */
function next(frame: Frame | undefined, index: number): { path: Path; start: number } {
  if (frame === undefined) return { path: [], start: index };
  return { path: [...frame.path, frame.key ?? ""], start: frame.isList ? index : frame.keyStart };
}

function nearest(text: string, spans: ReadonlyMap<string, Span>, path: Path): Location {
  for (let length = path.length; length >= 0; length--) {
    const span = spans.get(JSON.stringify(path.slice(0, length)));
    if (span === undefined) continue;
    const order = length === path.length ? span.start : span.end - 1;
    return { line: lineAt(text, span.start), order };
  }
  return { line: 1, order: 0 };
}
