/**
 * `deno task mutants`: plants bugs, one at a time, in a copy of the code, and says which program of the explorer, or which test
 * where the explorer is the wrong tool, catches each.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { runCommand, wholeNumber } from "./command_line.ts";
import type { Mutation } from "./mutation.ts";
import { CATCHERS, MUTATIONS } from "./mutations.ts";
import { plant } from "./planted_tree.ts";
import { type Searcher, startSearcher } from "./searcher.ts";
import { PROJECT } from "./subject.ts";

/** What caught a bug. */
interface Catch {
  readonly by: string;
  readonly seen: string;
}

/** How hard to look. */
interface Effort {
  /** Schedules of each program. */
  readonly schedules: number;
  readonly seed: number;
}

async function searchFor(
  { programs = [] }: Mutation,
  searcher: Searcher,
  { schedules, seed }: Effort,
): Promise<Catch | null> {
  for (const program of new Set([...programs, ...CATCHERS])) {
    const options = { share: schedules, seed, strategy: null };
    const { failure } = await searcher.search(program, options);
    if (failure !== null) return { by: program, seen: failure.message };
  }
  return null;
}

async function runTest(file: string, root: URL): Promise<Catch | null> {
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "-q", "--no-check", "-P=test", "--config", "deno.json", file],
    cwd: root,
    env: { NO_COLOR: "1" },
    stderr: "null",
  }).output();
  if (code === 0) return null;
  const failed = /^(.*) \.\.\. FAILED/m.exec(new TextDecoder().decode(stdout))?.[1];
  return { by: file, seen: failed ?? `exit status ${code}` };
}

/** Plants a bug and looks for it. @returns null where nothing catches it. */
async function catchMutant(mutation: Mutation, effort: Effort): Promise<Catch | null> {
  await using tree = await plant(mutation);
  if (mutation.test !== undefined) return await runTest(mutation.test.file, tree.root);
  using searcher = await startSearcher(tree.root);
  return await searchFor(mutation, searcher, effort);
}

/**
 * Has everything that is to catch bugs look at the code without any: what fails there would catch whatever is planted.
 *
 * @throws {Error} naming what fails.
 */
async function control(mutations: readonly Mutation[], effort: Effort): Promise<void> {
  using searcher = await startSearcher();
  for (
    const program of new Set([...mutations.flatMap(({ programs = [] }) => programs), ...CATCHERS])
  ) {
    const options = { share: Math.ceil(effort.schedules / 10), seed: effort.seed, strategy: null };
    const { failure } = await searcher.search(program, options);
    if (failure !== null) throw new Error(`without any bug, ${program} fails: ${failure.message}`);
  }
  for (
    const file of new Set(mutations.flatMap(({ test }) => test === undefined ? [] : [test.file]))
  ) {
    const found = await runTest(file, PROJECT);
    if (found !== null) throw new Error(`without any bug, ${file} fails: ${found.seen}`);
  }
}

interface Plan {
  readonly mutations: readonly Mutation[];
  readonly effort: Effort;
  readonly workers: number;
}

function planOf(args: readonly string[], table: readonly Mutation[]): Plan {
  const given = parseArgs(args, {
    string: ["only", "schedules", "seed", "workers"],
    unknown(argument) {
      throw new RangeError(
        `${argument}: give --only PART_OF_A_NAME, --schedules N, --seed S or --workers N`,
      );
    },
  });
  const { only = "" } = given;
  const mutations = table.filter(({ name, file }) => `${file}: ${name}`.includes(only));
  if (mutations.length === 0) {
    throw new RangeError(`--only ${only}: give a part of a name, such as "${table[0]!.name}"`);
  }
  return {
    mutations,
    effort: {
      schedules: wholeNumber("--schedules", given.schedules ?? "2000", 1),
      seed: wholeNumber("--seed", given.seed ?? "1", 1),
    },
    workers: wholeNumber("--workers", given.workers ?? `${navigator.hardwareConcurrency}`, 1),
  };
}

/** Plants, searches and prints. @returns the exit status. @throws {RangeError} one sentence, on bad usage. */
export async function mutants(
  args: readonly string[],
  print: (line: string) => void,
  table: readonly Mutation[] = MUTATIONS,
): Promise<number> {
  const { mutations, effort, workers } = planOf(args, table);
  await control(mutations, effort);
  const queue = mutations.values();
  let caught = 0;
  const crew = Array.from({ length: workers }, async () => {
    for (const mutation of queue) {
      const found = await catchMutant(mutation, effort);
      if (found !== null) caught++;
      print(`${mutation.file}: ${mutation.name}`);
      print(found === null ? "  SURVIVES" : `  ${found.by}: ${found.seen}`);
      if (mutation.test !== undefined) print(`  (not by the explorer: ${mutation.test.why})`);
    }
  });
  await Promise.all(crew);
  print(`caught ${caught} of ${mutations.length}`);
  return caught === mutations.length ? 0 : 1;
}

if (import.meta.main) {
  if (!Deno.args.includes("--mechanical")) await runCommand(mutants);
  else await runCommand((await import("./mechanical.ts")).mechanical);
}
