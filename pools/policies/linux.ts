import type { PolicyKind } from "../policy.ts";

/** `mempool_alloc()` of `mm/mempool.c` from Linux 3.3 on: the reserve at any fill before any reclaim. */
export const linux: PolicyKind = {
  summary: "backend, reserve at any fill, blocking backend, reserve, wait (Linux 3.3 and later)",
  steps: ["backend-atomic", { reserve: { atLeast: 0 } }, "backend-blocking", "reserve", "wait"],
  retryFrom: "backend-blocking",
  retryMs: 5000,
};
