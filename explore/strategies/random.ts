import { createRandom } from "../../workloads/random.ts";
import type { StrategyKind } from "../strategy.ts";

/** Whoever goes on is left to with this probability: switches at each step would hide what needs long runs. */
const GOES_ON = 0.8;

/** A random walk. */
export const random: StrategyKind = {
  summary: "anybody who can, but for a liking for going on",
  bound: null,
  start({ seed }) {
    let draws = createRandom(seed, 0);
    let schedule = 0;
    return {
      begin() {
        draws = createRandom(seed + schedule++, 0);
        return true;
      },
      pick(enabled, last) {
        if (enabled.includes(last) && draws.uniform() < GOES_ON) return last;
        return enabled[draws.below(enabled.length)]!;
      },
    };
  },
};
