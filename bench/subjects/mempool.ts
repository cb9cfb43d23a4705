import { BLOCKING, type Handle } from "../../allocators/allocator.ts";
import { PAGE, pageComposition } from "../page_composition.ts";
import type { SyncSubject } from "../subject.ts";

/** A mempool with a full reserve over the same allocator. */
export const mempool: SyncSubject<Handle> = {
  name: "mempool",
  summary: "a mempool over it, 64 in reserve",
  isAwaited: false,
  create() {
    const pool = pageComposition({ pool: { over: PAGE, minReserve: 64, policy: "five-level" } })
      .pool("pool");
    return Promise.resolve({
      allocate: () => pool.allocate(BLOCKING),
      free: (handle: Handle) => pool.free(handle),
    });
  },
};
