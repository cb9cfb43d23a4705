/**
 * Holds as they were recorded: from each allocation of a trace to its free. In their recorded order the workers take
 * turns, and after the last the first comes again: what one hold says of the next (a burst of long ones) is kept. Resampled,
 * each is drawn by the seed from all of them: the same distribution, without that memory. What of the two a reserve
 * depends on shows side by side.
 *
 * @module
 */
import type { HoldKind } from "./hold.ts";

/** Holds as recorded. */
export const trace: HoldKind = {
  summary: "as a trace has them: in its order, again and again, or resampled by the seed",
  options: {
    file: { type: "path", summary: "the recorded trace, relative to this file" },
    order: {
      type: "string",
      summary: "recorded: one after the other, the workers taking turns; resampled: by the seed",
      default: "recorded",
      oneOf: ["recorded", "resampled"],
    },
  },
  async load({ file }) {
    const { recordedHolds } = await import("../recorded_times.ts");
    return await recordedHolds(String(file));
  },
  times(options, random, context) {
    const { worker, workers, recorded } = context!;
    const holds = recorded!;
    const { length } = holds;
    if (options.order === "resampled") return () => holds[random.below(length)]!;
    let next = worker % length;
    const step = workers % length;
    return () => {
      const hold = holds[next]!;
      next += step;
      if (next >= length) next -= length;
      return hold;
    };
  },
  mean: (_options, recorded) => recorded!.reduce((sum, hold) => sum + hold, 0) / recorded!.length,
};
