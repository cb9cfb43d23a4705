/**
 * Two passes over the measured time, for loads that go as fast as they can: the first has no clock read at all between two
 * looks at the time and gives the throughput; the second times one allocation now and then and gives level 1's latency.
 *
 * @module
 */
import type { Meter } from "../meter.ts";

/** Share of the measured time for the pass without timing. */
const UNTIMED_SHARE = 0.5;

/** Operations from one look at the time to the next. @returns allocations served. */
export type Slice = () => number;

/** The same work, without timing and with. */
export interface Passes {
  readonly untimed: Slice;
  readonly timed: Slice;
}

/** Runs the warm-up and both passes, or until the run is stopped. */
export function runPasses(meter: Meter, { untimed, timed }: Passes): void {
  const { warmupNs, durationNs } = meter.phases;
  pass(meter, untimed, warmupNs);
  meter.observe(false);
  const startNs = meter.nowNs();
  meter.untimed.allocs = pass(meter, untimed, warmupNs + durationNs * UNTIMED_SHARE);
  meter.untimed.ns = meter.nowNs() - startNs;
  meter.observe(true);
  pass(meter, timed, meter.endNs);
}

/** Slices until a time. @returns allocations served. */
function pass(meter: Meter, slice: Slice, untilNs: number): number {
  let served = 0;
  let nowNs = meter.nowNs();
  while (nowNs < untilNs && !meter.isOver(nowNs)) {
    const inSlice = slice();
    nowNs = meter.nowNs();
    // Only the pass without timing is one thing from beginning to end.
    meter.countServed(meter.done(nowNs) / UNTIMED_SHARE, untilNs < meter.endNs ? inSlice : 0);
    served += inSlice;
  }
  return served;
}
