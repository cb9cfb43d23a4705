/**
 * What the simulator says of one pool under one policy, reserve by reserve, and which reserve is worth a look next: the one
 * that is chosen first, so that every move is answered at once, then its neighbours, so that the next move is answered
 * before it is made, then enough of the others for a picture.
 *
 * @module
 */
import { allowedShare, type Target } from "../../results/recommendation.ts";

/** Percentiles over all allocations, nanoseconds; null where it never ends. */
export type Tail = Readonly<Record<"p50" | "p99" | "p99.9" | "max", number | null>>;

/** What is predicted of one reserve. */
export interface Predicted {
  readonly minReserve: number;
  /** Share of the served allocations by level, 1 to 5. */
  readonly rates: readonly number[];
  /** Share of all callers that get nothing. */
  readonly turnedAway: number;
  /** Share of all callers that wait or get nothing. */
  readonly waitRate: number;
  /** Share of all callers that miss the target: those that wait, or wait too long. */
  readonly missRate: number;
  /** Limits of `missRate`; null where too little was seen to say. */
  readonly missLow: number | null;
  readonly missHigh: number | null;
  readonly waitNs: Tail;
  /** Allocations that this was seen of. */
  readonly tasks: number;
  /** Whether nothing longer can be looked at. */
  readonly isLongest: boolean;
}

/** The reserves seen of one pool under one policy, for one target. */
export interface Curve {
  /** With so many nobody waited in what was simulated; null where no reserve helps. */
  readonly neverWaits: number | null;
  /** Ascending. */
  readonly points: readonly Predicted[];
}

/** How sure each limit is by itself. */
export const CONFIDENCE = 0.99;

/** Whether a target is met, as far as can be told. */
export type Verdict = "met" | "missed" | "unsure";

/** Judges a prediction by its limits. */
export function verdictOf({ missLow, missHigh }: Predicted, target: Target): Verdict {
  const allowed = allowedShare(target);
  if (missHigh !== null && missHigh < allowed) return "met";
  return missLow !== null && missLow >= allowed ? "missed" : "unsure";
}

/** What is known of a reserve; null where it was not looked at. */
export function pointAt(curve: Curve | undefined, minReserve: number): Predicted | null {
  return curve?.points.find((point) => point.minReserve === minReserve) ?? null;
}

/** What was asked for, and what it may range over. */
export interface LookRange {
  /** The chosen reserve. */
  readonly minReserve: number;
  /** Progress needs so many. */
  readonly floor: number;
  /** More than so many cannot be had. */
  readonly most: number;
}

/** A reserve to be looked at; `longer`: with more allocations than the others, which may take several looks. */
export interface Look {
  readonly minReserve: number;
  readonly longer: boolean;
}

/** Points of the picture. */
const LADDER = 16;

/** What is worth a look next; null where enough is known. */
export function nextLook(
  curve: Curve | undefined,
  range: LookRange,
  target: Target,
): Look | null {
  const { minReserve, most } = range;
  if (curve === undefined) return { minReserve, longer: false };
  const near = [minReserve + 1, minReserve - 1].filter((each) => each >= 0 && each <= most);
  const wanted = [minReserve, ...near, ...ladder(curve, range)];
  const unseen = wanted.find((each) => pointAt(curve, each) === null);
  if (unseen !== undefined) return { minReserve: unseen, longer: false };
  const chosen = pointAt(curve, minReserve)!;
  if (chosen.isLongest || verdictOf(chosen, target) !== "unsure") return null;
  return { minReserve, longer: true };
}

/** Reserves spread evenly from the floor to where nobody waits. */
export function ladder({ neverWaits }: Curve, { floor, most }: Omit<LookRange, "minReserve">) {
  const last = Math.min(most, Math.max(floor + 1, neverWaits ?? 0));
  const step = (last - floor) / (LADDER - 1);
  const all = Array.from({ length: LADDER }, (_, index) => Math.round(floor + step * index));
  return [...new Set(all.filter((each) => each >= 0 && each <= most))];
}
