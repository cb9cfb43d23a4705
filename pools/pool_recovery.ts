/**
 * What puts a pool right after one of its workers has died, done by another one. No lock may be held by the dead one any more.
 *
 * @module
 */
import { type Handle, NONE } from "../allocators/allocator.ts";
import { Count } from "../allocators/front.ts";
import { isCarried } from "../allocators/owner_table.ts";
import type { MempoolParts } from "./mempool_parts.ts";
import type { SlowPath } from "./slow_path.ts";

/** Puts one pool right. May block for as long as somebody has its lock; waits for no element. */
export interface PoolRecovery {
  /**
   * Sets the limits, and has everybody who waits look again, whether or not the dead one left that undone. Takes the lock, unless the caller has taken it
   * over. @returns what the reserve holds beyond M, to be handed to {@linkcode PoolRecovery.finish} under no lock.
   */
  restore(): Handle[];
  /** Gives back what is left over, and wakes those whom the dead one handed something without waking them. Under no lock. */
  finish(surplus: readonly Handle[]): void;
  /**
   * Takes the callers of the dead one out of the queue; what had been handed to them goes to who waits, or back. @returns places, and
   * elements.
   */
  evict(dead: number): { readonly places: number; readonly handed: number };
  /**
   * Frees an element that the dead one had under this tag, as if it had done so itself; one that it carried was free already.
   *
   * @returns whether it did: false where the element has another tag by now.
   */
  reclaim(handle: Handle, tag: number): boolean;
}

/** The same, beside the ways in of the worker that recovers. */
export class Recoverer implements PoolRecovery {
  readonly #parts: MempoolParts;
  readonly #slow: SlowPath;

  /** Stands on a pool's parts. */
  constructor(parts: MempoolParts, slow: SlowPath) {
    this.#parts = parts;
    this.#slow = slow;
  }

  restore(): Handle[] {
    const { reserve } = this.#slow.parts;
    reserve.lock.acquire();
    const surplus = reserve.restore();
    reserve.lock.release();
    return surplus;
  }

  finish(surplus: readonly Handle[]): void {
    const { reserve } = this.#slow.parts;
    for (const handle of surplus) this.#slow.toBackend(handle);
    const { slotsPerWorker, front: { participants } } = this.#parts;
    for (let slot = 0; slot < slotsPerWorker * participants; slot++) {
      if (reserve.queue.granted(slot) !== 0) reserve.queue.wake(slot);
    }
  }

  evict(dead: number): { readonly places: number; readonly handed: number } {
    const { slotsPerWorker } = this.#parts;
    let places = 0;
    let handed = 0;
    for (let slot = dead * slotsPerWorker; slot < (dead + 1) * slotsPerWorker; slot++) {
      const elements = this.#leave(slot);
      if (elements === null) continue;
      places++;
      handed += elements.length;
      for (const handle of elements) this.#slow.giveBack(handle);
    }
    return { places, handed };
  }

  /** Has a place left. @returns what lay in it; null where nobody stood there. */
  #leave(slot: number): Handle[] | null {
    const { lock, queue, leave } = { ...this.#slow.parts.reserve };
    lock.acquire();
    const elements: Handle[] = [];
    const isIdle = queue.isIdle(slot);
    if (!isIdle) {
      const last = leave(slot);
      for (let handle = last; handle !== NONE; handle = queue.before(handle)) elements.push(handle);
    }
    lock.release();
    return isIdle ? null : elements;
  }

  reclaim(handle: Handle, tag: number): boolean {
    const slow = this.#slow;
    if (!slow.takeFrom(handle, tag)) return false;
    const { reserve, tally } = slow.parts;
    if (!isCarried(tag)) tally.add(Count.slowFrees, 1);
    if (slow.isPoisoned() && !reserve.isClosed()) slow.giveBack(handle);
    else slow.toBackend(handle);
    return true;
  }
}
