import type { Handle } from "../../allocators/allocator.ts";
import { FREE_LIST, moduleSubject } from "../module_subject.ts";
import type { SyncSubject } from "../subject.ts";

/** The owner word and the counts of what a mempool does. */
export const moduleCounted: SyncSubject<Handle> = moduleSubject(
  "module-counted",
  "that, and both counts",
  { module: FREE_LIST, use: "counted" },
);
