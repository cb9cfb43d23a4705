/**
 * From a path to an allocator of the user's that can be trusted with a run: the module is imported, its default export is
 * called, and the allocator must give one element and take it back. Whatever is not as it must be is refused in one
 * sentence here, so that nobody reads a stack trace, or the numbers of a run that was none.
 *
 * A module is a program: it runs with what the process may do, which for the command is to read files.
 *
 * @module
 */
import { pathToFileURL } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { BLOCKING, type Handle } from "./allocator.ts";
import { LoadError } from "./load_error.ts";
import {
  type CreateAllocator,
  HANDLES,
  isHandle,
  type UserAllocator,
  type UserAllocatorOptions,
} from "./user_allocator.ts";

/** A module that is not ready after this time is refused, milliseconds. */
const LOAD_MS = 10_000;

/** A foreign error's message is cut here. */
const CHARACTERS_MAX = 200;

/** What is allowed, as it stands in the sentences. */
const MODULE = "a module whose default export is a function createAllocator(options)";
const ALLOCATOR = "an object with allocate(context) and free(handle)";

function refusal(found: string, allowed: string): LoadError {
  return new LoadError(`${found}: give ${allowed}`);
}

/**
 * Loads an allocator.
 *
 * @param path An absolute path or a `file:` URL.
 * @param limitMs How long loading may take.
 * @throws {LoadError} `PATH: what was found: what is allowed`.
 */
export async function loadModule(
  path: string,
  options: UserAllocatorOptions,
  limitMs: number = LOAD_MS,
): Promise<UserAllocator> {
  try {
    const allocator = await withinLimit(create(path, options), limitMs);
    requireElement(allocator, options);
    return allocator;
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    throw new LoadError(`${path}: ${error.message}`);
  }
}

async function withinLimit<T>(loading: Promise<T>, limitMs: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(refusal(`this module is not ready after ${limitMs / 1000} s`, MODULE)),
    limitMs,
  );
  try {
    return await Promise.race([loading, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function create(path: string, options: UserAllocatorOptions): Promise<UserAllocator> {
  const createAllocator = requireFunction(await importModule(requireFile(path)));
  try {
    return requireAllocator(await createAllocator(options));
  } catch (error) {
    if (error instanceof LoadError) throw error;
    throw refusal(`createAllocator() throws (${reasonOf(error)})`, ALLOCATOR);
  }
}

/** What `import()` says of a file that is not there takes several lines, and is said of what a module imports as well. */
function requireFile(path: string): URL {
  try {
    const url = path.startsWith("file:") ? new URL(path) : pathToFileURL(path);
    if (Deno.statSync(url).isFile) return url;
  } catch (error) {
    const found = error instanceof Deno.errors.NotFound
      ? "there is no such file"
      : `this file cannot be read (${reasonOf(error)})`;
    throw refusal(found, MODULE);
  }
  throw refusal("this is not a file", MODULE);
}

async function importModule(url: URL): Promise<{ readonly default?: unknown }> {
  try {
    return await import(url.href);
  } catch (error) {
    throw refusal(`this module cannot be loaded (${reasonOf(error)})`, MODULE);
  }
}

function requireFunction({ default: exported }: { readonly default?: unknown }): CreateAllocator {
  if (typeof exported === "function") return exported as CreateAllocator;
  const found = exported === undefined
    ? "it has no default export"
    : `its default export is ${shown(exported)}`;
  throw refusal(found, MODULE);
}

function requireAllocator(created: unknown): UserAllocator {
  if (typeof created !== "object" || created === null) {
    throw refusal(`createAllocator() gives ${shown(created)}`, ALLOCATOR);
  }
  for (const method of ["allocate", "free"]) {
    if (typeof Reflect.get(created, method) === "function") continue;
    throw refusal(`createAllocator() gives an object without ${method}()`, ALLOCATOR);
  }
  return created as UserAllocator;
}

/** Takes an element, as a caller that may sleep, looks at its bytes, and gives it back. */
function requireElement(allocator: UserAllocator, { objectBytes }: UserAllocatorOptions): void {
  const handle: unknown = attempt("allocate(1)", () => allocator.allocate(BLOCKING));
  if (!isHandle(handle)) throw refusal(`its first allocate(1) gives ${shown(handle)}`, HANDLES);
  if (allocator.bytes !== undefined) requireBytes(allocator, handle, objectBytes);
  attempt(`free(${handle})`, () => allocator.free(handle));
}

function requireBytes(allocator: UserAllocator, handle: Handle, objectBytes: number): void {
  const bytes: unknown = attempt(`bytes(${handle})`, () => allocator.bytes?.(handle));
  const isView = bytes instanceof Uint8Array;
  if (isView && bytes.length === objectBytes) return;
  const found = isView ? `${bytes.length} bytes` : shown(bytes);
  throw refusal(`bytes(${handle}) gives ${found}`, `a Uint8Array of ${objectBytes} bytes`);
}

function attempt<T>(call: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw refusal(`${call} throws (${reasonOf(error)})`, "an allocator that serves a first caller");
  }
}

/** A value as it stands in a sentence. */
export function shown(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (value instanceof Promise) return "a promise";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value === "bigint") return `${value}n`;
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

/** What somebody threw, on one line, with the place in the module where there is one to be known. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return shown(error).slice(0, CHARACTERS_MAX);
  const [line = ""] = stripVTControlCharacters(error.message).trim().split("\n");
  const said = (line.replace(/\.$/, "") || error.name).slice(0, CHARACTERS_MAX);
  const place = placeOf(stripVTControlCharacters(error.stack ?? ""));
  return place === null || said.includes(place) ? said : `${said}, at ${place}`;
}

/** The first place of a stack, unless that is here. */
function placeOf(stack: string): string | null {
  const place = /file:[^\s()]+:\d+:\d+/.exec(stack)?.[0] ?? null;
  return place?.startsWith(import.meta.url) ? null : place;
}
