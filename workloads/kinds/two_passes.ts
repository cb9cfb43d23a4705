/**
 * Two passes over the measured time, for loads that go as fast as they can: the first has no clock read at all between two
 * looks at the time and gives the throughput; the second times one allocation now and then and gives level 1's latency.
 *
 * @module
 */
import type { SlotPost } from "../../sync/mod.ts";
import type { Meter } from "../meter.ts";
import { SlotKind } from "../slot_kind.ts";

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
export function runPasses(meter: Meter, passes: Passes): void {
  if (meter.slots !== null) return runSlots(meter, passes, meter.slots);
  const { untimed, timed } = passes;
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

/** Instead of passes: whatever each slot asks for, until there are no more. */
function runSlots(meter: Meter, { untimed, timed }: Passes, slots: SlotPost): void {
  for (let slot = slots.next(); slot !== null; slot = slots.next()) {
    const isTimed = slot.kind === SlotKind.timed;
    if (slot.kind !== SlotKind.warmup) meter.observe(isTimed);
    const served = work(meter, isTimed ? timed : untimed, slot.ms);
    slots.end(served);
    // What was done to warm up or alone is none of the throughput's.
    if (slot.kind !== SlotKind.all) continue;
    meter.untimed.allocs += served.count;
    meter.untimed.ns += served.ns;
  }
}

function work(meter: Meter, slice: Slice, ms: number): { count: number; ns: number } {
  const startNs = meter.nowNs();
  let count = 0;
  let nowNs = startNs;
  do {
    count += slice();
    nowNs = meter.nowNs();
  } while (nowNs - startNs < ms * 1e6 && !meter.isOver(nowNs));
  return { count, ns: nowNs - startNs };
}
