import { untrackedProblems } from "../suits.ts";
import type { PressureKind } from "./pressure.ts";

/** Allocations fail at random, apart for callers that may sleep and callers that may not. */
export const fail: PressureKind = {
  summary: "the back ends fail at random, by probabilities",
  options: {
    atomic: {
      type: "probability",
      summary: "share of atomic allocations that fail",
      default: 0,
    },
    blocking: {
      type: "probability",
      summary: "share of blocking allocations that fail",
      default: 0,
    },
  },
  problems: untrackedProblems,
  pressure: (options) => ({
    failure: [Number(options.atomic), Number(options.blocking)],
    upNs: Infinity,
    downNs: 0,
  }),
};
