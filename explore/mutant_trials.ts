/**
 * Tries mutants, one at a time, in a copy of the code: whatever executes what is changed runs, who is likely to be quick first, until
 * somebody catches it.
 *
 * @module
 */
import { type Checker, checkersOf, EXPLORER, type Run, run, typeCheck } from "./checkers.ts";
import { type Mutant, mutated } from "./mutators.ts";

/** What became of a mutant. */
export interface Trial {
  readonly mutant: Mutant;
  /** Who caught it: a test's file, `explorer`, `types`; null where nobody did. */
  readonly by: string | null;
  /** What they said, or that it hangs. */
  readonly seen: string;
  /** Those that passed. */
  readonly passed: readonly string[];
  /** Those that execute it too, and were not run as they take too long. */
  readonly leftOut: readonly string[];
  readonly ms: number;
}

/** Batches take this long at first, and then twice as long each time: a start costs as much as a short test. */
const FIRST_BATCH_MS = 1500;

/** Who has much to do with a file counts as if it had caught so many of its mutants. */
const LIKELY = 5;

/** Who has caught how many mutants of a file so far: the best guess of who catches the next. */
export class Catches {
  readonly #counts = new Map<string, number>();

  /** Notes one. */
  add(file: string, by: string): void {
    const key = `${file} ${by}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  /** The checkers in the order in which they are worth their time: who executes much of a file sees more of what is wrong in it. */
  order(file: string, checkers: readonly Checker[]): Checker[] {
    const beside = file.replace(/\.ts$/, "_test.ts");
    const price = ({ name, ms, lines }: Checker) => {
      const likely = name === beside || name === EXPLORER ? LIKELY : 0;
      const worth = 1 + likely + (this.#counts.get(`${file} ${name}`) ?? 0);
      return ms / (worth * (1 + (lines.get(file)?.size ?? 0)));
    };
    return checkers.toSorted((a, b) => price(a) - price(b));
  }
}

/** What is run together: the explorer alone, tests in ever larger batches. */
export function batchesOf(checkers: readonly Checker[]): Checker[][] {
  const batches: Checker[][] = [];
  let batch: Checker[] = [];
  let [batchMs, limitMs] = [0, FIRST_BATCH_MS];
  const close = () => {
    if (batch.length > 0) batches.push(batch);
    [batch, batchMs] = [[], 0];
  };
  for (const checker of checkers) {
    if (checker.name === EXPLORER) {
      close();
      batches.push([checker]);
      continue;
    }
    batch.push(checker);
    batchMs += checker.ms;
    if (batchMs < limitMs) continue;
    limitMs *= 2;
    close();
  }
  close();
  return batches;
}

/** As many of them, from the first on, as can be run within a time. */
function affordable(checkers: readonly Checker[], patienceMs: number): Checker[] {
  let sumMs = 0;
  return checkers.filter(({ ms }) => (sumMs += ms) <= patienceMs || sumMs === ms);
}

async function firstToCatch(batches: readonly Checker[][], file: string, root: URL): Promise<Run> {
  for (const batch of batches) {
    const found = await run(batch, root);
    if (!found.isPassed) return found;
  }
  return await typeCheck(file, root);
}

/** What a trial needs. */
export interface Stand {
  /** The tree, a copy of the code as it is. */
  readonly root: URL;
  readonly checkers: readonly Checker[];
  readonly catches: Catches;
  /** Time for the checkers of one mutant, by what they took without it. */
  readonly patienceMs: number;
}

/** Tries a mutant, and puts its file back. */
export async function tryMutant(mutant: Mutant, stand: Stand): Promise<Trial> {
  const { root, checkers, catches, patienceMs } = stand;
  const { file } = mutant;
  const startedMs = performance.now();
  const ordered = catches.order(file, checkersOf(mutant, checkers));
  const chosen = affordable(ordered, patienceMs);
  const path = new URL(file, root);
  const text = await Deno.readTextFile(path);
  await Deno.writeTextFile(path, mutated(text, mutant));
  let found: Run;
  try {
    found = await firstToCatch(batchesOf(chosen), file, root);
  } finally {
    await Deno.writeTextFile(path, text);
  }
  const by = found.isPassed ? null : found.by;
  if (by !== null) catches.add(file, by);
  return {
    mutant,
    by,
    seen: found.seen,
    passed: by === null ? chosen.map(({ name }) => name) : [],
    leftOut: ordered.filter((each) => !chosen.includes(each)).map(({ name }) => name),
    ms: Math.round(performance.now() - startedMs),
  };
}
