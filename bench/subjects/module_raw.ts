import type { Handle } from "../../allocators/allocator.ts";
import { FREE_LIST, moduleSubject } from "../module_subject.ts";
import type { SyncSubject } from "../subject.ts";

/** An allocator of the user's own, called as its module gives it. */
export const moduleRaw: SyncSubject<Handle> = moduleSubject(
  "module-raw",
  "a free list of one's own",
  { module: FREE_LIST, use: "bare" },
);
