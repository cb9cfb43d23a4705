/**
 * Names that the user may have meant, and how a choice of names is written in a sentence.
 *
 * A name is suggested where at most a third of what was written would have to change, or where what
 * was written is how the name begins: anything looser suggests names that nobody meant.
 *
 * @module
 */
import { closestString } from "@std/text/closest-string";

/**
 * Names as they stand in a sentence: `a`, `a or b`, `a, b or c`.
 *
 * @param names The names, in the order in which they are to stand.
 * @param join The word before the last one.
 */
export function oneOf(names: readonly string[], join: "or" | "and" = "or"): string {
  const last = names.at(-1) ?? "nothing";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} ${join} ${last}`;
}

/**
 * The end of a sentence that refuses `word`: ` (did you mean page?)`, or nothing where no name is
 * near.
 *
 * @param word What the user wrote.
 * @param names What is allowed.
 */
export function didYouMean(word: string, names: readonly string[]): string {
  const name = nearest(word, names);
  return name === null ? "" : ` (did you mean ${name}?)`;
}

/** The name nearest to what was written, or null where none is near. */
export function nearest(word: string, names: readonly string[]): string | null {
  const longer = names.filter((name) => word.length > 1 && name.startsWith(word));
  if (longer.length === 1) return longer[0] ?? null;
  // A stranger at the largest distance that still counts as near: what lies beyond it loses to it.
  const far = Math.min(3, Math.ceil(word.length / 3));
  const stranger = "\0".repeat(far) + word.slice(far);
  if (word.length < 2 || names.length === 0) return null;
  const name = closestString(word, [...names, stranger]);
  return name === stranger ? null : name;
}
