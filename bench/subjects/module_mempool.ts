import type { Handle } from "../../allocators/allocator.ts";
import { FREE_LIST, moduleSubject } from "../module_subject.ts";
import type { SyncSubject } from "../subject.ts";

/** A mempool with a full reserve over the same free list. */
export const moduleMempool: SyncSubject<Handle> = moduleSubject(
  "module-mempool",
  "a mempool over that free list, 64 in reserve",
  { module: FREE_LIST, use: "mempool" },
);
