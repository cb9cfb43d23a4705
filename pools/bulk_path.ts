/**
 * Several elements at once: all or nothing, so that nobody holds some of them while it waits for the others.
 *
 * A bulk goes through the policy's steps as a single allocation does, each step for what is still missing. Where that is not
 * enough, an atomic caller gets nothing and what was taken goes back; a blocking one waits, in one place of the queue for
 * all of its elements, and the queue stays first come, first served: a bulk at its head is fed by every free until it has
 * enough, and those behind it wait, also for a single element.
 *
 * Why bulks of one pool cannot deadlock each other, with B1 and B2 who both lack elements while the backend is dead:
 *
 * 1. Whoever queues up gives what it has taken so far to the head of the queue before it sleeps, and so does whoever
 *    wakes up and finds some, but not enough. So of those who sleep at most the head has anything, and what B2 had taken is
 *    B1's if B1 came first.
 * 2. Every free goes to the head as long as somebody waits. All elements of the reserve's M are thus with the head, or with
 *    callers that have all they asked for, and these free them without this pool's help.
 * 3. The head asked for M elements at most. So it is served, and the next becomes the head.
 *
 * A bulk of more than M elements can be served only by a backend that gives. It never waits: the frees that it would wait for
 * might never be enough. It goes through the steps, and where they don't suffice a blocking caller is refused with an error. A
 * pool whose M shrinks below what somebody waits for refuses it in the same way.
 *
 * @module
 */
import { freeAll, type TakeBulk } from "../allocators/all_or_none.ts";
import {
  type Allocator,
  ATOMIC,
  BLOCKING,
  type Context,
  type Handle,
  NONE,
} from "../allocators/allocator.ts";
import { Count } from "../allocators/front.ts";
import { Bulk } from "./bulk.ts";
import { DestroyedError } from "./destroyed_error.ts";
import { REFUSED } from "./reserve.ts";
import type { SlowPath } from "./slow_path.ts";
import type { Waiter } from "./waiter.ts";

/** The bulk calls of one worker into one pool. */
export class BulkPath {
  readonly #slow: SlowPath;
  readonly #waiter: Waiter;
  readonly #atHand: Allocator;

  /** Stands beside the other ways in, of which `atHand` is level 1 and nothing else. */
  constructor(slow: SlowPath, waiter: Waiter, atHand: Allocator) {
    this.#slow = slow;
    this.#waiter = waiter;
    this.#atHand = atHand;
  }

  /** Fills an array. @returns whether it did; else nothing was taken. */
  allocate(into: Int32Array, context: Context): boolean {
    const bulk = this.#collect(into, context);
    const { startedMs } = this.#slow;
    if (bulk.isComplete) return this.#grant(bulk, startedMs);
    if (context === ATOMIC || !this.#slow.parts.policy.waits) return this.#turnAway(bulk, context);
    return this.#waiter.wait(startedMs, bulk);
  }

  /** The same on the event loop. */
  async allocateAsync(
    into: Int32Array,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    signal?.throwIfAborted();
    const bulk = this.#collect(into, BLOCKING);
    const { startedMs } = this.#slow;
    if (bulk.isComplete) return this.#grant(bulk, startedMs);
    if (!this.#slow.parts.policy.waits) return this.#turnAway(bulk, BLOCKING);
    return await this.#waiter.waitAsync(startedMs, signal, bulk);
  }

  /**
   * A way to fill an array, again and again, for elements that are put together of this pool's: every step but the wait, with one
   * look at the reserve for all that is missing. Whoever gets nothing has held nothing of the reserve that could have served
   * another. In the normal case it costs what so many allocations cost.
   */
  beneath(into: Int32Array): TakeBulk {
    const atHand = this.#atHand;
    return (context) => {
      let count = 0;
      let error: unknown = null;
      try {
        while (count < into.length) {
          const handle = atHand.allocate(ATOMIC);
          if (handle === NONE) break;
          into[count++] = handle;
        }
        if (count === into.length || this.#takeRest(into.subarray(count), context)) return true;
      } catch (thrown) {
        error = thrown;
      }
      const late = freeAll(atHand, into, { first: 0, count });
      error ??= late;
      if (error !== null) throw error;
      return false;
    };
  }

  #takeRest(into: Int32Array, context: Context): boolean {
    const slow = this.#slow;
    const bulk = this.#start(into, (bulk) => bulk.collectWhole(slow, context));
    return bulk.isComplete ? this.#grant(bulk, slow.startedMs) : this.#turnAway(bulk, context);
  }

  #collect(into: Int32Array, context: Context): Bulk {
    return this.#start(into, (bulk) => bulk.collect(this.#slow, 0, context));
  }

  #start(into: Int32Array, collect: (bulk: Bulk) => void): Bulk {
    const bulk = new Bulk(into);
    this.#slow.start();
    this.#slow.enter();
    try {
      collect(bulk);
    } catch (error) {
      bulk.giveBack(this.#slow);
      throw error;
    }
    return bulk;
  }

  #grant(bulk: Bulk, startedMs: number): true {
    bulk.grant(this.#slow, startedMs);
    return true;
  }

  #turnAway(bulk: Bulk, context: Context): false {
    bulk.giveBack(this.#slow);
    this.#slow.parts.tally.add(context === ATOMIC ? Count.none : Count.failed, 1);
    return false;
  }

  /**
   * Frees elements: those who wait and the reserve first, the rest goes to the back end.
   *
   * @throws {MisuseError} where one of them is not out; then none was freed.
   * @throws {DestroyedError} where the pool is no more; the elements went back to the back end.
   */
  free(handles: ArrayLike<Handle>): void {
    const slow = this.#slow;
    const { name, exchange, reserve, tally } = slow.parts;
    slow.enter();
    const owners = this.#disown(handles);
    tally.add(Count.slowFrees, handles.length);
    const given = slow.isPoisoned() ? this.#refill(handles, owners) : 0;
    for (let index = given; index < handles.length; index++) slow.toBackend(handles[index]!);
    if (!reserve.isClosed()) return;
    exchange.drain();
    throw new DestroyedError(`Cannot free ${handles.length} elements into "${name}"`);
  }

  /** Takes all from their owners, or none. @returns these. */
  #disown(handles: ArrayLike<Handle>): number[] {
    const owners: number[] = [];
    try {
      for (let index = 0; index < handles.length; index++) {
        owners.push(this.#slow.disown(handles[index]!));
      }
    } catch (error) {
      owners.forEach((owner, index) => this.#slow.restoreOwner(handles[index]!, owner));
      throw error;
    }
    return owners;
  }

  /** Gives elements to the reserve as long as they are wanted there. @returns how many were. */
  #refill(handles: ArrayLike<Handle>, owners: readonly number[]): number {
    const { lock, queue } = this.#slow.parts.reserve;
    const { idle, reserve } = this.#slow.parts;
    if (idle !== null) Array.from(handles).forEach((handle) => idle.cover(handle));
    const woken: number[] = [];
    let given = 0;
    lock.acquire();
    for (; given < handles.length; given++) {
      const taker = reserve.give(handles[given]!, owners[given]!);
      if (taker === REFUSED) break;
      if (taker >= 0) woken.push(taker);
    }
    lock.release();
    for (const slot of woken) queue.wake(slot);
    if (given > 0) reserve.tellOthers();
    return given;
  }
}
