/**
 * The reason for a recommendation, or why there is none, in one sentence for people.
 *
 * @module
 */
import { duration, exactCount, percentage } from "../results/formats/numbers.ts";
import type { Target } from "../results/recommendation.ts";
import type { Warning } from "../results/result.ts";
import type { Evidence } from "./evidence.ts";
import type { Lacking } from "./size_recorded.ts";

/** What a sizing came to. */
export interface Outcome {
  readonly exact: number | null;
  readonly recommended: number | null;
  readonly lowest: number;
  readonly neverWaits: number | null;
  /** By what the answer was found. */
  readonly evidence: Evidence;
  /** By what all the rest was seen; the same where no closer look at the answer was taken. */
  readonly coarse: Evidence;
  /** Tasks without which a look says nothing. */
  readonly leastTasks: number;
  /** Of each limit. */
  readonly lookConfidence: number;
  /** Whether the answer is as fine as it is worth. */
  readonly fine: boolean;
  /** Whether it is known that no reserve allowed meets the target. */
  readonly outOfReach: boolean;
  readonly warnings: readonly Warning[];
}

/** What is said of the sizing besides. */
export interface Said {
  readonly floor: number;
  /** The least that keeps up with the load. */
  readonly least: number;
  /** The confidence that was asked for. */
  readonly confidence: number;
  /** The largest reserve allowed. */
  readonly most: number;
  readonly target: Target;
}

/** The reason. */
export function becauseOf(found: Outcome, said: Said): string {
  const { recommended, evidence, lookConfidence, outOfReach } = found;
  if (outOfReach) {
    const least = said.least > said.most
      ? `: ${exactCount(said.least)} are the least there must be`
      : "";
    return `no reserve up to ${exactCount(said.most)} meets the target` +
      (found.exact === null ? least : `: this input takes ${exactCount(found.exact)}`);
  }
  if (recommended === null) {
    return found.exact === null
      ? "it can't be told, see the warnings"
      : `${exactCount(found.exact)} were enough for this very input, but for a load like it that ` +
        "can't be told, see the warnings";
  }
  const interval = evidence.interval(recommended, lookConfidence);
  const misses = missing(said.target);
  const { exceeded, tasks } = evidence.tally(recommended);
  const upper = exceeded === 0
    ? `nobody of ${exactCount(tasks)} ${misses}`
    : `${percentage(exceeded / tasks)} ${misses}`;
  const limit = interval === null
    ? ""
    : ` (at most ${percentage(interval.high)} with ${confidenceText(said.confidence)} confidence)`;
  return `with ${exactCount(recommended)} ${upper}${limit}${nextBelow(found, said)}`;
}

function missing(target: Target): string {
  return target.kind === "wait-rate" ? "wait" : `wait ${duration(target.belowNs)} or longer`;
}

/** What is wrong with one element less. */
function nextBelow({ evidence, recommended, lookConfidence, exact }: Outcome, said: Said): string {
  if (recommended === null || recommended === said.floor) {
    return `, and ${said.floor} is the least with which there is progress at all`;
  }
  if (recommended === said.least) return ", and with fewer those who wait become more without end";
  const less = recommended - 1;
  const interval = evidence.interval(less, lookConfidence);
  const share = percentage(evidence.tally(less).exceeded / evidence.tally(less).tasks);
  if (exact === recommended || interval === null) return `, with ${less} it is ${share}`;
  return `, with ${less} it is ${share} and may be ${percentage(interval.high)}`;
}

/** Why a record does not say what is enough for a load like it. */
export function lackingWarning(
  { busyPeriods, needed }: Lacking,
  exact: number,
  confidence: number,
): Warning {
  const periods = `${exactCount(busyPeriods)} busy period${busyPeriods === 1 ? "" : "s"}`;
  const how = needed === null
    ? "that fall into too few parts of it, or fill it, and so do not tell in what clumps waits come"
    : `about ${exactCount(needed)} needed for ${confidenceText(confidence)}`;
  return {
    code: "too-short",
    message: `this trace holds ${periods} (runs of allocations that would wait with ` +
      `${Math.max(0, exact - 1)} elements): ${how}`,
    advice:
      `${exact} was enough for this very trace; record for longer, or ask for less confidence`,
  };
}

/** "99%", "99.9%". */
function confidenceText(confidence: number): string {
  return `${Number((100 * confidence).toPrecision(6))}%`;
}
