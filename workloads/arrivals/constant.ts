/**
 * Evenly spaced arrivals, as from a clock: no burst ever, so the mildest load of a given rate. Workers are
 * offset from one another, so that with equal shares the total is evenly spaced too.
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
    let started = false;
    return () => {
      if (started) return gap;
      started = true;
      return first;
    };
  },
};
