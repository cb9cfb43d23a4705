import type { PolicyKind } from "../policy.ts";

/** What was argued for in place of mempools in December 2001, "reservation in SLAB"; today's PF_MEMALLOC and ALLOC_NO_WATERMARKS. */
export const allocatorReservation: PolicyKind = {
  summary:
    "backend, blocking backend, then a reserve inside the allocator, shared by its pools; wait",
  steps: ["backend-atomic", "backend-blocking", "reserve", "wait"],
  retryFrom: "backend-atomic",
  retryMs: 5000,
  reserveIn: "allocator",
};
