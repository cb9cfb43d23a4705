/**
 * `deno task mutants --mechanical`: changes the code of `sync/` and `pools/` in small ways, one at a time, in a copy of it, and says who
 * catches each; what nobody catches is a hole in the tests, or was judged to make no difference (`judged_survivors.ts`).
 *
 * Of all changes that there are some are drawn, as many from each file as from any other as long as it has any.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { createRandom } from "../workloads/random.ts";
import { baseline, shared } from "./baseline.ts";
import { wholeNumber } from "./command_line.ts";
import { judgementOf } from "./judged_survivors.ts";
import { Catches, Pace, type Stand, type Trial, tryMutant, UnfitError } from "./mutant_trials.ts";
import { type Mutant, mutantsOf } from "./mutators.ts";
import { copyProject, type PlantedTree } from "./planted_tree.ts";
import { PROJECT } from "./subject.ts";
import { printSurvivor, printTrials } from "./trial_lines.ts";

/** Whose code is changed if nothing else is asked for. */
const FOLDERS = ["sync/", "pools/", "pools/policies/"];

/** Where else there is code to change, by asking for it. */
const OTHERS = ["allocators/"];

type Print = (line: string) => void;

interface Plan {
  readonly files: readonly string[];
  readonly mutants: number;
  readonly seed: number;
  readonly minutes: number;
  readonly patienceMs: number;
  readonly workers: number;
  /** Where each trial is written to, a line of JSON. */
  readonly json: string | null;
  /** A part of the lines that are changed. */
  readonly only: string;
  /** Parts of the names of those who are to catch them. */
  readonly tests: readonly string[];
  /** Where it is kept what they execute. */
  readonly baseline: string | null;
}

async function sourcesOf(folders: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const folder of folders) {
    for await (const { name, isFile } of Deno.readDir(new URL(folder, PROJECT))) {
      if (isFile && /(?<!_test)\.ts$/.test(name)) files.push(folder + name);
    }
  }
  return files.sort();
}

async function filesOf(asked: string | undefined): Promise<string[]> {
  if (asked === undefined) return await sourcesOf(FOLDERS);
  const all = await sourcesOf([...FOLDERS, ...OTHERS]);
  return asked.split(",").flatMap((part) => {
    const found = all.filter((file) => file.includes(part));
    if (found.length > 0) return found;
    throw new RangeError(`--files ${part}: give parts of paths, such as "${all.at(-1)}"`);
  });
}

async function planOf(args: readonly string[]): Promise<Plan> {
  const given = parseArgs(args, {
    string: [
      "files",
      "mutants",
      "seed",
      "minutes",
      "patience",
      "workers",
      "json",
      "only",
      "tests",
      "baseline",
    ],
    boolean: ["mechanical"],
    unknown(argument) {
      throw new RangeError(
        `${argument}: give --files PART,PART, --mutants N, --seed S, --minutes N, --patience SECONDS, --workers N, --only PART_OF_A_LINE, --tests PART,PART, --baseline FILE or --json FILE`,
      );
    },
  });
  return {
    files: [...new Set(await filesOf(given.files))],
    mutants: wholeNumber("--mutants", given.mutants ?? "100", 1),
    seed: wholeNumber("--seed", given.seed ?? "1", 0),
    minutes: wholeNumber("--minutes", given.minutes ?? "60", 1),
    patienceMs: 1000 * wholeNumber("--patience", given.patience ?? "30", 1),
    workers: wholeNumber("--workers", given.workers ?? `${navigator.hardwareConcurrency}`, 1),
    json: given.json ?? null,
    only: given.only ?? "",
    baseline: given.baseline ?? null,
    tests: (given.tests ?? "").split(","),
  };
}

/** Draws mutants: one of each file, then one more of each that has any left, and so on. */
export function drawn(all: readonly Mutant[], count: number, seed: number): Mutant[] {
  const random = createRandom(seed, 0);
  const piles = Map.groupBy(all, ({ file }) => file).values().toArray();
  const chosen: Mutant[] = [];
  while (chosen.length < count && piles.some((pile) => pile.length > 0)) {
    for (const pile of piles) {
      if (pile.length === 0 || chosen.length === count) continue;
      chosen.push(...pile.splice(random.below(pile.length), 1));
    }
  }
  return chosen;
}

/** @returns null where the machine is too busy to tell. */
async function tried(mutant: Mutant, stand: Stand): Promise<Trial | null> {
  try {
    return await tryMutant(mutant, stand);
  } catch (error) {
    if (error instanceof UnfitError) return null;
    throw error;
  }
}

/** The exit status where the machine is too busy to tell who is caught. */
const UNFIT = 3;

/** Changes, tries and prints. @returns the exit status. @throws {RangeError} one sentence, on bad usage. */
export async function mechanical(args: readonly string[], print: Print): Promise<number> {
  const plan = await planOf(args);
  const all: Mutant[] = [];
  for (const file of plan.files) {
    all.push(...mutantsOf(file, await Deno.readTextFile(new URL(file, PROJECT))));
  }
  const asked = all.filter(({ before }) => before.includes(plan.only));
  if (asked.length === 0) throw new RangeError(`--only ${plan.only}: no such line is to change`);
  const mutants = drawn(asked, plan.mutants, plan.seed);
  const endMs = performance.now() + 60_000 * plan.minutes;
  await using stack = new AsyncDisposableStack();
  const trees: PlantedTree[] = [];
  for (let tree = 0; tree < plan.workers; tree++) trees.push(stack.use(await copyProject()));
  const checkers = await baseline(trees, { parts: plan.tests, file: plan.baseline }, print);
  const stand = {
    checkers,
    catches: new Catches(),
    pace: new Pace(),
    patienceMs: plan.patienceMs,
  };
  const trials: Trial[] = [];
  let isFit = true;
  await shared(mutants, trees, async (mutant, root) => {
    if (!isFit || performance.now() > endMs) return;
    const trial = await tried(mutant, { ...stand, root });
    if (trial === null) return void (isFit = false);
    trials.push(trial);
    if (plan.json !== null) await noted(plan.json, trial);
    if (trial.by === null) printSurvivor(trial, print);
  });
  printTrials(trials, print);
  const { slowness } = stand.pace;
  if (slowness > 1) print(`the machine was up to ${slowness} times slower than at first`);
  const left = mutants.length - trials.length;
  if (left > 0) {
    print(`${isFit ? "the time is over" : "the machine is too busy"}: ${left} were not tried`);
  }
  print(`of ${asked.length} mutants, seed ${plan.seed}`);
  if (!isFit) return UNFIT;
  return trials.some(({ by, mutant }) => by === null && judgementOf(mutant) === undefined) ? 1 : 0;
}

async function noted(path: string, trial: Trial): Promise<void> {
  const { mutant: { start: _start, end: _end, replacement: _replacement, ...mutant } } = trial;
  const verdict = judgementOf(mutant)?.verdict;
  await Deno.writeTextFile(path, `${JSON.stringify({ ...trial, mutant, verdict })}\n`, {
    append: true,
  });
}
