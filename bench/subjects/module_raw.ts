import { BLOCKING, type Handle } from "../../allocators/allocator.ts";
import { loadModule } from "../../allocators/load_module.ts";
import { FREE_LIST } from "../module_composition.ts";
import { ELEMENT_BYTES, type SyncSubject } from "../subject.ts";

/** An allocator of the user's own, called as its module gives it. */
export const moduleRaw: SyncSubject<Handle> = {
  name: "module-raw",
  summary: "a free list of one's own",
  isAwaited: false,
  async create() {
    const allocator = await loadModule(FREE_LIST, { objectBytes: ELEMENT_BYTES });
    return {
      allocate: () => allocator.allocate(BLOCKING),
      free: (handle: Handle) => allocator.free(handle),
    };
  },
};
