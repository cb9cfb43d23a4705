/**
 * Evenly spaced arrivals, as from a clock: no burst ever, so the mildest load of a given rate. Workers are
 * offset from one another, so that with equal shares the total is evenly spaced too. Each arrives at the whole nanosecond next to
 * its time: sums of gaps with a fraction would drift from it, and from each other.
 *
 * @module
 */
import { type ArrivalKind, meanGapNs, RATE } from "./arrival.ts";

/** Evenly spaced arrivals. */
export const constant: ArrivalKind = {
  summary: "evenly spaced, the workers taking turns",
  options: { rate: RATE },
  gaps(options, context) {
    const gap = meanGapNs(options, context);
    const first = gap * (context.worker + 1) / context.workers;
    // How many came and when the last did, in memory of its own: as variables they would become garbage at each call.
    const done = new Float64Array(2);
    return () => {
      const at = Math.round(first + done[0]!++ * gap);
      const since = at - done[1]!;
      done[1] = at;
      return since;
    };
  },
};
