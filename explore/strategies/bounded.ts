/**
 * Preemption bounding (Musuvathi and Qadeer, "Iterative Context Bounding for Systematic Testing of Multithreaded
 * Programs", PLDI 2007; the CHESS of Microsoft Research): depth first through every schedule in which threads that could have gone on
 * are made to give way so often at most. Most bugs need two such moments or fewer.
 *
 * @module
 */
import type { Strategy, StrategyKind } from "../strategy.ts";

/** A choice on the way. */
interface Fork {
  /** Who may be chosen: the first costs nothing. */
  readonly options: readonly number[];
  /** Which of them is tried now. */
  at: number;
  /** The thread that could go on without a preemption, or -1. */
  readonly goesOn: number;
}

function search(bound: number): Strategy {
  const forks: Fork[] = [];
  let depth = 0;
  let preemptions = 0;
  let hasBegun = false;

  function fork(enabled: readonly number[], last: number): Fork {
    if (!enabled.includes(last)) return { options: [...enabled], at: 0, goesOn: -1 };
    const others = preemptions < bound ? enabled.filter((actor) => actor !== last) : [];
    return { options: [last, ...others], at: 0, goesOn: last };
  }

  return {
    begin() {
      depth = preemptions = 0;
      if (!hasBegun) return hasBegun = true;
      while (forks.length > 0 && ++forks.at(-1)!.at === forks.at(-1)!.options.length) forks.pop();
      return forks.length > 0;
    },
    pick(enabled, last) {
      if (depth === forks.length) forks.push(fork(enabled, last));
      const { options, at, goesOn } = forks[depth++]!;
      const chosen = options[at]!;
      if (goesOn >= 0 && chosen !== goesOn) preemptions++;
      return chosen;
    },
  };
}

function boundedBy(bound: number, summary: string): StrategyKind {
  return { summary, bound, start: () => search(bound) };
}

/** No preemption. */
export const bound0: StrategyKind = boundedBy(0, "every order of threads that are never preempted");

/** One preemption. */
export const bound1: StrategyKind = boundedBy(1, "every schedule with up to one preemption");

/** Two preemptions. */
export const bound2: StrategyKind = boundedBy(2, "every schedule with up to two preemptions");
