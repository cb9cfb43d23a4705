import type { PolicyKind } from "../policy.ts";

/** The five levels as Ingo Molnar described them in December 2001: the default. */
export const fiveLevel: PolicyKind = {
  summary: "backend, reserve from half full, blocking backend, reserve, wait (the 2001 design)",
  steps: ["backend-atomic", { reserve: { atLeast: 0.5 } }, "backend-blocking", "reserve", "wait"],
  retryFrom: "backend-atomic",
  retryMs: 5000,
};
