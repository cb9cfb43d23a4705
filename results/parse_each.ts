/**
 * Documents out of a text that holds one of them, an array, or one a line, each checked by a schema. What is wrong is one
 * sentence: the file, the line where there is one a line, the key, what was found and what is expected.
 *
 * @module
 */
import * as v from "valibot";

/** Bad input: what should be a document of some schema is none. The message is a clause that names the key. */
export class ResultError extends Error {
  /** The class by name. */
  override readonly name = "ResultError";
}

/** How the documents of a text are read. */
export interface Reading<T> {
  /** A value as a document. @throws {ResultError} a clause, where it is none. */
  readonly check: (value: unknown) => T;
  /** What a document is called. */
  readonly what: string;
  /** What is to be given instead of something that is none. */
  readonly give: string;
}

/** A value as what a schema describes. @throws {ResultError} a clause: the key, what was found and what is expected. */
export function checkedBy<T>(schema: v.GenericSchema<unknown, T>, value: unknown): T {
  const checked = v.safeParse(schema, value, { abortEarly: true });
  if (checked.success) return checked.output;
  const [issue] = checked.issues;
  const path = v.getDotPath(issue) ?? "";
  const place = path === "" ? "" : `${path}: `;
  if (issue.received === "undefined") throw new ResultError(`${place}it is missing`);
  throw new ResultError(
    `${place}found ${issue.received}, not ${issue.expected ?? "what it must be"}`,
  );
}

/**
 * A text as the documents in it.
 *
 * @param marked with a byte order mark before it or without.
 * @param name what the text is called in errors: a file's name.
 * @throws {ResultError} one sentence, where something in it is none.
 */
export function parseEach<T>(marked: string, name: string, reading: Reading<T>): T[] {
  // Some editors and shells put a byte order mark before what they write.
  const text = marked.replace(/^\uFEFF/, "");
  const { what, give } = reading;
  const document = tryJson(text);
  if (document !== undefined) {
    const values = Array.isArray(document) ? document : [document];
    if (values.length === 0) throw new ResultError(`${name}: it holds no ${what}: ${give}`);
    return values.map((value, index) =>
      checkNamed(value, values.length > 1 ? `${name}: ${what} ${index + 1}` : name, reading)
    );
  }
  const lines = text.split("\n").map((line, index) => ({ line, number: index + 1 }));
  const filled = lines.filter(({ line }) => line.trim() !== "");
  if (filled.length === 0) throw new ResultError(`${name}: it is empty: ${give}`);
  // Whose first line is none is hardly meant to be one a line: what is wrong with the whole of it is what helps.
  if (tryJson(filled[0]!.line) === undefined) {
    throw new ResultError(`${name}: ${faultOf(text)}: give ${what}s, one a line`);
  }
  return filled.map(({ line, number }) => {
    const place = `${name}: line ${number}`;
    const value = tryJson(line);
    if (value === undefined) throw new ResultError(`${place}: no JSON: give ${what}s, one a line`);
    return checkNamed(value, place, reading);
  });
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Where a text that is no JSON stops being some: its line, and whether it ends there. */
function faultOf(text: string): string {
  const whole = text.trimEnd();
  if (mayGoOn(whole)) return `line ${whole.split("\n").length}: no JSON, it ends in the middle`;
  const lines = whole.split("\n");
  // The first line with which it can no longer become JSON, whatever follows.
  let [good, bad] = [0, lines.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (mayGoOn(lines.slice(0, middle).join("\n"))) good = middle;
    else bad = middle;
  }
  return `line ${bad}: no JSON`;
}

/** Whether the beginning of a text may be that of JSON. */
function mayGoOn(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const { message } = error as Error;
    const position = Number(/at position (\d+)/.exec(message)?.[1] ?? 0);
    return message.includes("end of JSON") || message.startsWith("Unterminated") ||
      position >= text.trimEnd().length;
  }
}

function checkNamed<T>(value: unknown, place: string, { check, give }: Reading<T>): T {
  try {
    return check(value);
  } catch (error) {
    if (!(error instanceof ResultError)) throw error;
    throw new ResultError(`${place}: ${error.message}: ${give}`);
  }
}
