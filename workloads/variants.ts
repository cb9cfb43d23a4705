/**
 * Scenarios that are several: `"compare"` gives each variant a name and the keys in which it differs from the file, by dotted
 * path. Each is a scenario of its own, named `SCENARIO/VARIANT`, and they are run on the same load and printed side by side.
 *
 * @module
 */
import type { Document, Place } from "./document.ts";
import { InputError } from "./input_error.ts";
import type { Path } from "./locate.ts";
import { isObject } from "./schema/object_schema.ts";
import { setKey } from "./set_key.ts";
import { keyProblems } from "./variant_keys.ts";

/** The key that names variants. */
export const COMPARE = "compare";

/**
 * The variants of a scenario as written, in the order of the file; the scenario itself where it has none, or where what it
 * says of them is not in order, which is left to the schema to refuse.
 *
 * @throws {InputError} where a key leads nowhere.
 */
export function variantsOf(document: Document): Document[] {
  const { raw } = document;
  if (!isObject(raw)) return [document];
  const compare = raw[COMPARE];
  if (!isObject(compare) || !Object.values(compare).every(isInOrder)) return [document];
  const variants = Object.entries(compare as Record<string, Record<string, unknown>>);
  if (variants.length === 0) return [document];
  return variants.map(([name, changes]) => variantOf(document, raw, name, changes));
}

function isInOrder(changes: unknown): boolean {
  return isObject(changes) && keyProblems(Object.keys(changes)).length === 0;
}

function variantOf(
  document: Document,
  base: Record<string, unknown>,
  variant: string,
  changes: Record<string, unknown>,
): Document {
  const raw = structuredClone(base);
  const placeOfChange = (key: string) => document.placeOf([COMPARE, variant, key]);
  const origins = new Map<string, Place>();
  for (const [key, value] of Object.entries(changes)) {
    const path = key.split(".");
    origins.set(JSON.stringify(change(raw, path, value, placeOfChange(key))), placeOfChange(key));
  }
  const name = `${typeof raw.name === "string" ? raw.name : document.name}/${variant}`;
  if (typeof raw.name === "string") raw.name = name;
  return {
    ...document,
    name,
    raw,
    placeOf: (path) => originOf(path, origins) ?? document.placeOf(path),
  };
}

function change(raw: Record<string, unknown>, path: Path, value: unknown, { prefix }: Place): Path {
  try {
    return setKey(raw, { path, value });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(`${prefix}${COMPARE}: ${error.message.replace(/^--set /, "")}`);
  }
}

function originOf(path: Path, origins: ReadonlyMap<string, Place>): Place | null {
  for (let length = path.length; length > 0; length--) {
    const place = origins.get(JSON.stringify(path.slice(0, length)));
    if (place !== undefined) return place;
  }
  return null;
}
