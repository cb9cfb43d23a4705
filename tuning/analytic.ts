/**
 * What a formula says beside the answer, what it assumes, and how far the load is from that.
 *
 * @module
 */
import { percentage } from "../results/formats/numbers.ts";
import { allowedShare, type Analytic, type Target } from "../results/recommendation.ts";
import type { ArrivalPattern } from "./arrival_pattern.ts";
import { erlangSize } from "./erlang.ts";
import { limitOf } from "./target.ts";

/** Arrivals that vary by this much more or less than independent ones are no longer such. */
const INDEPENDENT = 0.2;

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

function gapText(
  { dispersion, autocorrelation }: ArrivalPattern,
  minReserve: number | null,
  answer: number | null,
): string {
  if (minReserve === null) return "no hold ends: the formula has nothing to go by";
  const differs = answer === null || answer === minReserve
    ? ""
    : answer > minReserve
    ? ` (${answer - minReserve} more are needed than it says)`
    : ` (it asks for ${minReserve - answer} more than are needed)`;
  if (dispersion === null) {
    return `too few windows of a mean hold to compare the arrivals${differs}`;
  }
  const times = `${Number(dispersion.toPrecision(2))} times`;
  if (Math.abs(dispersion - 1) <= INDEPENDENT) {
    return `arrivals as independent as it assumes (their counts vary ${times} as much)${differs}`;
  }
  const kind = dispersion > 1 ? "arrivals come in bursts" : "arrivals are more even than by chance";
  const memory = autocorrelation !== null && autocorrelation > 0.1
    ? `, and neighbouring windows are alike (correlation ${percentage(autocorrelation)})`
    : "";
  return `${kind}: counts in windows of a mean hold vary ${times} as much as independent ones${memory}${differs}`;
}
