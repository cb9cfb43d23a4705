/**
 * A recommendation, schema `mempool-bench/recommendation@1`: how large a pool's reserve must be to meet a target,
 * how sure that is and what it costs, as plain data in base units (nanoseconds, bytes, shares of 1).
 *
 * @module
 */
import type { Warning } from "./result.ts";

/** The schema's name as it stands in every recommendation. */
export const RECOMMENDATION_SCHEMA = "mempool-bench/recommendation@1";

/** What is to be achieved. */
export type Target =
  /** Less than this share of all allocations waits at all. */
  | { readonly kind: "wait-rate"; readonly below: number }
  /** This percentile of the waits of all allocations, 0 for those that do not wait, is below this. */
  | { readonly kind: "wait-percentile"; readonly percentile: number; readonly belowNs: number };

/** The share of the allocations that may miss a target. */
export function allowedShare(target: Target): number {
  return target.kind === "wait-rate" ? target.below : 1 - target.percentile / 100;
}

/** A reserve and what it holds. */
export interface Priced {
  readonly minReserve: number;
  readonly bytes: number;
}

/** One point of the curve. */
export interface CurvePoint extends Priced {
  /** Share of the allocations that wait at all. */
  readonly waitRate: number;
  /** Share of the allocations that miss the target: those that wait, or wait too long. */
  readonly missRate: number;
  /** Limits of `missRate`, each with the confidence of the recommendation; null where too little was seen to say. */
  readonly missLow: number | null;
  readonly missHigh: number | null;
  /** Percentiles over all allocations; null where it never ends. */
  readonly waitNs: Readonly<Record<"p50" | "p99" | "p99.9" | "max", number | null>>;
}

/** What a formula says beside the answer. */
export interface Analytic {
  readonly model: string;
  /** What it would recommend; null where it cannot say. */
  readonly minReserve: number | null;
  /** Arrival rate times mean hold: the mean of the elements in use. */
  readonly offeredLoad: number;
  readonly assumes: string;
  /** How far the load is from what it assumes, and what that does. */
  readonly gap: string;
  /** Variance over mean of the arrivals in windows of a mean hold: 1 where they are independent; null where too few. */
  readonly dispersion: number | null;
  /** Correlation of neighbouring windows; null where too few. */
  readonly autocorrelation: number | null;
}

/** One live run. */
export interface VerifiedRun {
  readonly minReserve: number;
  readonly waitRate: number;
  /** Share of the allocations that missed the target; null where the run cannot tell. */
  readonly missRate: number | null;
  readonly met: boolean | null;
  /** What the simulator says of the same reserve. */
  readonly simulatedRate: number;
}

/** How a back end fails. */
export interface FailureSide {
  /** Whether a script says so, or the workers of a result saw it. */
  readonly source: "script" | "measured";
  /** Share of the time in which it serves nothing; of the atomic calls, where each fails by itself. */
  readonly share: number;
  /** How long at a time, on the average; null where it is for good, or has no length. */
  readonly burstNs: number | null;
  readonly longestNs: number | null;
  /** Allocations that fall into a burst, on the average; null where nobody knows. */
  readonly allocsPerBurst: number | null;
}

/** A fit on the first half of a trace, looked at on the second. */
export interface SplitHalf {
  /** The smallest that meets the target on the first half. */
  readonly minReserve: number;
  /** Share of the second half's allocations that miss the target with it. */
  readonly secondMissRate: number;
  readonly held: boolean;
}

/** One of several pools that are sized together. */
export interface JointPool {
  readonly pool: string;
  /** Its reserve in the cheapest combination; null where none is recommended. */
  readonly minReserve: number | null;
  readonly bytes: number | null;
  readonly bytesPerElement: number;
  /** Progress: the fewest with which tasks come to their end; 0 for a pool that only other pools take from. */
  readonly floor: number;
  /** With this many in each pool nobody waits on this input. */
  readonly neverWaits: number;
  /** Sized alone for the target, as if the other pools were never short. */
  readonly alone: number | null;
  /** Sized alone for its even share of the target. */
  readonly split: number | null;
  /** Share of the tasks that wait for it, in the cheapest combination, or are turned away; null where none is recommended. */
  readonly waitRate: number | null;
  /**
   * Share of the tasks that miss with one element less of it, and its upper limit, on those tasks on which it is higher; null
   * at its floor.
   */
  readonly oneLess: { readonly missRate: number; readonly missHigh: number | null } | null;
}

