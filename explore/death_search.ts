/**
 * Has the thread of a program that is to die do so at every point: after none of its operations, after one, and so on to the end of its longest way, each
 * time in a few schedules of the others. An operation is one on one word, those that nobody waits before included; asleep and at rest it dies too.
 *
 * @module
 */
import type { Explored } from "./explored.ts";
import type { Strategy, StrategyKind } from "./strategy.ts";

/** How to search. */
export interface DeathSearchOptions {
  /** Schedules for each point, at least 1. */
  readonly schedules: number;
  readonly seed: number;
  /** The first schedule of each point is of the first strategy; the others take turns. */
  readonly strategies: readonly (readonly [string, StrategyKind])[];
}

/** A death after which something went wrong. */
export interface DeathFailure {
  readonly message: string;
  readonly strategy: string;
  readonly seed: number;
  readonly choices: readonly number[];
  /** Operations that the dead one had made. */
  readonly operations: number;
}

/** What a search has come to. */
export interface DeathFindings {
  /** Points at which it died. */
  readonly points: number;
  readonly schedules: number;
  readonly failure: DeathFailure | null;
}

/** Choices in a schedule of a program with a death, about. */
const CHOICES = 60;

/** Lets it die everywhere, until something goes wrong. `tried` hears of each schedule. */
export async function searchDeaths(
  { machine, dies }: Explored,
  { schedules, seed, strategies }: DeathSearchOptions,
  tried: (choices: readonly number[], operations: number) => void,
): Promise<DeathFindings> {
  let count = 0;
  for (let operations = 0;; operations++) {
    machine.death = { thread: dies!, operations };
    let isPoint = false;
    for (let index = 0; index < schedules; index++) {
      const [strategy, kind] = strategies[Math.min(index, 1 + index % (strategies.length - 1))]!;
      const own = seed + operations * schedules + index;
      const { choices, failure } = await machine.run(begun(kind, own));
      count++;
      tried(choices, operations);
      isPoint ||= machine.diedEarly;
      if (failure === null) continue;
      const { message } = failure;
      return {
        points: operations + 1,
        schedules: count,
        failure: { message, strategy, seed: own, choices, operations },
      };
    }
    // At rest, which is a point as well.
    if (!isPoint) return { points: operations + 1, schedules: count, failure: null };
  }
}

function begun(kind: StrategyKind, seed: number): Strategy {
  const strategy = kind.start({ seed, choices: CHOICES });
  strategy.begin();
  return strategy;
}
