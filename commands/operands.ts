/**
 * Results that are named on the command line: by a file, by the id of a saved one, or by a revision.
 *
 * @module
 */
import type { Result } from "../results/result.ts";
import { parseResults } from "../results/result_schema.ts";
import type { Store } from "../results/store.ts";
import { Exit } from "./exit.ts";
import { unreadable } from "./file_text.ts";
import type { Io } from "./io.ts";

/** Where results may come from. */
export interface OperandSources {
  readonly io: Io;
  /** The store's file, if not the one in the user's data folder. */
  readonly store: string | undefined;
}

/** Results of one scenario on both sides. */
export interface OperandPair {
  readonly base: readonly Result[];
  readonly head: readonly Result[];
}

/**
 * The results of two names, scenario by scenario; one that is named twice counts once, since its repeats would else tell
 * more than they know.
 *
 * @throws {Exit} 2, where a name names nothing, or the sides have no scenario in common.
 */
export async function operandPairs(
  named: { readonly base: string; readonly head: string },
  sources: OperandSources,
): Promise<OperandPair[]> {
  const base = byScenario(await resultsOf(named.base, sources));
  const head = byScenario(await resultsOf(named.head, sources));
  // One scenario on each side is compared whatever it is called.
  if (base.size === 1 && head.size === 1) {
    return [{ base: [...base.values()][0]!, head: [...head.values()][0]! }];
  }
  const pairs = [...head].flatMap(([name, results]) => {
    const before = base.get(name);
    return before === undefined ? [] : [{ base: before, head: results }];
  });
  if (pairs.length > 0) return pairs;
  throw new Exit(
    2,
    `compare: no scenario in common: ${named.base} has ${listed(base)}, ${named.head} has ${
      listed(head)
    }`,
  );
}

function byScenario(results: readonly Result[]): Map<string, readonly Result[]> {
  const named = Map.groupBy(results, ({ scenario }) => scenario.name);
  return new Map([...named].map(([name, each]) => {
    const once = new Map(each.map((result) => [result.id, result]));
    return [name, [...once.values()]];
  }));
}

function listed(results: ReadonlyMap<string, unknown>): string {
  return [...results.keys()].join(", ");
}

/** The results of a name. @throws {Exit} 2, where it names nothing. */
export async function resultsOf(name: string, sources: OperandSources): Promise<Result[]> {
  const text = textOf(name);
  return text === null ? await savedResults(name, sources) : parseResults(text, name);
}

/** The saved results of an id or a revision. @throws {Exit} 2, where there is none, or a revision begins like several. */
export async function savedResults(
  name: string,
  { io, store: path }: OperandSources,
): Promise<Result[]> {
  using store = await openedStore(name, io, path);
  const result = savedAs(store, name);
  if (result.length > 0) return result;
  throw new Exit(
    2,
    `${JSON.stringify(name)} is no file, no id and no revision of a saved result: see history list`,
  );
}

async function openedStore(name: string, io: Io, path: string | undefined): Promise<Store> {
  try {
    return await io.store(path, { write: false });
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "StoreError") throw error;
    throw new Exit(2, `${JSON.stringify(name)} is no file: ${error.message}`);
  }
}

function savedAs(store: Store, name: string): Result[] {
  const byRevision = /^[0-9a-f]{4,}$/.test(name) ? [...store.all({ revision: name })] : [];
  const revisions = new Set(byRevision.map(({ environment }) => environment.revision));
  const [first, second] = revisions;
  // Who names one of them whole means that one.
  if (revisions.has(name)) {
    return byRevision.filter(({ environment }) => environment.revision === name);
  }
  if (second !== undefined) {
    throw new Exit(
      2,
      `${
        JSON.stringify(name)
      } begins several revisions, such as ${first} and ${second}: give more of one`,
    );
  }
  if (byRevision.length > 0) return byRevision;
  const result = store.get(name);
  return result === null ? [] : [result];
}

/** A file's text; null where there is no such file. @throws {Exit} 2, where it cannot be read. */
export function textOf(path: string): string | null {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw unreadable(path, error);
  }
}
