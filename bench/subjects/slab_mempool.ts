import type { Handle } from "../../allocators/allocator.ts";
import { memorySubject } from "../memory_subject.ts";
import type { SharedSubject } from "../subject.ts";

/** A mempool with a full reserve over the slab allocator. */
export const slabMempool: SharedSubject<Handle> = memorySubject(
  "slab-mempool",
  "a mempool over it, 64 in reserve",
  {
    allocator: "slab",
    hasPool: true,
  },
);
