/**
 * The text of a file that was named, which must be there.
 *
 * @module
 */
import { Exit } from "./exit.ts";

/** A file's text. @throws {Exit} 2, where there is none, or it cannot be read. */
export function fileText(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** The refusal of a file that cannot be read. */
export function unreadable(path: string, error: unknown): Exit {
  const reason = error instanceof Error ? error.message : String(error);
  return new Exit(2, `${path}: this file cannot be read: ${reason}`);
}
