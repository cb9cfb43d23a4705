import type { PolicyKind } from "../policy.ts";

/** The five levels, with a reserve that is as large as demand has lately been: for who does not know it beforehand. */
export const adaptive: PolicyKind = {
  summary: "as five-level, while M follows demand: doubled when it runs dry, given back when idle",
  steps: ["backend-atomic", { reserve: { atLeast: 0.5 } }, "backend-blocking", "reserve", "wait"],
  retryFrom: "backend-atomic",
  retryMs: 5000,
  adapt: { growth: 2, windowMs: 250, giveBack: 0.5 },
};
