/**
 * Whether fewer elements than a simulation recommends would do, where a longer look at them alone says so at little cost:
 * all that is asked for is in one run.
 *
 * @module
 */
import { allowedShare, type Target } from "../results/recommendation.ts";
import type { Evidence } from "./evidence.ts";
import type { Experiment } from "./experiment.ts";

/** A closer look has so many tasks at least and at most, a couple of seconds: fewer where {@linkcode dearness} says so. */
const CLOSER_TASKS = [2 ** 21, 2 ** 24] as const;

/** Reserves of a closer look, from one below the first that may be enough. */
const TOGETHER = 8;

/** A task costs as usual where no more may miss than that, and no more elements are asked for. */
const USUAL_SHARE = 0.01;
const USUAL_RESERVE = 64;

/** Where what was found so far leaves room. */
export interface Room {
  readonly experiment: Experiment;
  readonly target: Target;
  /** The most that may be recommended. */
  readonly most: number;
  /** What is recommended so far; below `lowest` none meets the target. */
  readonly recommended: number;
  readonly lowest: number;
  /** By what that was found. */
  readonly evidence: Evidence;
  /** Of the upper limit that is asked for, and of the lower one by which a reserve is given up. */
  readonly lookConfidence: number;
  readonly fineConfidence: number;
}

/** What a closer look found. */
export interface Closer {
  readonly recommended: number;
  readonly evidence: Evidence;
}

/**
 * Looks closer, at most so many times, at a power of two as many tasks each time.
 *
 * @returns null where nothing is left to be found, or it would cost too much.
 */
export function lookCloser(room: Room, looks: number): Closer | null {
  let found: Closer | null = null;
  for (let look = 1, now = room; look <= looks; look++) {
    // Before anything is looked at: where elements are many, that alone takes long.
    if (now.evidence.tasks >= CLOSER_TASKS[1] / dearness(now)) break;
    const guess = firstUnsure(now);
    const tasks = guess === null ? null : closerTasks(now, guess);
    if (guess === null || tasks === null) break;
    const closer = lookOnce(now, { guess, evidence: now.evidence.ofMore(tasks) });
    if (closer === null) break;
    found = closer;
    now = { ...now, ...closer, lowest: Math.min(guess, closer.recommended) };
  }
  return found;
}

/** The smallest below what is recommended of which it is not sure that it misses the target; null where there is none. */
function firstUnsure(
  { evidence, target, recommended, lowest, fineConfidence }: Room,
): number | null {
  const less = Array.from({ length: recommended - lowest }, (_, index) => lowest + index);
  evidence.see(less);
  return less.find((min) => !evidence.surelyMisses(min, target, fineConfidence)) ?? null;
}

/** So many tasks would probably show whether it is enough, or at least more than now; null where that is too many. */
function closerTasks(room: Room, guess: number): number | null {
  const { evidence, target, lookConfidence } = room;
  const [least, most] = CLOSER_TASKS.map((tasks) => tasks / dearness(room));
  if (evidence.tasks < least!) return least!;
  const { share, high } = evidence.interval(guess, lookConfidence) ?? { share: 1, high: 1 };
  const spare = allowedShare(target) - share;
  const longer = spare <= 0 ? Infinity : Math.ceil(2 * Math.log2((high - share) / spare));
  return Math.min(most!, evidence.tasks * 2 ** Math.max(1, longer));
}

/** How much more a task costs than usual: where many wait, where elements are many, where each reserve is run by itself. */
function dearness({ experiment: { together }, recommended, target }: Room): number {
  const factors = [allowedShare(target) / USUAL_SHARE, recommended / USUAL_RESERVE];
  return factors.reduce(
    (product, factor) => product * 2 ** Math.max(0, Math.round(Math.log2(factor))),
    together > 1 ? 1 : TOGETHER,
  );
}

/** The smallest from the guess on that passes; null where none does of those that are looked at. */
function lookOnce(
  { experiment, target, most, lookConfidence }: Room,
  { guess, evidence }: { readonly guess: number; readonly evidence: Evidence },
): Closer | null {
  const tried = Array.from({ length: TOGETHER }, (_, index) => guess - 1 + index)
    .filter((min) => min >= 1 && min <= most);
  if (experiment.together > 1) evidence.see(tried);
  const passes = (min: number) => min >= guess && evidence.surelyMeets(min, target, lookConfidence);
  const recommended = tried.find(passes);
  return recommended === undefined ? null : { recommended, evidence };
}
