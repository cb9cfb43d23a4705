/**
 * Has the thread of a program that is to die do so at every point: after none of its operations, after one, and so on to the end of its longest way, each
 * time in a few schedules of the others. An operation is one on one word, those that nobody waits before included; asleep and at rest it dies too.
 *
 * @module
 */
import { deathsOf, type Explored } from "./explored.ts";
import { followed, type Strategy, type StrategyKind } from "./strategy.ts";

/** How to search. */
export interface DeathSearchOptions {
  /** Schedules for each point, at least 1: the first on the longest way of the one who dies that was found. */
  readonly schedules: number;
  readonly seed: number;
  /** Looks for long ways of the one who is to die, in so many schedules in which it dies at rest. */
  readonly ways: { readonly schedules: number; readonly strategy: readonly [string, StrategyKind] };
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

/** Schedules that are drawn in which it dies at rest, before all others: the longest way that it has gone in one is the first guess at how long that can be. */
const AT_REST = 24;

/** Lets it die everywhere, until something goes wrong. `tried` hears of each schedule. */
export async function searchDeaths(
  explored: Explored,
  { schedules, seed, ways, strategies }: DeathSearchOptions,
  tried: (choices: readonly number[], operations: number) => void,
): Promise<DeathFindings> {
  const { machine } = explored;
  let count = 0;
  /** The longest way that it has gone, and the schedule of that. */
  let longest = 0;
  let way: readonly number[] = [];
  let failure: DeathFailure | null = null;
  const points = new Set<number>();

  async function tryOne(
    operations: number,
    own: number,
    [name, strategy]: readonly [string, Strategy],
  ): Promise<void> {
    machine.deaths = deathsOf(explored, operations);
    const { choices, failure: failed } = await machine.run(strategy);
    count++;
    tried(choices, operations);
    if (machine.diedAfter > longest) [longest, way] = [machine.diedAfter, choices];
    if (operations < AT_REST_AFTER && machine.diedEarly) points.add(operations);
    if (failed === null) return;
    failure = { message: failed.message, strategy: name, seed: own, choices, operations };
  }

  function drawn(own: number, index: number): readonly [string, Strategy] {
    const [name, kind] = strategies[Math.min(index, 1 + index % (strategies.length - 1))]!;
    return [name, begun(kind, own)];
  }

  /** On its longest way, which leads past the point where it is to die. */
  function along(own: number): readonly [string, Strategy] {
    const [name, kind] = strategies[0]!;
    const strategy = followed(way, kind.start({ seed: own, choices: CHOICES }));
    strategy.begin();
    return [name, strategy];
  }

  const [name, kind] = ways.strategy;
  const all = kind.start({ seed, choices: CHOICES });
  for (let index = 0; index < ways.schedules && failure === null && all.begin(); index++) {
    await tryOne(AT_REST_AFTER, seed + index, [name, all]);
  }
  for (let index = 0; index < AT_REST && failure === null; index++) {
    const own = seed + AT_REST_AFTER * schedules + index;
    await tryOne(AT_REST_AFTER, own, drawn(own, index));
  }
  for (let operations = 0; operations <= longest && failure === null; operations++) {
    for (let index = 0; index < schedules && failure === null; index++) {
      const own = seed + operations * schedules + index;
      await tryOne(operations, own, index === 0 ? along(own) : drawn(own, index));
    }
  }
  return { points: points.size + 1, schedules: count, failure };
}

function begun(kind: StrategyKind, seed: number): Strategy {
  const strategy = kind.start({ seed, choices: CHOICES });
  strategy.begin();
  return strategy;
}
