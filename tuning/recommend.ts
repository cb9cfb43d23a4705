/**
 * From a load and a target to a recommendation: bounds, the answer with its confidence, the curve, the price,
 * the formula beside it, and what the reader must know before believing any of it.
 *
 * @module
 */
import {
  type Analytic,
  type FailureSide,
  type Recommendation,
  RECOMMENDATION_SCHEMA,
  type SplitHalf,
  type Target,
} from "../results/recommendation.ts";
import { exactCount, percentage } from "../results/formats/numbers.ts";
import { targetText } from "../results/recommendation_formats/facts.ts";
import type { Warning } from "../results/result.ts";
import { answerCurve, nextNineOf } from "./answer_curve.ts";
import type { ArrivalPattern } from "./arrival_pattern.ts";
import { becauseOf, lackingWarning, type Outcome } from "./because.ts";
import { Evidence } from "./evidence.ts";
import type { Experiment } from "./experiment.ts";
import { chainAnalytic, erlangAnalytic, type Failing } from "./analytic.ts";
import { kneeOf } from "./knee.ts";
import { type Reach, tasksForOutages } from "./scripted_backend.ts";
import { sizeDrawn, type Sizing, TASKS_MAX, UNSEEN_CLUMP } from "./size_drawn.ts";
import { sizeRecorded } from "./size_recorded.ts";
import { isMet, limitOf } from "./target.ts";

/** What is to be sized. */
export interface Subject {
  /** In a few words. */
  readonly name: string;
  /** Its experiment, for a limit of the waits. */
  readonly experiment: (limitNs: number) => Experiment;
  /** Whether times are nanoseconds; else they count operations. */
  readonly timed: boolean;
  /** What the pool stands on meanwhile, in words. */
  readonly backend: string;
  /** How that fails, and was seen to fail. */
  readonly failures: readonly FailureSide[];
  /** The most elements that tasks must hold before any can be released. */
  readonly floor: number;
  /** The least that keeps up with the load; the floor where that is not known, or who waits does not come back before. */
  readonly least: number;
  readonly bytesPerElement: number;
  /** How its tasks arrive and hold. */
  readonly pattern: ArrivalPattern;
  /** Elements that the back end has besides, for the formula; null where no formula knows such a back end. */
  readonly budget: number | null;
  /** Allocations from one outage of the back end to the next, on the average; 0 where it has none. */
  readonly outageCycle: number;
  /** Its policy over a back end that fails at random; null where the back end does something else. */
  readonly failing: Failing | null;
  /** The peak of a record; null where tasks are drawn. */
  readonly recordedPeak: number | null;
  /** A record up to its half, and the whole of which only the second half counts; null where tasks are drawn. */
  readonly halves: readonly ((limitNs: number) => Experiment)[] | null;
  /** What was noticed before. */
  readonly warnings: readonly Warning[];
  readonly seed: number;
}

/** How it is to be sized. */
export interface RecommendOptions {
  readonly target: Target;
  readonly confidence: number;
  /** Nothing larger may be recommended. */
  readonly most: number;
  /** Looks at most, where tasks are drawn. */
  readonly looks?: number;
}

/**
 * Sizes a reserve.
 *
 * @returns the recommendation, and whether it is known that no reserve allowed meets the target.
 * @throws {InputError} where the back end's outages are too rare for any simulation that is allowed.
 */
export function recommend(
  subject: Subject,
  options: RecommendOptions,
): { recommendation: Recommendation; outOfReach: boolean } {
  const { target, confidence } = options;
  const found = subject.recordedPeak === null
    ? sizeByDrawing(subject, options)
    : sizeByRecord(subject, subject.recordedPeak, options);
  const { evidence, recommended, exact } = found;
  const answer = recommended ?? exact;
  const { bytesPerElement } = subject;
  const curve = answerCurve(found, bytesPerElement);
  const splitHalf = splitHalfOf(subject, options);
  const analytic = analyticOf(subject, target, answer);
  const recommendation: Recommendation = {
    schema: RECOMMENDATION_SCHEMA,
    subject: subject.name,
    target,
    timed: subject.timed,
    backend: subject.backend,
    failures: subject.failures,
    floor: subject.floor,
    exact,
    recommended,
    confidence,
    neverWaits: found.neverWaits,
    bytes: recommended === null ? null : recommended * bytesPerElement,
    bytesPerElement,
    nextNine: answer === null ? null : nextNineOf(found, answer, { target, bytesPerElement }),
    knee: kneeOf(curve.map(({ minReserve, missRate }) => ({ x: minReserve, y: missRate }))),
    curve,
    analytic,
    splitHalf,
    verified: null,
    joint: null,
    allocs: evidence.tally(answer ?? found.lowest).tasks,
    seed: subject.seed,
    because: becauseOf(found, { ...options, floor: subject.floor, least: subject.least }),
    warnings: [
      ...subject.warnings,
      ...found.warnings,
      ...splitHalfWarnings(splitHalf, target),
    ],
  };
  return { recommendation, outOfReach: found.outOfReach };
}

