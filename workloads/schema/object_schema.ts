/**
 * Schemas of objects, with the project's own sentences. Valibot takes a list for an object and
 * drops a few names of records without a word; here both are refused.
 *
 * @module
 */
import * as v from "valibot";
import { found, missing, unknownKey } from "../clauses.ts";
import { oneOf } from "../did_you_mean.ts";
import type { Schema } from "./option_schema.ts";

/** What names of allocators and pools look like: they stand in key paths, tables and file names. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** Names that an object has without being given them. */
const TAKEN_NAMES: readonly string[] = ["constructor", "prototype"];

/** A key that an object may not have, and what is said of it. */
export interface KeyProblem {
  readonly key: string;
  readonly clause: string;
}

/** An object with these keys and no others. */
export function objectSchema<const E extends v.ObjectEntries>(
  entries: E,
): Schema<v.InferOutput<v.StrictObjectSchema<E, undefined>>> {
  const needed = Object.keys(entries).filter((key) => !isOptional(entries[key]));
  const keys = needed.length > 0 ? needed : Object.keys(entries);
  return v.pipe(plainObject(`an object with ${oneOf(keys, "and")}`), members(entries));
}

/** An object from names that the user chose to values of one shape; `what` it is with its article. */
export function namedSchema<T>(
  what: "an allocator" | "a pool" | "a variant",
  value: Schema<T>,
): Schema<Record<string, T>> {
  const clause = `not a name for ${what}: ` +
    "give letters, digits, - and _, beginning with a letter or a digit, 64 at most";
  return v.pipe(
    plainObject(`an object from names to ${what.split(" ")[1]}s`),
    refusingKeys((keys) => keys.filter((key) => !isName(key)).map((key) => ({ key, clause }))),
    v.record(v.pipe(v.string(), v.regex(NAME)), value),
  );
}

/** Refuses those of an object's keys in which `problems` finds something. */
export function refusingKeys(
  problems: (keys: readonly string[]) => readonly KeyProblem[],
): v.RawCheckAction<Record<string, unknown>> {
  return v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const input = dataset.value;
    for (const { key, clause } of problems(Object.keys(input))) {
      const item = { type: "object", origin: "key", input, key, value: input[key] } as const;
      addIssue({ message: clause, path: [item] });
    }
  });
}

/** Whether a value is an object in the sense of JSON. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object with these keys and no others, where it is known to be an object. */
export function members<const E extends v.ObjectEntries>(
  entries: E,
): v.StrictObjectSchema<E, (issue: v.StrictObjectIssue) => string> {
  const keys = Object.keys(entries).filter((key) => !key.startsWith("$"));
  return v.strictObject(entries, ({ expected, path }) => {
    const key = String(path?.[0]?.key);
    if (expected === "never") return unknownKey(key, keys);
    const entry = Object.hasOwn(entries, key) ? entries[key] : undefined;
    return missing(entry === undefined ? key : v.getDescription(entry) ?? key);
  });
}

function isOptional(schema: v.ObjectEntries[string] | undefined): boolean {
  return schema?.type === "optional" || schema?.type === "exact_optional";
}

/** An object in the sense of JSON; `allowed` says which. */
export function plainObject(allowed: string): v.CustomSchema<
  Record<string, unknown>,
  (issue: v.CustomIssue) => string
> {
  return v.custom(isObject, ({ input }) => `${found(input)} is not allowed: give ${allowed}`);
}

function isName(name: string): boolean {
  return NAME.test(name) && !TAKEN_NAMES.includes(name);
}
