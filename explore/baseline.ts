/**
 * What everybody who may catch mutants executes in the code as it is, and how long that takes: minutes for all of them, so that it can be
 * kept in a file. What is kept is of the very same code; of the tests, those that have changed are run again.
 *
 * @module
 */
import { type Checker, EXPLORER, measure, testsOf } from "./checkers.ts";
import type { PlantedTree } from "./planted_tree.ts";

/** One, as it is kept. */
interface Kept {
  readonly name: string;
  readonly ms: number;
  readonly lines: Readonly<Record<string, readonly number[]>>;
  /** Of what it runs. */
  readonly fingerprint: string;
}

/** How to find out. */
export interface BaselineOptions {
  /** Parts of the names of those who are asked for. */
  readonly parts: readonly string[];
  /** Where it is kept; null for nowhere. */
  readonly file: string | null;
}

async function fingerprintOf(texts: readonly string[]): Promise<string> {
  const bytes = new TextEncoder().encode(texts.join("\0"));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/** The texts of all modules of a tree that are no tests. */
async function sourcesOf(folder: URL): Promise<string[]> {
  const names = (await Array.fromAsync(Deno.readDir(folder)))
    .toSorted((a, b) => a.name < b.name ? -1 : 1);
  const texts: string[] = [];
  for (const { name, isDirectory } of names) {
    if (isDirectory) texts.push(...await sourcesOf(new URL(`${name}/`, folder)));
    else if (/(?<!_test)\.ts$/.test(name)) {
      texts.push(name, await Deno.readTextFile(new URL(name, folder)));
    }
  }
  return texts;
}

async function read(file: string | null): Promise<Kept[]> {
  if (file === null) return [];
  try {
    return JSON.parse(await Deno.readTextFile(file));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw new RangeError(`--baseline ${file}: give a file that was written by this, or a new one`);
  }
}

const keptOf = ({ name, ms, lines }: Checker, fingerprint: string): Kept => ({
  name,
  ms,
  fingerprint,
  lines: Object.fromEntries([...lines].map(([file, each]) => [file, [...each]])),
});

const checkerOf = ({ name, ms, lines }: Kept): Checker => ({
  name,
  ms,
  lines: new Map(Object.entries(lines).map(([file, each]) => [file, new Set(each)])),
});

/** Has a crew, each with a tree of its own, do all that there is. */
export async function shared<T>(
  items: Iterable<T>,
  trees: readonly PlantedTree[],
  act: (item: T, root: URL) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  await Promise.all(trees.map(async ({ root }) => {
    for (let next = queue.next(); !next.done; next = queue.next()) await act(next.value, root);
  }));
}

/**
 * Runs everybody over the code as it is, each in one of several copies of it.
 *
 * @throws {Error} where the explorer finds something there.
 * @throws {RangeError} where the file holds something else.
 */
export async function baseline(
  trees: readonly PlantedTree[],
  { parts, file }: BaselineOptions,
  print: (line: string) => void,
): Promise<Checker[]> {
  const { root } = trees[0]!;
  const sources = await sourcesOf(root);
  const kept = new Map((await read(file)).map((each) => [each.name, each]));
  const names = [EXPLORER, ...await testsOf(root)]
    .filter((name) => parts.some((part) => name.includes(part)));
  const checkers: Checker[] = [];
  await shared(names, trees, async (name, own) => {
    const text = name === EXPLORER ? "" : await Deno.readTextFile(new URL(name, root));
    const fingerprint = await fingerprintOf([...sources, text]);
    const before = kept.get(name);
    const isKept = before?.fingerprint === fingerprint;
    const checker = isKept ? checkerOf(before) : await measure(name, own);
    if (checker !== null) {
      checkers.push(checker);
      kept.set(name, keptOf(checker, fingerprint));
      // Each at once: whoever is interrupted goes on from there.
      if (file !== null && !isKept) {
        await Deno.writeTextFile(file, JSON.stringify([...kept.values()]));
      }
    } else if (name === EXPLORER) throw new Error("without any change, the explorer fails");
    else print(`left out, as it fails without any change: ${name}`);
  });
  return checkers;
}
