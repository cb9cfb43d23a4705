import type { Handle } from "../../allocators/allocator.ts";
import { memorySubject } from "../memory_subject.ts";
import type { SharedSubject } from "../subject.ts";

/** A mempool with a full reserve over the same allocator. */
export const mempool: SharedSubject<Handle> = memorySubject(
  "mempool",
  "a mempool over it, 64 in reserve",
  {
    allocator: "page",
    hasPool: true,
  },
);
