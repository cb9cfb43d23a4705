import type { Handle } from "../../allocators/allocator.ts";
import { FREE_LIST, moduleSubject } from "../module_subject.ts";
import type { SyncSubject } from "../subject.ts";

/** An allocator of the kind `module` as the harness runs it where no pool stands on it: with a look at each handle. */
export const moduleKind: SyncSubject<Handle> = moduleSubject(
  "module-kind",
  "the same as a scenario's allocator, without a pool",
  { module: FREE_LIST, use: "kind" },
);
