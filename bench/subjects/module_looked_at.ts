import type { Handle } from "../../allocators/allocator.ts";
import { FREE_LIST, moduleSubject } from "../module_subject.ts";
import type { SyncSubject } from "../subject.ts";

/** The same called by somebody who looks whether he got something: the least that stands between a caller and any allocator. */
export const moduleLookedAt: SyncSubject<Handle> = moduleSubject(
  "module-looked-at",
  "the same by who looks whether it gave anything",
  { module: FREE_LIST, use: "looked-at" },
);
