/**
 * Several elements at once, as tests ask for them.
 *
 * @module
 */
import { assert } from "@std/assert";
import type { Handle } from "../../allocators/allocator.ts";
import type { Mempool } from "../mempool.ts";

/** An array to be filled with so many elements. */
export function bulkOf(count: number): Int32Array {
  return new Int32Array(count);
}

/** Waits on the event loop for several elements. */
export async function waitFor(pool: Mempool, count: number): Promise<Handle[]> {
  const into = bulkOf(count);
  assert(await pool.allocateBulkAsync(into));
  return [...into];
}