/** A combination of reserves and what it does. */
export interface JointPoint {
  readonly bytes: number;
  /** Share of the tasks that miss the target: that wait, or wait too long, over all that they take. */
  readonly missRate: number;
  readonly missHigh: number | null;
  /** In the order of the pools. */
  readonly minReserves: readonly number[];
}

/** A live run of a combination. Results count waits by pool, so that of the tasks there are bounds. */
export interface JointVerified {
  /** Waits for each pool, by task, in the order of the pools. */
  readonly waitRates: readonly number[];
  /** Shares of the tasks that waited at all: no fewer and no more than this. */
  readonly atLeast: number;
  readonly atMost: number;
  /** Whether the target was met; null where the bounds do not tell. */
  readonly met: boolean | null;
}

/** The cheapest reserves of several pools that meet one target together. */
export interface Joint {
  /** Those beneath before those that stand on them. */
  readonly pools: readonly JointPool[];
  /** The combination recommended; null where there is none. */
  readonly recommended: JointPoint | null;
  /** The same on tasks drawn anew, which it must pass as well; null where there is none. */
  readonly confirmed: JointPoint | null;
  /** Each pool sized alone for the target; null where one of them cannot be. */
  readonly alone: JointPoint | null;
  /** Each pool sized alone for its even share of the target; null where one of them cannot be. */
  readonly split: JointPoint | null;
  /**
   * What is seen of bytes against misses, cheapest first: combinations that none seen beats in both. The upper limit of each is
   * the one on those tasks, the first or those drawn anew, on which it is higher: both must pass.
   */
  readonly frontier: readonly JointPoint[];
  /** Whether every cheaper combination was ruled out, or only every step from this one. */
  readonly exhaustive: boolean;
  /** A live run of the combination recommended; null where none was made. */
  readonly verified: JointVerified | null;
  /** Tasks simulated for each combination. */
  readonly tasks: number;
  /** Combinations simulated. */
  readonly looks: number;
  /** The reason, in one sentence. */
  readonly because: string;
}

/** How large a reserve must be. */
export interface Recommendation {
  readonly schema: typeof RECOMMENDATION_SCHEMA;
  /** What was sized, in a few words. */
  readonly subject: string;
  readonly target: Target;
  /** Whether times are nanoseconds; else they count operations of an untimed trace. */
  readonly timed: boolean;
  /** What the pool stands on meanwhile. */
  readonly backend: string;
  /** How that fails, and how it was seen to fail; none where that depends on how much is taken. */
  readonly failures: readonly FailureSide[];
  /** Progress: the most elements that tasks must hold before any can be released. */
  readonly floor: number;
  /** Traces only: the smallest that meets the target on this very input. */
  readonly exact: number | null;
  /** The smallest whose upper confidence limit meets the target; null where that cannot be told. */
  readonly recommended: number | null;
  readonly confidence: number;
  /** With this many nobody waits on this input; null where there is no such number. */
  readonly neverWaits: number | null;
  /** Of the recommended reserve. */
  readonly bytes: number | null;
  readonly bytesPerElement: number;
  /** What a tenth of the misses would take, by the estimate. */
  readonly nextNine: Priced | null;
  /** Where one more element begins to bring less than before. */
  readonly knee: number | null;
  readonly curve: readonly CurvePoint[];
  readonly analytic: Analytic | null;
  readonly splitHalf: SplitHalf | null;
  readonly verified: readonly VerifiedRun[] | null;
  /** Of a scenario whose tasks take from several pools: all of them together; null elsewhere. */
  readonly joint: Joint | null;
  /** Allocations simulated for each reserve near the answer; where tasks are drawn, fewer for those far from it. */
  readonly allocs: number;
  readonly seed: number;
  /** The reason, in one sentence. */
  readonly because: string;
  readonly warnings: readonly Warning[];
}
