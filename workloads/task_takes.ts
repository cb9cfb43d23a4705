/**
 * What the tasks of a load take, one after the other: all the same, or each with one of several alternatives, drawn by
 * weight from a stream of its own.
 *
 * @module
 */
import type { Mempool } from "../pools/mempool.ts";
import { runsOf } from "./bulk_taking.ts";
import type { LoadContext } from "./kinds/load.ts";
import { streamOf } from "./kinds/streams.ts";
import type { Random } from "./random.ts";

/** What one task takes. */
interface Variant {
  /** The pools, one entry for each element. */
  readonly takes: readonly Mempool[];
  /** How many of them at once, one entry for each call. */
  readonly runs: readonly number[];
}

/** What the next task takes, and the most that any takes. */
export interface TaskTakes extends Variant {
  /** Most elements that one task takes. */
  readonly width: number;
  /** Moves on to the task after that. */
  advance(): void;
}

/** Draws places in a list of weights. */
export function weighted(weights: readonly number[], random: Random): () => number {
  let total = 0;
  const limits = weights.map((weight) => total += weight);
  return () => {
    const drawn = random.uniform() * total;
    return limits.findIndex((limit) => drawn < limit);
  };
}

/** The tasks of a load. */
export function taskTakes(context: LoadContext): TaskTakes {
  const { workload: { take, takeOneOf }, takes, takesOneOf } = context;
  const always: Variant = { takes, runs: runsOf(take) };
  const variants = takeOneOf.map((spec, index): Variant => ({
    takes: [...takes, ...takesOneOf[index]!],
    runs: [...always.runs, ...runsOf([spec])],
  }));
  const draw = weighted(takeOneOf.map(({ weight }) => weight), streamOf(context, "alternative"));
  const next = () => variants.length === 0 ? always : variants[draw()]!;
  let current = next();
  return {
    get takes() {
      return current.takes;
    },
    get runs() {
      return current.runs;
    },
    width: Math.max(...[always, ...variants].map((variant) => variant.takes.length)),
    advance() {
      current = next();
    },
  };
}
