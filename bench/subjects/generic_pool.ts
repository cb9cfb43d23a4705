import { createPool } from "generic-pool";
import { type AsyncSubject, ELEMENT_BYTES, ELEMENTS } from "../subject.ts";

/** generic-pool: promises on both ways. */
export const genericPool: AsyncSubject<Uint8Array<ArrayBuffer>> = {
  name: "generic-pool",
  summary: "generic-pool, awaited on both ways",
  isAwaited: true,
  create() {
    const pool = createPool({
      create: () => Promise.resolve(new Uint8Array(ELEMENT_BYTES)),
      destroy: () => Promise.resolve(),
    }, { min: 0, max: ELEMENTS });
    return Promise.resolve({
      allocate: () => pool.acquire(),
      free: (bytes: Uint8Array<ArrayBuffer>) => pool.release(bytes),
    });
  },
};
