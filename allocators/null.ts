/**
 * No allocator at all: every allocation is served with handle 1, every free is forgotten. What a run costs over it is
 * the floor of the harness. Its elements have no bytes and are not tracked.
 *
 * @module
 */
import { type AllocatorKind, NO_COUNTS, NO_FOOTPRINT } from "./kind.ts";

const EMPTY = new Uint8Array(0);

/** Serves everything with nothing. */
export const nothing: AllocatorKind = {
  summary: "serves everything with nothing: the floor of the harness itself",
  scope: "shared",
  options: {},
  plan: () => ({
    capacity: 0,
    elementBytes: 0,
    elementPages: 0,
    attach: () => ({
      source: null,
      direct: { allocate: () => 1, free() {} },
      bytes: () => EMPTY,
      shrink: () => 0,
      hoarded: () => 0,
      footprint: () => NO_FOOTPRINT,
      check() {},
      counts: () => NO_COUNTS,
      resetCounts() {},
    }),
  }),
};
