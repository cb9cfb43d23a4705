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

/** Who takes this long to fail may fail for the machine, which has become slow. */
const DOUBTFUL_MS = 8000;

/** Thrown where nobody can tell whether a mutant hangs or only the machine. */
export class UnfitError extends Error {
  override name = "UnfitError";
}

/** A machine this many times slower than at first is fit for no trial. */
const SLOWNESS_MAX = 16;

/** How many times slower the machine is than when everybody was measured, as far as it has shown. */
export class Pace {
  slowness = 1;
}

/** The batches over a tree in which a mutant is, or not. */
class Trying {
  readonly #path: URL;
  readonly #text: string;
  readonly #changed: string;
  readonly #root: URL;
  readonly #pace: Pace;

  constructor(mutant: Mutant, text: string, { root, pace }: Stand) {
    this.#path = new URL(mutant.file, root);
    this.#text = text;
    this.#changed = mutated(text, mutant);
    this.#root = root;
    this.#pace = pace;
  }

  /** Runs a batch with the mutant; what takes long to fail must pass without it, or has failed for the machine, and is tried again. */
  async run(batch: readonly Checker[]): Promise<Run> {
    for (;;) {
      const startedMs = performance.now();
      const found = await this.changed(() => run(batch, this.#root, this.#pace.slowness));
      const isClear = found.isPassed || performance.now() - startedMs < DOUBTFUL_MS;
      if (isClear) return found;
      const failing = batch.filter(({ name }) => name === found.by);
      const control = await run(
        failing.length > 0 ? failing : batch,
        this.#root,
        this.#pace.slowness,
      );
      if (control.isPassed) return found;
      if (this.#pace.slowness >= SLOWNESS_MAX) throw new UnfitError();
      this.#pace.slowness *= 2;
    }
  }

  /** Has the mutant in its file meanwhile. */
  async changed(act: () => Promise<Run>): Promise<Run> {
    await Deno.writeTextFile(this.#path, this.#changed);
    try {
      return await act();
    } finally {
      await Deno.writeTextFile(this.#path, this.#text);
    }
  }
}

async function firstToCatch(
  trying: Trying,
  batches: readonly Checker[][],
  { file }: Mutant,
  root: URL,
): Promise<Run> {
  for (const batch of batches) {
    const found = await trying.run(batch);
    if (!found.isPassed) return found;
  }
  return await trying.changed(() => typeCheck(file, root));
}

/** What a trial needs. */
export interface Stand {
  /** The tree, a copy of the code as it is. */
  readonly root: URL;
  readonly checkers: readonly Checker[];
  readonly catches: Catches;
  readonly pace: Pace;
  /** Time for the checkers of one mutant, by what they took without it. */
  readonly patienceMs: number;
}

/** Tries a mutant, and puts its file back. @throws {UnfitError} */
export async function tryMutant(mutant: Mutant, stand: Stand): Promise<Trial> {
  const { root, checkers, catches, patienceMs } = stand;
  const { file } = mutant;
  const startedMs = performance.now();
  const ordered = catches.order(file, checkersOf(mutant, checkers));
  const chosen = affordable(ordered, patienceMs);
  const trying = new Trying(mutant, await Deno.readTextFile(new URL(file, root)), stand);
  const found = await firstToCatch(trying, batchesOf(chosen), mutant, root);
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
