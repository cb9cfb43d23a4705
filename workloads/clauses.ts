/**
 * What is said of what is refused. Every refusal of a scenario reads `PLACE: KEY: CLAUSE`, and the
 * clauses of one kind are worded here, once.
 *
 * @module
 */
import { didYouMean, oneOf } from "./did_you_mean.ts";

const MOST_CHARACTERS = 40;

/** A value as it stands in a sentence, short enough for one. */
export function found(value: unknown): string {
  if (typeof value === "string") {
    const cut = value.length > MOST_CHARACTERS ? `${value.slice(0, MOST_CHARACTERS)}...` : value;
    return JSON.stringify(cut);
  }
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}

/** Of a key that nobody knows. */
export function unknownKey(key: string, allowed: readonly string[]): string {
  return `unknown key: give ${oneOf(allowed)}${didYouMean(key, allowed)}`;
}

/** Of a key that must be given and isn't; `about` says what it holds. */
export function missing(about: string): string {
  return `missing: it must be given (${about})`;
}

/**
 * Of a value out of a closed choice.
 *
 * @param complaint What goes on from the value, such as "is not a pool of this scenario".
 */
export function notAmong(value: unknown, complaint: string, names: readonly string[]): string {
  if (names.length === 0) return `${found(value)} ${complaint}, which has none`;
  const hint = typeof value === "string" ? didYouMean(value, names) : "";
  return `${found(value)} ${complaint}: give ${oneOf(names)}${hint}`;
}

/** Of a number out of its range; `why` follows the range, where there is something to say. */
export function notWithin(value: number, min: number, max: number, why = ""): string {
  const range = min === max ? String(min) : `an integer from ${min} to ${max}`;
  return `${found(value)} is not allowed: give ${range}${why}`;
}
