import type { Handle } from "../../allocators/allocator.ts";
import { moduleSubject, ZEROING_LIST } from "../module_subject.ts";
import type { SyncSubject } from "../subject.ts";

/** A mempool with a full reserve over that. */
export const zeroingMempool: SyncSubject<Handle> = moduleSubject(
  "zeroing-mempool",
  "a mempool over that, 64 in reserve",
  { module: ZEROING_LIST, use: "mempool" },
);
