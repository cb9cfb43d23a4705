/**
 * The scenarios that come with the program: each is one JSONC file in this folder, known by its
 * name without the extension. A new one is a new file and nothing else.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { found } from "../clauses.ts";
import { didYouMean, oneOf } from "../did_you_mean.ts";
import { InputError } from "../input_error.ts";

const FOLDER = new URL("./", import.meta.url);
const EXTENSION = ".jsonc";

/** The names of the built-in scenarios, in alphabetical order. */
export function builtinNames(): string[] {
  return Array.from(Deno.readDirSync(FOLDER), ({ name }) => name)
    .filter((name) => name.endsWith(EXTENSION))
    .map((name) => name.slice(0, -EXTENSION.length))
    .sort();
}

/**
 * Reads a built-in scenario.
 *
 * @throws {InputError} where there is none of that name.
 */
export function readBuiltin(name: string): { readonly file: string; readonly text: string } {
  const names = builtinNames();
  if (!names.includes(name)) {
    const allowed = oneOf([...names, "a file"]);
    throw new InputError(
      `there is no scenario ${found(name)}: give ${allowed}${didYouMean(name, names)}`,
    );
  }
  const url = new URL(`${name}${EXTENSION}`, FOLDER);
  return { file: fileURLToPath(url), text: Deno.readTextFileSync(url) };
}
