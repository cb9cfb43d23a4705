import type { Handle } from "../../allocators/allocator.ts";
import { memorySubject } from "../memory_subject.ts";
import type { SharedSubject } from "../subject.ts";

/** The slab allocator behind its magazine, and no pool. */
export const slabRaw: SharedSubject<Handle> = memorySubject(
  "slab-raw",
  "the magazine slab allocator",
  {
    allocator: "slab",
    hasPool: false,
  },
);
