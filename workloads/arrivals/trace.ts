/**
 * Arrivals as they were recorded: the moments at which a trace allocates, from its first on. The workers take turns, and
 * after the last arrival the trace begins again. Nothing is assumed of them, which is the point: what is recorded comes
 * in far worse bursts than any of the other kinds.
 *
 * With holds of the same trace in their recorded order each arrival meets its own hold, on its own worker.
 *
 * @module
 */
import type { ArrivalKind } from "./arrival.ts";

/** Arrivals as recorded. */
export const trace: ArrivalKind = {
  summary: "as a trace has them, again and again, the workers taking turns",
  options: {
    file: { type: "path", summary: "the recorded trace, relative to this file" },
    speed: {
      type: "number",
      summary: "recorded seconds in each second",
      default: 1,
      min: 1e-6,
      max: 1e6,
    },
  },
  async load({ file }) {
    const { recordedArrivals } = await import("../recorded_times.ts");
    return await recordedArrivals(String(file));
  },
  gaps(options, { worker, workers, recorded }) {
    const times = recorded!;
    const { length } = times;
    const speed = Number(options.speed);
    // From the last arrival to the first of the next round it takes as long as between two on the average.
    const roundNs = times[length - 1]! / (length - 1) * length;
    let round = 0;
    let next = worker;
    const last = new Float64Array(1);
    return () => {
      while (next >= length) {
        next -= length;
        round++;
      }
      const nowNs = round * roundNs + times[next]!;
      const gap = (nowNs - last[0]!) / speed;
      last[0] = nowNs;
      next += workers;
      return gap;
    };
  },
};
