/**
 * How large a reserve must be for a load that can be drawn without end: simulate, look, and simulate twice as
 * long until the answer is as fine as it is worth, one element or 5 %. Finer than that it becomes where it costs little
 * (`closer_look.ts`).
 *
 * Each look asks the upper limit, so luck is asked for seldom; and since it could strike at any look, the
 * doubt that the user allows is shared out among all of them (Bonferroni). There are as many shares of it as a look may have
 * lengths, so it does not matter which lengths are chosen, and why.
 *
 * @module
 */
import { allowedShare, type Target } from "../results/recommendation.ts";
import { lookCloser } from "./closer_look.ts";
import { intervalOf } from "./confidence.ts";
import { Evidence } from "./evidence.ts";
import type { Experiment } from "./experiment.ts";

/** Tasks of the first look, a multiple of the blocks, and how much longer each further look is. */
const FIRST_TASKS = 2 ** 17;
const LOOK_GROWTH = 2;

/** Looks at most. */
const LOOKS = 9;

/** Tasks of the longest look. */
export const TASKS_MAX: number = FIRST_TASKS * LOOK_GROWTH ** (LOOKS - 1);

/** Numbers of blocks by which the clumps of drawn loads are looked for. */
const SCALES = [64, 16];

/** Finer than this the answer need not be, as a share of itself; or one element. */
const TOLERANCE = 0.05;

/** So sure it must be that nothing much smaller would do: what is at stake is money, not the target. */
const FINE_CONFIDENCE = 0.98;

/** Waits that come at once, where none was seen from which that could be told: what is recommended then must stand so many. */
export const UNSEEN_CLUMP = 256;

/** Reserves below an answer that are looked at for how waits come: the nearer they are, the more alike. */
const NEAR = 4;

/** What is to be sized. */
export interface DrawnSizing {
  readonly experiment: Experiment;
  readonly target: Target;
  readonly confidence: number;
  /** The least and the most that may be recommended. */
  readonly floor: number;
  readonly most: number;
  /** Where to begin to look. */
  readonly guess: number;
  /** Tasks without which a look says nothing, {@linkcode TASKS_MAX} at most; as few as may be if not given. */
  readonly leastTasks?: number;
  /** Looks at most, and closer ones among them, for tests and for those in a hurry. */
  readonly looks?: number;
  readonly closerLooks?: number;
}

/** What was found. */
export interface Sizing {
  /** The smallest whose upper limit meets the target; null where none was found. */
  readonly recommended: number | null;
  /** Below this none meets the target, as surely. */
  readonly lowest: number;
  /** The last look. */
  readonly evidence: Evidence;
  /** The last look at more than the answer and its neighbours; the same where none was closer. */
  readonly coarse: Evidence;
  /** Of one limit at one look. */
  readonly lookConfidence: number;
  /** Whether the answer is as fine as it is worth. */
  readonly fine: boolean;
  /** Whether even the largest reserve allowed misses the target, as surely. */
  readonly outOfReach: boolean;
}

/** Sizes a reserve. */
export function sizeDrawn(sizing: DrawnSizing): Sizing {
  const { confidence, leastTasks = 0, looks = LOOKS, closerLooks = LOOKS } = sizing;
  const lookConfidence = 1 - (1 - confidence) / LOOKS;
  if (sizing.floor > sizing.most) return hopeless(sizing, lookConfidence);
  let tasks = FIRST_TASKS;
  while (tasks < leastTasks) tasks *= LOOK_GROWTH;
  let guess = sizing.guess;
  for (let look = 1;; look++) {
    const found = lookOnce({ ...sizing, guess }, tasks, lookConfidence);
    if (look === looks || !found.fine && tasks >= TASKS_MAX) return found;
    if (found.fine) return closer(found, sizing, Math.min(closerLooks, looks - look));
    tasks *= LOOK_GROWTH;
    guess = found.recommended ?? Math.max(found.lowest, sizing.floor);
  }
}

/** The same where a closer look finds nothing else. */
function closer(found: Sizing, { experiment, target, most }: DrawnSizing, looks: number): Sizing {
  const { recommended, lowest, evidence, lookConfidence } = found;
  if (recommended === null) return found;
  const room = { experiment, target, most, recommended, lowest, evidence, lookConfidence };
  return { ...found, ...lookCloser({ ...room, fineConfidence: FINE_CONFIDENCE }, looks) };
}

