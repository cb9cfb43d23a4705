/**
 * Sets one key of a scenario as written, by its dotted path: `pools.resync.minReserve=64`. Whether
 * the key exists and what it may hold is left to the schema; only a way that leads nowhere is
 * refused here.
 *
 * @module
 */
import { parse } from "@std/jsonc";
import { found, notAmong } from "./clauses.ts";
import { InputError } from "./input_error.ts";
import type { Path } from "./locate.ts";
import { isObject } from "./schema/object_schema.ts";

/** A key path and the value for it. */
export interface Assignment {
  /** Keys from the root down; indices of lists as text. */
  readonly path: Path;
  /** Any JSON value. */
  readonly value: unknown;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const WORDS: ReadonlyMap<string, unknown> = new Map([
  ["true", true],
  ["false", false],
  ["null", null],
]);

/** Keys whose own keys are names that the scenario chose. */
const NAMED: ReadonlyMap<string, string> = new Map([
  ["allocators", "allocator"],
  ["pools", "pool"],
]);

/**
 * Parses `KEY=VALUE`.
 *
 * @param text What follows `--set`.
 * @throws {InputError} where it has no key or no value.
 */
export function parseAssignment(text: string): Assignment {
  const equals = text.indexOf("=");
  const path = text.slice(0, equals).split(".").map((key) => key.trim());
  if (equals < 0 || path.includes("")) {
    throw new InputError(
      `--set ${found(text)}: give KEY=VALUE with a dotted key, such as workload.workers=4`,
    );
  }
  const value = text.slice(equals + 1);
  // A kind is always a name, even the allocator that is called null.
  if (path.at(-1) === "kind") return { path, value: value.trim() };
  return { path, value: parseValue(value, `--set ${path.join(".")}: `) };
}

/**
 * Parses a value of the command line: a number, true, false, null, an object or a list in JSON,
 * else a text.
 *
 * @param prefix Begins a refusal, such as `--policy: `.
 * @throws {InputError} where an object or a list is none.
 */
export function parseValue(text: string, prefix: string): unknown {
  const trimmed = text.trim();
  if (NUMBER.test(trimmed)) return Number(trimmed);
  if (WORDS.has(trimmed)) return WORDS.get(trimmed);
  if (!/^[[{"]/.test(trimmed)) return trimmed;
  try {
    return parse(trimmed);
  } catch {
    throw new InputError(
      `${prefix}${found(trimmed)} is not JSON: give an object, a list or a text in quotes`,
    );
  }
}

/**
 * Sets a key in place, with the objects on the way to it where they are missing.
 *
 * @returns the path of what is new: the key, or the first object that was missing.
 * @throws {InputError} where the way leads through a value without keys, or to a pool or allocator
 * that the scenario does not have.
 */
export function setKey(raw: Record<string, unknown>, { path, value }: Assignment): Path {
  let node: Record<string, unknown> | unknown[] = raw;
  let kept = path.length - 1;
  path.forEach((key, depth) => {
    if (Array.isArray(node)) requireEntry(node, path, depth);
    const last = depth === path.length - 1;
    let inner = Object.hasOwn(node, key) ? Reflect.get(node, key) : undefined;
    if (last) inner = value;
    else if (inner === undefined) {
      requireName(node, path, depth);
      inner = {};
      kept = Math.min(kept, depth);
    }
    const descriptor = { value: inner, enumerable: true, writable: true, configurable: true };
    // Defined, not assigned: "__proto__" becomes a key like any other, for the schema to refuse.
    Object.defineProperty(node, key, descriptor);
    if (last) return;
    if (!isObject(inner) && !Array.isArray(inner)) {
      throw refusal(path, `${shown(path, depth)} is ${found(inner)}, which has no keys`);
    }
    node = inner;
  });
  return path.slice(0, kept + 1);
}

function requireEntry(list: unknown[], path: Path, depth: number): void {
  const key = path[depth] ?? "";
  if (/^(0|[1-9]\d*)$/.test(key) && Number(key) < list.length) return;
  const around = shown(path, depth - 1);
  throw refusal(
    path,
    list.length === 0
      ? `${around} is an empty list`
      : `${around} is a list: give ${list.length === 1 ? "0" : `0 to ${list.length - 1}`} after it`,
  );
}

function requireName(node: object, path: Path, depth: number): void {
  const what = depth === 1 ? NAMED.get(path[0] ?? "") : undefined;
  if (what === undefined) return;
  throw refusal(
    path,
    notAmong(path[1], `is not ${article(what)} of this scenario`, Object.keys(node)),
  );
}

function article(noun: string): string {
  return noun === "allocator" ? "an allocator" : `a ${noun}`;
}

function shown(path: Path, depth: number): string {
  return path.slice(0, depth + 1).join(".");
}

function refusal(path: Path, clause: string): InputError {
  return new InputError(`--set ${path.join(".")}: ${clause}`);
}
