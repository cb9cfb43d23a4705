import type { SyncSubject } from "../subject.ts";

/** The loops themselves: what every other subject's time has in it. */
export const nothing: SyncSubject<number> = {
  name: "nothing",
  summary: "the loop alone",
  isAwaited: false,
  create: () => Promise.resolve({ allocate: () => 1, free: () => {} }),
};
