import { ELEMENT_BYTES, type SyncSubject } from "../subject.ts";

/** What people do without a pool: the collector frees. */
export const freshArray: SyncSubject<Uint8Array<ArrayBuffer>> = {
  name: "fresh-array",
  summary: "new Uint8Array(4096), left to the collector",
  isAwaited: false,
  create: () => Promise.resolve({ allocate: () => new Uint8Array(ELEMENT_BYTES), free: () => {} }),
};
