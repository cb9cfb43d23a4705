import type { PolicyKind } from "../policy.ts";

/** No reserve at all: the control. A blocking caller may fail here, and the failure is counted. */
export const backendOnly: PolicyKind = {
  summary: "no reserve and no waiting: the control, in which a blocking caller may fail",
  steps: ["backend-atomic", "backend-blocking"],
  retryFrom: "backend-atomic",
  retryMs: 5000,
};
