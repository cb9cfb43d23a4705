/**
 * How many elements the reserve holds: filled at creation, more or fewer later, as somebody says or as demand has it.
 *
 * Elements move between reserve and back end one by one, outside the lock, which is held only while words change: nobody
 * who allocates or frees meanwhile waits for the back end, and what is out with somebody is not concerned.
 *
 * @module
 */
import { type Handle, NONE } from "../allocators/allocator.ts";
import type { SlowPath } from "./slow_path.ts";

/**
 * Fills a new reserve, all or nothing.
 *
 * @throws {Error} naming the pool and the call that failed; the elements taken so far are back.
 */
export function fillReserve(slow: SlowPath, minReserve: number): void {
  const { name, reserve } = slow.parts;
  const handles: Handle[] = [];
  for (let call = 1; call <= minReserve; call++) {
    const handle = slow.takeIdle();
    if (handle === NONE) {
      for (const taken of handles) slow.toBackend(taken);
      throw new Error(
        `Cannot create mempool "${name}": backend call ${call} of ${minReserve} failed`,
      );
    }
    handles.push(handle);
  }
  reserve.initialise(handles);
}

/**
 * Sets M. What the reserve holds beyond it goes to the back end; what it lacks is fetched from there, by as many blocking calls
 * and no more: who takes from the reserve meanwhile must not keep this going. Where a call fails, N stays below M,
 * so that the frees that follow fill it.
 *
 * @returns whether the reserve is full.
 * @throws {RangeError} where M is not a whole number from 0 to what there is room for.
 */
export function resizeReserve(slow: SlowPath, minReserve: number): boolean {
  const { name, reserve } = slow.parts;
  slow.requireOpen();
  if (!Number.isInteger(minReserve) || minReserve < 0 || minReserve > reserve.max) {
    throw new RangeError(
      `Cannot resize mempool "${name}" as minReserve must be an integer from 0 to ${reserve.max}: ` +
        `current value is ${minReserve}`,
    );
  }
  const { surplus, missing } = setMin(slow, minReserve);
  for (const handle of surplus) slow.toBackend(handle);
  for (let call = 0; call < missing; call++) {
    const handle = slow.takeIdle();
    if (handle === NONE) break;
    slow.giveBack(handle);
  }
  return reserve.current() >= minReserve;
}

/**
 * Has M follow demand, under a policy that adapts: gives back what lay unused in a window of time that is over at `nowMs`.
 *
 * @returns how many elements went to the back end.
 */
export function adaptReserve(slow: SlowPath, nowMs: number): number {
  const { reserve } = slow.parts;
  reserve.lock.acquire();
  const surplus = reserve.isClosed() ? [] : reserve.adapt(nowMs);
  reserve.lock.release();
  for (const handle of surplus) slow.toBackend(handle);
  return surplus.length;
}

function setMin(slow: SlowPath, minReserve: number) {
  const { reserve } = slow.parts;
  reserve.lock.acquire();
  try {
    // Once more, under the lock: a pool that was destroyed meanwhile stays so.
    slow.requireOpen();
    const surplus = reserve.resize(minReserve);
    // Somebody may wait for more elements at once than this leaves.
    reserve.queue.kick(reserve.queue.count());
    return { surplus, missing: reserve.missing() };
  } finally {
    reserve.lock.release();
  }
}
