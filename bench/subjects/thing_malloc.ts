import { MemPool } from "@thi.ng/malloc";
import { ELEMENT_BYTES, ELEMENTS, type SyncSubject } from "../subject.ts";

/** A general allocator over one SharedArrayBuffer; elements are addresses, as handles are. */
export const thingMalloc: SyncSubject<number> = {
  name: "thi.ng-malloc",
  summary: "@thi.ng/malloc on a SharedArrayBuffer",
  isAwaited: false,
  create() {
    const pool = new MemPool({ buf: new SharedArrayBuffer(2 * ELEMENTS * ELEMENT_BYTES) });
    return Promise.resolve({
      allocate: () => pool.malloc(ELEMENT_BYTES),
      free: (address: number) => void pool.free(address),
    });
  },
};
