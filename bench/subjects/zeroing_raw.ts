import type { Handle } from "../../allocators/allocator.ts";
import { moduleSubject, ZEROING_LIST } from "../module_subject.ts";
import type { SyncSubject } from "../subject.ts";

/** A free list that does some work for each element. */
export const zeroingRaw: SyncSubject<Handle> = moduleSubject(
  "zeroing-raw",
  "a free list that hands out 4 KiB of zeroes",
  { module: ZEROING_LIST, use: "looked-at" },
);
