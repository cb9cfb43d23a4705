import type { Handle } from "../../allocators/allocator.ts";
import { memorySubject } from "../memory_subject.ts";
import type { SharedSubject } from "../subject.ts";

/** The page allocator behind its magazine, and no pool. */
export const raw: SharedSubject<Handle> = memorySubject("raw", "the magazine page allocator", {
  allocator: "page",
  hasPool: false,
});
