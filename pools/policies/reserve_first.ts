import type { PolicyKind } from "../policy.ts";

/** The habit of object pools (commons-pool, DPDK): what is pooled goes out first. */
export const reserveFirst: PolicyKind = {
  summary: "reserve before the backend: the habit of object pools (commons-pool, DPDK)",
  steps: ["reserve", "backend-atomic", "backend-blocking", "wait"],
  retryFrom: "reserve",
  retryMs: 5000,
};
