/**
 * Whether a run was in a steady state while it was measured: a pure judgement over what was served in each slice of the time,
 * at which levels, and what was left to be had.
 *
 * It was, if neither the throughput nor the mix of levels changed to another level, nor drifted, by more than matters
 * ({@linkcode MATTERS}). A change must be both: significant by its own noise, and large; so a quiet machine does not fail for
 * one in a hundred, nor a noisy one for its noise. What lasts for less than {@linkcode DISTURBANCE} of the time is none.
 *
 * A run that looks steady may yet live on what is left: if that falls by a slope that would use it up, it is *draining*, and
 * its numbers hold until it is exhausted and no longer.
 *
 * @module
 */
import type { SteadyState } from "../results/result.ts";
import { median, pieces, slopeOf } from "./change_points.ts";

/** A change of throughput by less than this share of it, or of a level's share by less than this, is none. */
export const MATTERS = 0.1;

/** Levels that last for less than this share of the time, together, are disturbances of the machine. */
const DISTURBANCE = 0.1;

/** Fewer looks than this tell no slope. */
const LOOKS_MIN = 8;

/** How sure a slope must be, deviations of its rank correlation: 1 in 700 is farther off by chance. */
const SURE = 3.2;

/** A fall over the looks by less than this share of what is left is none. */
const FALLS = 0.05;

/** What is judged. */
export interface Observations {
  /** Allocations served in each slice. */
  readonly served: readonly number[];
  /** For each level its hits in each slice. */
  readonly hits: readonly (readonly number[])[];
  /** How long a slice is. */
  readonly sliceNs: number;
  /** What was left to be had at some moments, in order. */
  readonly left: readonly { readonly atNs: number; readonly elements: number }[];
}

/** A change of a series to another level, or a drift. */
interface Change {
  /** The slice before which it changed; null where it drifts. */
  readonly at: number | null;
  readonly from: number;
  readonly to: number;
}

/** Whether a change is large enough; `unit` is what it is measured in, null for the larger of both levels. */
function matters({ from, to }: Change, unit: number | null): boolean {
  return Math.abs(to - from) > MATTERS * (unit ?? Math.max(from, to));
}

/** The largest change that matters; null where there is none. */
function changeOf(values: readonly number[], unit: number | null): Change | null {
  const starts = pieces(values);
  const levels = starts.map((start, i) => {
    const end = starts[i + 1] ?? values.length;
    return { at: end, slices: end - start, from: meanOf(values.slice(start, end)) };
  });
  const to = levels.at(-1)!.from;
  const others = levels.filter((level) => matters({ ...level, to }, unit));
  const slices = others.reduce((sum, level) => sum + level.slices, 0);
  const [largest] = others.toSorted((a, b) => Math.abs(to - b.from) - Math.abs(to - a.from));
  if (largest !== undefined && slices > DISTURBANCE * values.length) return { ...largest, to };
  return driftOf(values, unit);
}

function driftOf(values: readonly number[], unit: number | null): Change | null {
  const { perUnit, deviations } = slopeOf(values.map((_, i) => i), values);
  const rise = perUnit * (values.length - 1);
  const middle = median(values);
  const drift = { at: null, from: middle - rise / 2, to: middle + rise / 2 };
  return Math.abs(deviations) > SURE && matters(drift, unit) ? drift : null;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function throughputChange({ served, sliceNs }: Observations): string | null {
  const change = changeOf(served, null);
  if (change === null) return null;
  const { from, to } = change;
  const by = from > 0 ? `by ${Math.round(Math.abs(to / from - 1) * 100)} %` : "from nothing";
  return `throughput ${to > from ? "rose" : "fell"} ${by} ${when(change, sliceNs)}`;
}

function mixChange({ hits, sliceNs }: Observations): string | null {
  const all = hits[0]!.map((_, slice) => hits.reduce((sum, level) => sum + level[slice]!, 0));
  const known = all.flatMap((count, slice) => count > 0 ? [slice] : []);
  for (const [index, level] of hits.entries()) {
    const change = changeOf(known.map((slice) => level[slice]! / all[slice]!), 1);
    if (change === null) continue;
    const { from, to } = change;
    const by = `by ${Math.round(Math.abs(to - from) * 100)} points`;
    const way = to > from ? "rose" : "fell";
    return `the share of level ${index + 1} ${way} ${by} ${when(change, sliceNs)}`;
  }
  return null;
}

function when({ at }: Change, sliceNs: number): string {
  if (at === null) return "over the measured time";
  return `after ${Number((at * sliceNs / 1e9).toPrecision(2))} s of the measured time`;
}

/** How long what is left will last from the end on, by its slope over the later half; null where it does not fall. */
function exhaustedInNs({ left }: Observations): number | null {
  const later = left.slice(left.length >> 1);
  if (later.length < LOOKS_MIN) return null;
  const { perUnit, deviations } = slopeOf(
    later.map(({ atNs }) => atNs),
    later.map(({ elements }) => elements),
  );
  const { atNs, elements } = later.at(-1)!;
  const fall = -perUnit * (atNs - later[0]!.atNs);
  if (elements === 0 || fall <= FALLS * elements || deviations > -SURE) return null;
  return elements / -perUnit;
}

/** Judges a run. */
export function judgeSteadyState(observations: Observations): SteadyState {
  const { served } = observations;
  const total = served.reduce((sum, count) => sum + count, 0);
  if (total === 0) {
    return { verdict: "not-reached", reason: "nothing was served", exhaustedInNs: null };
  }
  const lasts = exhaustedInNs(observations);
  const reason = throughputChange(observations) ?? mixChange(observations);
  if (lasts !== null) {
    const fall = `what is left falls steadily, exhausted in about ${
      Number((lasts / 1e9).toPrecision(2))
    } s`;
    return {
      verdict: "draining",
      reason: reason === null ? fall : `${fall}; ${reason}`,
      exhaustedInNs: lasts,
    };
  }
  return { verdict: reason === null ? "steady" : "not-reached", reason, exhaustedInNs: null };
}
