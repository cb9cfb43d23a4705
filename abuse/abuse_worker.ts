/**
 * Abuses one target: in a worker, so that whoever asked for it notices a hang.
 *
 * @module
 */
import fc from "fast-check";
import { type Attempt, carryOut, complaintOf } from "./attempt.ts";
import { TARGETS } from "./targets.ts";

/** What to do. */
export interface Order {
  readonly target: string;
  readonly seed: number;
  readonly mutants: number;
  /** A file that says what is being tried: what is read where no answer comes. */
  readonly tryingFile: string;
}

/** What came of it. */
export interface Answer {
  /** What is wrong, with the smallest mutant that shows it; null where nothing is. */
  readonly failure: string | null;
  /** How often a command ended with each status. */
  readonly statuses: readonly number[];
}

const MOST_SHOWN = 3000;

async function obey({ target, seed, mutants, tryingFile }: Order): Promise<Answer> {
  const statuses = [0, 0, 0, 0];
  const judged = async (attempt: Attempt) => {
    Deno.writeTextFileSync(tryingFile, JSON.stringify(attempt));
    const ending = await carryOut(attempt);
    statuses[ending.status] = (statuses[ending.status] ?? 0) + 1;
    const complaint = complaintOf(ending, attempt);
    if (complaint !== null) throw new Error(`${complaint}\n${ending.stderr}`);
  };
  const property = fc.asyncProperty(TARGETS[target]!, judged);
  const { failed, errorInstance, counterexample } = await fc.check(property, {
    seed,
    numRuns: mutants,
  });
  const shown = JSON.stringify(counterexample)?.slice(0, MOST_SHOWN);
  return { failure: failed ? `${errorInstance}\n${shown}` : null, statuses };
}

self.onmessage = async ({ data }: MessageEvent<Order>) => self.postMessage(await obey(data));
