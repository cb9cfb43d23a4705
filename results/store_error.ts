/**
 * What goes wrong in a store, as one sentence that names the file and says what to do.
 *
 * @module
 */

/** A store that cannot be used, in one sentence that names the file. */
export class StoreError extends Error {
  /** The class by name. */
  override readonly name = "StoreError";
}

/** What to do about what SQLite says; not all of its errors come with a number. */
const ADVICE: readonly (readonly [says: string, advice: string])[] = [
  ["locked", "another process keeps it: try again"],
  ["readonly", "it cannot be written to: give another file"],
  ["malformed", "it is damaged: restore it, or begin another"],
  ["full", "the disk is full: nothing was changed"],
  ["I/O", "the disk fails: nothing was changed"],
  ["open", "there is no store: save a result first, as bench --save does"],
  ["not a database", "it is no store: give another file"],
];

/** What to do about a file that is there and cannot be opened: SQLite keeps two more beside it, even for who only reads. */
const SHUT = "it cannot be opened: copy it to a folder that can be written to, and give that one";

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Carries out a call of SQLite; what goes wrong there becomes a sentence that names the file. */
export function explained<T>(path: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    const { code, message } = error as Error & { readonly code?: string };
    if (code !== "ERR_SQLITE_ERROR") throw error;
    const [says, advice] = ADVICE.find(([says]) => message.includes(says)) ??
      ["", "it cannot be used"];
    const what = says === "open" && isThere(path) ? SHUT : advice;
    throw new StoreError(`${path}: ${what} (${message})`);
  }
}

/** Whether it is that another process keeps the file. */
export function isLocked(error: unknown): boolean {
  return error instanceof StoreError && error.message.endsWith("is locked)");
}
