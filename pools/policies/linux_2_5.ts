import type { PolicyKind } from "../policy.ts";

/** The code of Linux 2.5.1 rather than its description: level 2 needs strictly more than half. */
export const linux25: PolicyKind = {
  summary: "as five-level, but level 2 needs more than half a reserve (the code of Linux 2.5.1)",
  steps: ["backend-atomic", { reserve: { moreThan: 0.5 } }, "backend-blocking", "reserve", "wait"],
  retryFrom: "backend-atomic",
  retryMs: 5000,
};
