/**
 * What a formula says beside the answer, what it assumes, and how far the load is from that.
 *
 * @module
 */
import { percentage } from "../results/formats/numbers.ts";
import { allowedShare, type Analytic, type Target } from "../results/recommendation.ts";
import type { ArrivalPattern } from "./arrival_pattern.ts";
import { type Chain, chainLevels } from "./birth_death.ts";
import { erlangSize } from "./erlang.ts";
import { limitOf } from "./target.ts";

/** Arrivals that vary by this much more or less than independent ones are no longer such. */
const INDEPENDENT = 0.2;

/** A policy over a back end that fails at random. */
export type Failing = Pick<Chain, "policy" | "failure">;

/** Erlang's delay formula beside an answer over a back end that has `budget` elements besides. */
export function erlangAnalytic(
  pattern: ArrivalPattern,
  options: { readonly target: Target; readonly budget: number; readonly answer: number | null },
): Analytic {
  const { target, budget, answer } = options;
  const { ratePerNs, meanHoldNs, dispersion, autocorrelation } = pattern;
  const offered = ratePerNs * meanHoldNs;
  const load = { offered, meanHoldNs, limitNs: limitOf(target) };
  const minReserve = offered > 0
    ? Math.max(0, erlangSize(load, allowedShare(target)) - budget)
    : null;
  return {
    model: "erlang-c",
    minReserve,
    offeredLoad: offered,
    assumes: "Poisson arrivals, exponential holds",
    gap: gapText(pattern, minReserve, answer),
    dispersion,
    autocorrelation,
  };
}

/** Offered loads beyond this make a chain of too many states. */
const CHAIN_OFFERED_MAX = 60;

/**
 * The birth-death chain beside an answer over a back end that fails at random.
 *
 * @returns null where it says nothing: of other targets than a wait rate, and of loads too large for it.
 */
export function chainAnalytic(
  pattern: ArrivalPattern,
  options: {
    readonly target: Target;
    readonly failing: Failing;
    readonly answer: number | null;
  },
): Analytic | null {
  const { target, failing, answer } = options;
  const { ratePerNs, meanHoldNs, dispersion, autocorrelation } = pattern;
  const offered = ratePerNs * meanHoldNs;
  if (target.kind !== "wait-rate" || !(offered > 0) || offered > CHAIN_OFFERED_MAX) return null;
  const waits = (minReserve: number) => chainLevels({ ...failing, minReserve, offered })[4]!;
  const minReserve = smallestWhere((min) => waits(min) < target.below, answer ?? offered);
  return {
    model: "birth-death",
    minReserve,
    offeredLoad: offered,
    assumes: "Poisson arrivals that wait, exponential holds, independent failures",
    gap: gapText(pattern, minReserve, answer),
    dispersion,
    autocorrelation,
  };
}

/** The smallest number that passes, looked for from a guess on. */
function smallestWhere(passes: (min: number) => boolean, guess: number): number {
  let below = -1;
  let above = Math.ceil(guess) + 2;
  for (; !passes(above); above *= 2) below = above;
  while (above - below > 1) {
    const middle = (below + above) >> 1;
    if (passes(middle)) above = middle;
    else below = middle;
  }
  return above;
}

function gapText(
  { dispersion, autocorrelation }: ArrivalPattern,
  minReserve: number | null,
  answer: number | null,
): string {
  if (minReserve === null) return "no hold ends: the formula has nothing to go by";
  const differs = answer === null || answer === minReserve
    ? ""
    : answer > minReserve
    ? ` (it asks for ${answer - minReserve} fewer)`
    : ` (it asks for ${minReserve - answer} more)`;
  if (dispersion === null) {
    return `too few windows of a mean hold to compare the arrivals${differs}`;
  }
  const times = `${dispersion < 10 ? dispersion.toFixed(2) : Math.round(dispersion)} times`;
  if (Math.abs(dispersion - 1) <= INDEPENDENT) {
    return `arrivals as independent as it assumes (their counts vary ${times} as much)${differs}`;
  }
  const kind = dispersion > 1 ? "arrivals come in bursts" : "arrivals are more even than by chance";
  const memory = autocorrelation !== null && autocorrelation > 0.1
    ? `, and neighbouring windows are alike (correlation ${percentage(autocorrelation)})`
    : "";
  return `${kind}: counts in windows of a mean hold vary ${times} as much as independent ones${memory}${differs}`;
}
