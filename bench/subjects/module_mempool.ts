import { BLOCKING, type Handle } from "../../allocators/allocator.ts";
import { modulePool } from "../module_composition.ts";
import type { SyncSubject } from "../subject.ts";

/** A mempool with a full reserve over the same free list. */
export const moduleMempool: SyncSubject<Handle> = {
  name: "module-mempool",
  summary: "a mempool over that free list, 64 in reserve",
  isAwaited: false,
  async create() {
    const pool = await modulePool();
    return {
      allocate: () => pool.allocate(BLOCKING),
      free: (handle: Handle) => pool.free(handle),
    };
  },
};
