/**
 * Has the thread of a program that is to die do so at every point: after none of its operations, after one, and so on to the end of its longest way, each
 * time in a few schedules of the others. An operation is one on one word, those that nobody waits before included; asleep and at rest it dies too.
 *
 * @module
 */
import { deathsOf, type Explored } from "./explored.ts";
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
  /** Numbers of operations after which it died, and at rest. */
  readonly points: number;
  readonly schedules: number;
  readonly failure: DeathFailure | null;
}

/** More operations than anybody makes: it dies at rest. */
const AT_REST_AFTER = 1_000_000;

/** Choices in a schedule of a program with a death, about. */
const CHOICES = 60;

/** Schedules in which it dies at rest, before all others: the longest way that it has gone in one is the first guess at how long that can be. */
const AT_REST = 24;

/** Lets it die everywhere, until something goes wrong. `tried` hears of each schedule. */
export async function searchDeaths(
  explored: Explored,
  { schedules, seed, strategies }: DeathSearchOptions,
  tried: (choices: readonly number[], operations: number) => void,
): Promise<DeathFindings> {
  const { machine } = explored;
  let count = 0;
  let longest = 0;
  const points = new Set<number>();

  /** One schedule. @returns what went wrong in it. */
  async function tryOne(operations: number, index: number): Promise<DeathFailure | null> {
    machine.deaths = deathsOf(explored, operations);
    const [strategy, kind] = strategies[Math.min(index, 1 + index % (strategies.length - 1))]!;
    const own = seed + operations * schedules + index;
    const { choices, failure } = await machine.run(begun(kind, own));
    count++;
    tried(choices, operations);
    longest = Math.max(longest, machine.diedAfter);
    if (operations < AT_REST_AFTER && machine.diedEarly) points.add(operations);
    return failure && { message: failure.message, strategy, seed: own, choices, operations };
  }

  let failure: DeathFailure | null = null;
  for (let index = 0; index < AT_REST && failure === null; index++) {
    failure = await tryOne(AT_REST_AFTER, index);
  }
  for (let operations = 0; operations <= longest && failure === null; operations++) {
    for (let index = 0; index < schedules && failure === null; index++) {
      failure = await tryOne(operations, index);
    }
  }
  return { points: points.size + 1, schedules: count, failure };
}

function begun(kind: StrategyKind, seed: number): Strategy {
  const strategy = kind.start({ seed, choices: CHOICES });
  strategy.begin();
  return strategy;
}
