/**
 * How many elements the reserve holds: filled at creation.
 *
 * @module
 */
import { BLOCKING, type Handle, NONE } from "../allocators/allocator.ts";
import type { SlowPath } from "./slow_path.ts";

/**
 * Fills a new reserve, all or nothing.
 *
 * @throws {Error} naming the pool and the call that failed; the elements taken so far are back.
 */
export function fillReserve(slow: SlowPath, minReserve: number): void {
  const { name, region: { words }, reserve, exchange, ownership } = slow.parts;
  const { owners, tag, tagBelow } = ownership;
  const handles: Handle[] = [];
  for (let call = 1; call <= minReserve; call++) {
    const handle = exchange.take(BLOCKING);
    if (handle === NONE) {
      for (const taken of handles) {
        if (owners >= 0) words[owners + taken] = tagBelow;
        exchange.put(taken);
      }
      throw new Error(
        `Cannot create mempool "${name}": backend call ${call} of ${minReserve} failed`,
      );
    }
    if (owners >= 0) words[owners + handle] = -tag;
    handles.push(handle);
  }
  reserve.initialise(handles);
}
