/**
 * Taking several elements at once, as a task does: what is refused turns the task away, like what is not to be had.
 *
 * @module
 */
import { type Context, NONE } from "../allocators/allocator.ts";
import type { Mempool } from "../pools/mempool.ts";
import { RefusedError } from "../pools/refused_error.ts";
import type { TakeSpec } from "./scenario.ts";

/** How many elements each call takes, for a task that takes all of `take`. */
export function runsOf(take: readonly TakeSpec[]): number[] {
  return take.flatMap(({ count, how }) => how === "bulk" ? [count] : Array(count).fill(1));
}

/** Fills an array. @returns whether it did; else nothing was taken. */
export function takeBulk(pool: Mempool, into: Int32Array, context: Context): boolean {
  try {
    return pool.allocateBulk(into, context);
  } catch (error) {
    if (error instanceof RefusedError) return false;
    throw error;
  }
}

/** Takes `size` elements on the event loop. @returns null where they are not to be had. */
export async function takeAsync(pool: Mempool, size: number): Promise<Int32Array | null> {
  const handles = new Int32Array(size);
  if (size === 1) handles[0] = await pool.allocateAsync();
  else if (!await takeBulkAsync(pool, handles)) return null;
  return handles[0] === NONE ? null : handles;
}

async function takeBulkAsync(pool: Mempool, into: Int32Array): Promise<boolean> {
  try {
    return await pool.allocateBulkAsync(into);
  } catch (error) {
    if (error instanceof RefusedError) return false;
    throw error;
  }
}