/** The formula that knows such a back end; null where none does. */
function analyticOf(
  { budget, failing, pattern }: Subject,
  target: Target,
  answer: number | null,
): Analytic | null {
  if (budget !== null) return erlangAnalytic(pattern, { target, budget, answer });
  return failing === null ? null : chainAnalytic(pattern, { target, failing, answer });
}

const REACH: Reach = {
  of: "allocations",
  longest: TASKS_MAX,
  instead: "--backend dead to size for one that goes on",
};

/** So many mean holds a simulation lasts at least: a load remembers for about one, and clumps are told from parts longer than that. */
const HOLDS_LEAST = 64;

function sizeByDrawing(subject: Subject, options: RecommendOptions): Outcome {
  const { target, confidence, most, looks } = options;
  const { least: floor, pattern, budget, outageCycle } = subject;
  const held = pattern.ratePerNs * pattern.meanHoldNs;
  const leastTasks = Math.max(
    tasksForOutages(outageCycle, REACH),
    Math.min(TASKS_MAX, 2 ** Math.ceil(Math.log2(Math.max(1, HOLDS_LEAST * held)))),
  );
  const experiment = subject.experiment(limitOf(target));
  const offered = Math.max(0, pattern.ratePerNs * pattern.meanHoldNs - (budget ?? 0));
  const guess = Math.min(most, Math.max(floor, 2, Math.ceil(offered + 2 * Math.sqrt(offered))));
  const sizing = sizeDrawn({
    ...{ experiment, target, confidence, floor, most, guess, leastTasks },
    ...(looks === undefined ? {} : { looks }),
  });
  return {
    ...sizing,
    leastTasks,
    exact: null,
    neverWaits: budget === null ? null : Math.max(0, peakOf(sizing, most) - budget),
    warnings: drawnWarnings(sizing, floor),
  };
}

/** The most that tasks hold at once where nobody waits: seen with a reserve that is enough for that. */
function peakOf({ coarse, recommended, lowest }: Sizing, most: number): number {
  let enough = recommended ?? lowest;
  while (coarse.tally(enough).waited > 0 && enough < most) {
    enough = Math.min(most, 2 * enough + 16);
  }
  return coarse.tally(enough).peak;
}

function drawnWarnings(sizing: Sizing, least: number): Warning[] {
  const { recommended, fine, lowest, evidence, outOfReach } = sizing;
  const tasks = exactCount(evidence.tally(lowest).tasks);
  if (outOfReach) return [];
  if (recommended === null) {
    return [{
      code: "too-rare",
      message:
        `in ${tasks} allocations too few wait too long to tell in what clumps such waits come`,
      advice: "ask for a less extreme target",
    }];
  }
  if (recommended === least && evidence.tally(least).exceeded === 0) {
    return [{
      code: "no-clumps-seen",
      message:
        `of ${tasks} allocations none waits too long even with ${recommended}: in what clumps ` +
        `such waits would come was not seen, and ${UNSEEN_CLUMP} at a time is assumed`,
      advice: "the reserve is as small as may be: what matters is whether the load is the true one",
    }];
  }
  if (fine) return [];
  return [{
    code: "loose",
    message: `after the longest simulation allowed it is still not known whether ${lowest} to ` +
      `${recommended - 1} elements would do: the load repeats itself too seldom`,
    advice:
      "the reserve is safe, perhaps more than is needed: a less extreme target or milder tails say more",
  }];
}

function sizeByRecord(
  subject: Subject,
  peak: number,
  { target, confidence, most }: RecommendOptions,
): Outcome {
  const { floor, budget } = subject;
  const neverWaits = Math.max(0, peak - (budget ?? 0));
  const experiment = subject.experiment(limitOf(target));
  const answer = sizeRecorded({ experiment, target, confidence, floor, neverWaits });
  const { exact, recommended, evidence, lacking } = answer;
  const outOfReach = (recommended ?? exact) > most;
  return {
    ...{ exact, evidence, coarse: evidence, neverWaits, outOfReach, leastTasks: 0 },
    recommended: outOfReach ? null : recommended,
    lowest: exact,
    lookConfidence: confidence,
    fine: true,
    warnings: lacking === null ? [] : [lackingWarning(lacking, exact, confidence)],
  };
}

/** Fits on the first half, looks at the second: what a record says of the time after it. */
function splitHalfOf({ halves }: Subject, { target }: RecommendOptions): SplitHalf | null {
  if (halves === null) return null;
  const [first, second] = halves.map((half) => new Evidence(half(limitOf(target)), 0, []));
  const peak = first!.tally(0).peak;
  const minReserve = first!.smallest(-1, peak, (min) => first!.meets(min, target));
  const { exceeded, tasks } = second!.tally(minReserve);
  return { minReserve, secondMissRate: exceeded / tasks, held: isMet(target, exceeded, tasks) };
}

function splitHalfWarnings(splitHalf: SplitHalf | null, target: Target): Warning[] {
  if (splitHalf === null || splitHalf.held) return [];
  const { minReserve, secondMissRate } = splitHalf;
  return [{
    code: "drifting",
    message: `fitted on the first half of the trace it would be ${minReserve}, with which ` +
      `${percentage(secondMissRate)} of the second half miss the target (${targetText(target)})`,
    advice: "the load changes: size from a trace of the worst time, or of many days",
  }];
}
