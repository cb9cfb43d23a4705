/**
 * What is counted while a trace is followed, and what of it the user should hear.
 *
 * @module
 */

import type { Warning } from "../../results/result.ts";

/** What was counted on the way. At the end `allocs = frees + live`. */
export interface LiveCounts {
  /** Elements taken. */
  allocs: number;
  /** Elements given back, implicit frees among them. */
  frees: number;
  /** Resizes of live elements. */
  reallocs: number;
  /** Frees of ids that were not live. */
  unknownFrees: number;
  /** Resizes of ids that were not live. */
  unknownReallocs: number;
  /** Frees that the trace lacks: their ids were allocated again. */
  implicitFrees: number;
  /** Rows with an earlier time than the row before. */
  outOfOrder: number;
  /** Rows that came too late to be put in order. */
  lateRows: number;
  /** Elements live now. */
  live: number;
  /** Most elements live at once; the slots are 0 to peak - 1. */
  peak: number;
  /** Elements taken that were recorded as intervals, with their ends. */
  intervals: number;
  /** Intervals whose end was not recorded. */
  unfinished: number;
  /** Those of them that were left out. */
  leftOut: number;
  /** The peak if none of them had been left out. */
  peakIfHeld: number;
  /** Workers seen. */
  workers: number;
  /** When the first event was that did something to an element; Infinity before it. */
  startNs: number;
  /** When the last of those was; -Infinity before the first. */
  endNs: number;
}

/** Counts at zero. */
export function newLiveCounts(): LiveCounts {
  return {
    allocs: 0,
    frees: 0,
    reallocs: 0,
    unknownFrees: 0,
    unknownReallocs: 0,
    implicitFrees: 0,
    outOfOrder: 0,
    lateRows: 0,
    live: 0,
    peak: 0,
    intervals: 0,
    unfinished: 0,
    leftOut: 0,
    peakIfHeld: 0,
    workers: 0,
    startNs: Infinity,
    endNs: -Infinity,
  };
}

/** What the semantics had to decide, for the user. */
export function liveWarnings(counts: LiveCounts): Warning[] {
  const { lateRows, unknownFrees, unknownReallocs, implicitFrees } = counts;
  const said: readonly (readonly [number, Warning])[] = [
    [lateRows, {
      code: "late-rows",
      message: `rows too far out of order, taken later than recorded: ${lateRows}`,
      advice: "sort the trace by time, or give it as a file rather than through a pipe",
    }],
    [unknownFrees, {
      code: "unknown-frees",
      message: `frees of elements that were not live, left out: ${unknownFrees}`,
      advice: "begin to record before the first allocation if they matter",
    }],
    [unknownReallocs, {
      code: "unknown-reallocs",
      message: `resizes of elements that were not live, left out: ${unknownReallocs}`,
      advice: "begin to record before the first allocation if they matter",
    }],
    [implicitFrees, {
      code: "implicit-frees",
      message: `allocations of elements that were live, freed first: ${implicitFrees}`,
      advice: "look for lost events: each of them is a free that was not recorded",
    }],
  ];
  return said.filter(([count]) => count > 0).map(([, warning]) => warning);
}