/** Less is allowed than there must be: one look at the most allowed, to show what comes of it. */
function hopeless({ experiment, most }: DrawnSizing, lookConfidence: number): Sizing {
  const evidence = new Evidence(experiment, FIRST_TASKS, SCALES);
  evidence.see([most]);
  return {
    ...{ recommended: null, lowest: most, evidence, coarse: evidence },
    ...{ lookConfidence, fine: true, outOfReach: true },
  };
}

/** The widest that recommended and lowest may lie apart. */
function toleranceOf(minReserve: number): number {
  return Math.max(1, Math.floor(minReserve * TOLERANCE / (1 + TOLERANCE)));
}

function lookOnce(sizing: DrawnSizing, tasks: number, lookConfidence: number): Sizing {
  const { experiment, target, floor, most } = sizing;
  const evidence = new Evidence(experiment, tasks, SCALES, floor);
  const meets = (min: number) => evidence.surelyMeets(min, target, lookConfidence);
  const said = { evidence, coarse: evidence, lookConfidence };
  const [below, above] = bracket(sizing, meets, evidence);
  if (above === null && isEnough(sizing, evidence, lookConfidence)) {
    return { ...said, recommended: floor, lowest: floor, fine: true, outOfReach: false };
  }
  const recommended = above === null ? null : settled(sizing, evidence, meets, [below, above]);
  if (recommended === null) {
    const outOfReach = below === most && evidence.surelyMisses(most, target, lookConfidence);
    const lowest = evidence.seen.findLast((min) => evidence.tally(min).exceeded > 0) ?? below;
    return { ...said, recommended, lowest, fine: outOfReach, outOfReach };
  }
  const lowest = Math.max(floor, recommended - toleranceOf(recommended));
  const fine = recommended === floor ||
    evidence.surelyMisses(lowest - 1, target, FINE_CONFIDENCE) || lowest === floor;
  return { ...said, recommended, lowest, fine, outOfReach: false };
}

/** Whether nobody at all misses the target with the least there may be, of so many that some would have. */
function isEnough(
  { floor, target }: DrawnSizing,
  evidence: Evidence,
  lookConfidence: number,
): boolean {
  const tally = evidence.tally(floor);
  const clumps = new Map([[tally.blocks.length, UNSEEN_CLUMP]]);
  return tally.exceeded === 0 &&
    intervalOf(tally, clumps, lookConfidence).high < allowedShare(target);
}

/**
 * The smallest that passes, and still does so once its neighbours below have shown how waits come there: farther below they may
 * come in smaller clumps. Null where none does.
 */
function settled(
  { floor, most }: DrawnSizing,
  evidence: Evidence,
  meets: (min: number) => boolean,
  [below, above]: readonly [number, number],
): number | null {
  let min = evidence.smallest(below, above, meets);
  for (; min <= Math.min(most, above + NEAR); min++) {
    evidence.see([...Array(NEAR).keys()].map((less) => min - less).filter((each) => each >= floor));
    if (meets(min)) return min;
  }
  return null;
}

/** Where hardly anybody waits with what was tried, nothing tells how waits come, and so nothing passes: less is tried. */
function showClumps(floor: number, evidence: Evidence): void {
  for (let least = evidence.seen[0]!; least > floor && !evidence.knowsClumps(least);) {
    least = Math.max(floor, least >> 1);
    evidence.see([least]);
  }
}

/** A reserve that fails (or the one below the floor) and one that passes, or null where even the most allowed fails. */
function bracket(
  { experiment, floor, most, guess }: DrawnSizing,
  passes: (min: number) => boolean,
  evidence: Evidence,
): [number, number | null] {
  const near = toleranceOf(guess);
  // One run for all that is likely to be asked; the smallest ones, with many waits, show what clumps are like.
  const offsets = experiment.together > 1 ? [-3, -2, -1, -0.5, 0, 0.5, 1, 2] : [-1, 0];
  const tried = [0.6 * guess, ...offsets.map((offset) => guess + offset * near)]
    .map((min) => Math.min(most, Math.max(floor, Math.round(min))));
  evidence.see(tried);
  showClumps(floor, evidence);
  const known = evidence.seen.filter((min) => min >= floor);
  const first = known.findIndex(passes);
  if (first >= 0) return [known[first - 1] ?? floor - 1, known[first]!];
  let below = known.at(-1)!;
  for (let step = Math.max(1, Math.round(guess / 8)); below < most; step *= 2) {
    // Where nobody waited and that is not enough to be sure, larger reserves show nothing new: look longer.
    if (evidence.tally(below).exceeded === 0) break;
    const above = Math.min(most, below + step);
    if (passes(above)) return [below, above];
    below = above;
  }
  return [below, null];
}
