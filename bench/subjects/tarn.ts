import { Pool } from "tarn";
import { type AsyncSubject, ELEMENT_BYTES, ELEMENTS } from "../subject.ts";

/** tarn, the pool of knex: a promise for each element, given back at once. */
export const tarn: AsyncSubject<Uint8Array<ArrayBuffer>> = {
  name: "tarn",
  summary: "tarn, awaited when taken",
  isAwaited: true,
  create() {
    const pool = new Pool<Uint8Array<ArrayBuffer>>({
      create: () => new Uint8Array(ELEMENT_BYTES),
      destroy: () => {},
      min: 0,
      max: ELEMENTS,
    });
    return Promise.resolve({
      allocate: () => pool.acquire().promise,
      free: (bytes: Uint8Array<ArrayBuffer>) => void pool.release(bytes),
    });
  },
};
