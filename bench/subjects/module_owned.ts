import type { Handle } from "../../allocators/allocator.ts";
import { FREE_LIST, moduleSubject } from "../module_subject.ts";
import type { SyncSubject } from "../subject.ts";

/** The owner word alone of what a mempool does. */
export const moduleOwned: SyncSubject<Handle> = moduleSubject(
  "module-owned",
  "a word for each element: out, or not",
  { module: FREE_LIST, use: "owned" },
);
