/**
 * What is counted while a trace is followed, and what of it the user should hear.
 *
 * @module
 */

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
  /** Workers seen. */
  workers: number;
  /** When the first event was, whatever it did; Infinity before it. */
  startNs: number;
  /** When the last event was; -Infinity before the first. */
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
    workers: 0,
    startNs: Infinity,
    endNs: -Infinity,
  };
}

/** What the semantics had to decide, as sentences. */
export function liveWarnings(counts: LiveCounts): string[] {
  const { lateRows, unknownFrees, unknownReallocs, implicitFrees } = counts;
  const said: readonly (readonly [number, string])[] = [
    [lateRows, "rows too far out of order, taken later than recorded"],
    [unknownFrees, "frees of elements that were not live, left out"],
    [unknownReallocs, "resizes of elements that were not live, left out"],
    [implicitFrees, "allocations of elements that were live, freed first"],
  ];
  return said.filter(([count]) => count > 0).map(([count, what]) => `${what}: ${count}`);
}
