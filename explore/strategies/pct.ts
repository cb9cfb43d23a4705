import { createRandom } from "../../workloads/random.ts";
import type { SearchSize, Strategy, StrategyKind } from "../strategy.ts";

/**
 * The bug's depth d, how many steps must come in one order for it to show: it is found in a schedule with probability 1 / (n k^(d-1)) at
 * least. Drawn anew for each schedule, as nobody knows it.
 */
const DEPTHS = { least: 2, most: 5 };

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
      const depth = DEPTHS.least + draws.below(DEPTHS.most - DEPTHS.least + 1);
      changes = Array.from({ length: depth - 1 }, () => draws.below(choices));
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
  summary: "by priorities, with falls to the last place at a few choices drawn beforehand",
  bound: null,
  start: search,
};
