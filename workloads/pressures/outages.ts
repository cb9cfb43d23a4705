import { untrackedProblems } from "../suits.ts";
import type { PressureKind } from "./pressure.ts";

const HOUR_NS = 3600e9;

/** The back ends come and go: up for a while, then down, then up again. */
export const outages: PressureKind = {
  summary: "the back ends serve, then serve nothing, in turn",
  options: {
    up: {
      type: "duration",
      summary: "how long they serve at a time",
      min: 1e5,
      max: HOUR_NS,
    },
    down: {
      type: "duration",
      summary: "how long they serve nothing after that",
      min: 1e5,
      max: HOUR_NS,
    },
  },
  problems: untrackedProblems,
  pressure: (options) => ({
    failure: [0, 0],
    upNs: Number(options.up),
    downNs: Number(options.down),
  }),
};
