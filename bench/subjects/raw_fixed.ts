import type { Handle } from "../../allocators/allocator.ts";
import { memorySubject } from "../memory_subject.ts";
import type { SharedSubject } from "../subject.ts";

/** The page allocator behind a magazine that does not grow. */
export const rawFixed: SharedSubject<Handle> = memorySubject(
  "raw-fixed",
  "the same with magazines that stay at 64 rounds",
  {
    allocator: "page",
    hasPool: false,
    isFixed: true,
  },
);
