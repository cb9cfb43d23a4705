/**
 * A copy of what is under exploration, or one with a bug in it, in a temporary folder.
 *
 * @module
 */
import type { Mutation } from "./mutation.ts";
import { PROJECT } from "./subject.ts";

/** What the modules under exploration and their tests need. */
const FOLDERS = ["sync", "allocators", "pools", "results", "types"];
const FILES = ["deno.json", "deno.lock"];

/** A copy; disposing of it deletes it. */
export interface PlantedTree extends AsyncDisposable {
  readonly root: URL;
}

async function copyFolder(from: URL, to: URL): Promise<void> {
  await Deno.mkdir(to);
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyFolder(new URL(`${name}/`, from), new URL(`${name}/`, to));
    else await Deno.copyFile(new URL(name, from), new URL(name, to));
  }
}

/**
 * The text of the file with the bug in it.
 *
 * @throws {Error} where what is to be replaced does not stand there once.
 */
export function planted(text: string, { name, file, find, replace }: Mutation): string {
  const parts = text.split(find);
  if (parts.length === 2) return parts.join(replace);
  throw new Error(
    `${file} has the text of "${name}" ${
      parts.length - 1
    } times, not once: the code has changed, so must the mutation`,
  );
}

/** Copies the project as it is. */
export async function copyProject(): Promise<PlantedTree> {
  const folder = await Deno.makeTempDir({ prefix: "mutant-" });
  const root = new URL(`file://${folder}/`);
  for (const name of FOLDERS) {
    await copyFolder(new URL(`${name}/`, PROJECT), new URL(`${name}/`, root));
  }
  for (const name of FILES) await Deno.copyFile(new URL(name, PROJECT), new URL(name, root));
  return { root, [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }) };
}

/** Copies the project and plants a bug. */
export async function plant(mutation: Mutation): Promise<PlantedTree> {
  const text = await Deno.readTextFile(new URL(mutation.file, PROJECT));
  const changed = planted(text, mutation);
  const tree = await copyProject();
  await Deno.writeTextFile(new URL(mutation.file, tree.root), changed);
  return tree;
}
