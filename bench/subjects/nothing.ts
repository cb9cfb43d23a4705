import type { SharedSubject } from "../subject.ts";

/** The loops themselves: what every other subject's time has in it. */
export const nothing: SharedSubject<number> = {
  name: "nothing",
  summary: "the loop alone",
  isAwaited: false,
  create: () => Promise.resolve({ allocate: () => 1, free: () => {} }),
  share: () => new SharedArrayBuffer(0),
  attach: () => ({ allocate: () => 1, free: () => {} }),
};
