import { createRandom } from "../../workloads/random.ts";
import type { SearchSize, Strategy, StrategyKind } from "../strategy.ts";

/** Steps that must come in one order for a bug to show: it is found in a schedule with probability 1 / (n k^(d-1)) at least. */
const DEPTH = 3;

function search({ seed, choices }: SearchSize): Strategy {
  let draws = createRandom(seed, 0);
  let schedule = 0;
  let choice = 0;
  let lowest = 0;
  let priorities: number[] = [];
  let changes: number[] = [];

  /** Who comes first of them; who is met for the first time draws a place. */
  function first(enabled: readonly number[]): number {
    let chosen = enabled[0]!;
    for (const actor of enabled) {
      priorities[actor] ??= draws.uniform();
      if (priorities[actor] > priorities[chosen]!) chosen = actor;
    }
    return chosen;
  }

  return {
    begin() {
      draws = createRandom(seed + schedule++, 0);
      choice = lowest = 0;
      priorities = [];
      changes = Array.from({ length: DEPTH - 1 }, () => draws.below(choices));
      return true;
    },
    pick(enabled) {
      const chosen = first(enabled);
      if (!changes.includes(choice++)) return chosen;
      priorities[chosen] = --lowest;
      return first(enabled);
    },
  };
}

/**
 * Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi and Nagarakatte, "A Randomized Scheduler with Probabilistic
 * Guarantees of Finding Bugs", ASPLOS 2010).
 */
export const pct: StrategyKind = {
  summary: "by priorities, with two falls to the last place at choices drawn beforehand",
  bound: null,
  start: search,
};
