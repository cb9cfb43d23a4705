/**
 * Every task holds its elements equally long: a fixed step of work, the least variable load there is.
 *
 * @module
 */
import { HOLD_NS_MAX, type HoldKind } from "./hold.ts";

/** The same time always. */
export const constant: HoldKind = {
  summary: "the same time always",
  options: {
    time: { type: "duration", summary: "how long", min: 0, max: HOLD_NS_MAX },
  },
  times(options) {
    const time = Number(options.time);
    return () => time;
  },
  mean: (options) => Number(options.time),
  left(options, random) {
    const time = Number(options.time);
    return () => random.uniform() * time;
  },
};
