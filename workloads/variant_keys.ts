/**
 * The keys that a variant changes: whichever of the scenario, each once.
 *
 * @module
 */
import type { KeyProblem } from "./schema/object_schema.ts";

/** What belongs to the whole comparison, and why. */
const KEPT: ReadonlyMap<string, string> = new Map([
  ["compare", "a variant has no variants: give keys of the scenario, or variants beside this one"],
  ["name", "a variant is named by its key under compare: leave it out"],
]);

/** What is wrong with the keys of a variant, in their order. */
export function keyProblems(keys: readonly string[]): KeyProblem[] {
  return keys.flatMap((key, index) => {
    const clause = KEPT.get(key.split(".")[0]!) ?? overlapClause(key, keys.slice(0, index));
    return clause === null ? [] : [{ key, clause }];
  });
}

/** One of two keys would be lost, or not, by the order in which they stand. */
function overlapClause(key: string, earlier: readonly string[]): string | null {
  const inside = earlier.find((other) => other.startsWith(`${key}.`));
  if (inside !== undefined) return `it sets "${inside}" as well, which is given before: give one`;
  const around = earlier.find((other) => key.startsWith(`${other}.`));
  if (around !== undefined) return `"${around}", which is given before, sets it as well: give one`;
  return null;
}
