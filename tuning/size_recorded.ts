/**
 * How large a reserve must be for a load that was recorded: there is one record, and no more of it to be had. What
 * would have been enough for this very input is exact. What is enough for a load like it is another
 * question, which a record may be too short to answer.
 *
 * @module
 */
import { allowedShare, type Target } from "../results/recommendation.ts";
import { Evidence } from "./evidence.ts";
import type { Experiment } from "./experiment.ts";

/** Numbers of blocks by which the clumps of a record are looked for: it may remember long. */
const SCALES = [32, 16, 8];

/** Smaller reserves, as shares of the exact one, at which many wait and show what clumps are like. */
const LADDER = [0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98];

/** What is to be sized. */
export interface RecordedSizing {
  readonly experiment: Experiment;
  readonly target: Target;
  readonly confidence: number;
  readonly floor: number;
  /** With this many nobody waits. */
  readonly neverWaits: number;
}

/** What was found. */
export interface RecordedAnswer {
  /** The smallest that meets the target on this input. */
  readonly exact: number;
  /** The smallest, from the exact one on, whose upper limit meets the target; null where none does. */
  readonly recommended: number | null;
  readonly evidence: Evidence;
  /** Why nothing is recommended; null where something is. */
  readonly lacking: Lacking | null;
}

/** What a record lacks. */
export interface Lacking {
  /** Runs of allocations that wait, just below the exact reserve. */
  readonly busyPeriods: number;
  /** About so many would be needed; null where the record does not even tell that. */
  readonly needed: number | null;
}

/** Sizes a reserve. */
export function sizeRecorded(sizing: RecordedSizing): RecordedAnswer {
  const { experiment, target, confidence, floor, neverWaits } = sizing;
  const evidence = new Evidence(experiment, 0, SCALES);
  const exact = evidence.smallest(-1, neverWaits, (min) => evidence.meets(min, target));
  const ladder = LADDER.map((share) => Math.floor(exact * share));
  evidence.see([...ladder, exact - 1, neverWaits].filter((min) => min >= 0));
  const passes = (min: number) => evidence.surelyMeets(min, target, confidence);
  const least = Math.max(exact, floor);
  if (!passes(Math.max(neverWaits, least))) {
    return { exact, recommended: null, evidence, lacking: lackingIn(evidence, exact, sizing) };
  }
  const recommended = neverWaits <= least
    ? least
    : evidence.smallest(least - 1, neverWaits, passes);
  return { exact, recommended, evidence, lacking: null };
}

function lackingIn(
  evidence: Evidence,
  exact: number,
  { target, confidence, neverWaits }: RecordedSizing,
): Lacking {
  const { busyPeriods } = evidence.tally(Math.max(0, exact - 1));
  const interval = evidence.interval(neverWaits, confidence);
  if (interval === null) return { busyPeriods, needed: null };
  // The limit of a share of 0 falls with the length of the record.
  return { busyPeriods, needed: Math.ceil(busyPeriods * interval.high / allowedShare(target)) + 1 };
}
