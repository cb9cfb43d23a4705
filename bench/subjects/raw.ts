import { BLOCKING, type Handle } from "../../allocators/allocator.ts";
import { PAGE, pageComposition } from "../page_composition.ts";
import type { SyncSubject } from "../subject.ts";

/** The page allocator behind its magazine, and no pool. */
export const raw: SyncSubject<Handle> = {
  name: "raw",
  summary: "the magazine page allocator",
  isAwaited: false,
  create() {
    const { raw } = pageComposition({}).allocator(PAGE);
    return Promise.resolve({
      allocate: () => raw.allocate(BLOCKING),
      free: (handle: Handle) => raw.free(handle),
    });
  },
};
