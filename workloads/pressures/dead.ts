import { untrackedProblems } from "../suits.ts";
import type { PressureKind } from "./pressure.ts";

/** The back ends fill the reserves and never serve again: the reserve alone must carry the load. */
export const dead: PressureKind = {
  summary: "the back ends serve nothing once the reserves are filled",
  options: {},
  problems: untrackedProblems,
  pressure: () => ({ failure: [0, 0], upNs: 0, downNs: Infinity }),
};
