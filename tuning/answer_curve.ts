/**
 * The curve round an answer: what misses with fewer elements and with more, and what a tenth of the misses takes.
 *
 * @module
 */
import {
  allowedShare,
  type CurvePoint,
  type Priced,
  type Target,
} from "../results/recommendation.ts";
import type { Outcome } from "./because.ts";
import type { Evidence } from "./evidence.ts";
import { isMet } from "./target.ts";

/** Points of the curve, at least that many where there are so many reserves. */
const CURVE_POINTS = 24;

/** Tasks for those of them that nothing was seen of before, at most. */
const CURVE_TASKS = 2 ** 19;

/**
 * Reserves worth a point: evenly spread, and all near the answer. Each is seen by the longest look there was at it; those near
 * the answer are worth as many tasks as the last coarse look, the answer and the one below as many as the answer itself.
 */
export function answerCurve(found: Outcome, bytesPerElement: number): CurvePoint[] {
  const { evidence, coarse, recommended, exact, neverWaits, lowest, leastTasks } = found;
  const answer = recommended ?? exact ?? lowest;
  const last = Math.max(answer + 2, neverWaits ?? Math.ceil(answer * 1.5) + 4);
  const within = (points: readonly number[]) =>
    [...new Set(points.filter((min) => min >= 1 && min <= last))].sort((a, b) => a - b);
  const near = within([-2, -1, 0, 1, 2].map((offset) => answer + offset));
  const all = within([...near, exact ?? answer, neverWaits ?? answer, ...spread(answer, last)]);
  const fewer = coarse.ofFewer(Math.max(CURVE_TASKS, leastTasks));
  evidence.see(within([answer - 1, answer]));
  const known = evidence.seen;
  coarse.see(
    within([...near, exact ?? answer, neverWaits ?? answer]).filter((min) => !known.includes(min)),
  );
  const longest = (min: number) =>
    [evidence, coarse].find(({ seen }) => seen.includes(min)) ?? fewer;
  fewer.see(all.filter((min) => longest(min) === fewer));
  return all.map((min) => pointOf(found, longest(min), min, bytesPerElement));
}

/** Half of them over all reserves, half from below the answer on: most of what there is to see lies round it. */
function spread(answer: number, last: number): number[] {
  const from = (first: number) =>
    Array.from(
      { length: CURVE_POINTS / 2 },
      (_, index) => Math.round(first + (last - first) * index / (CURVE_POINTS / 2 - 1)),
    );
  return [...from(1), ...from(Math.floor(answer * 0.75))];
}

function pointOf(
  { lookConfidence }: Outcome,
  evidence: Evidence,
  minReserve: number,
  bytesPerElement: number,
): CurvePoint {
  const tally = evidence.tally(minReserve);
  const interval = evidence.interval(minReserve, lookConfidence);
  return {
    minReserve,
    waitRate: tally.waitRate,
    missRate: tally.exceeded / tally.tasks,
    missLow: interval?.low ?? null,
    missHigh: interval?.high ?? null,
    waitNs: tally.tail,
    bytes: minReserve * bytesPerElement,
  };
}

/** The smallest with at most a tenth of the misses that the target allows; null where not even many more are enough. */
export function nextNineOf(
  { coarse, neverWaits }: Outcome,
  answer: number,
  { target, bytesPerElement }: { readonly target: Target; readonly bytesPerElement: number },
): Priced | null {
  const share = allowedShare(target) / 10;
  const meets = (min: number) => {
    const { exceeded, tasks } = coarse.tally(min);
    return target.kind === "wait-rate"
      ? isMet({ kind: "wait-rate", below: share }, exceeded, tasks)
      : exceeded <= share * tasks;
  };
  const above = neverWaits ?? 4 * answer + 16;
  if (!meets(above)) return null;
  const minReserve = Math.max(
    answer,
    coarse.smallest(answer - 1, Math.max(answer, above), meets),
  );
  return { minReserve, bytes: minReserve * bytesPerElement };
}
