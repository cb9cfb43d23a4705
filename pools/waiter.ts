/**
 * The last step: waiting for a free, first come first served, blocking or on the event loop.
 *
 * The order that loses no wake-up, told with B who waits and A who frees:
 *
 * 1. B, under the lock, finds N = 0, queues up and poisons every limit. From here on A's frees take the slow
 *    path, find B, and hand over. (A free that came before is in the reserve: B has just looked.)
 * 2. B asks everybody for what they have cached, then tries the back end once more: an element that A
 *    put there between B's last attempt and the poison is found now, without sleeping.
 * 3. B sleeps while its grant word holds 0. A hand-over or a "look again" changes it before it notifies.
 * 4. What A cached in the instant of the poison comes with A's answer to 2., which ends in "look again".
 * 5. Whatever else happens, B wakes by itself after `retryMs`, keeps its place, and goes on from the policy's
 *    `retryFrom`.
 *
 * @module
 */
import { BLOCKING, type Handle, NONE } from "../allocators/allocator.ts";
import { Count } from "../allocators/front.ts";
import { LOOK_AGAIN } from "../sync/mod.ts";
import { AsyncSlots } from "./async_slots.ts";
import { Bulk } from "./bulk.ts";
import { RefusedError } from "./refused_error.ts";
import type { SlowPath } from "./slow_path.ts";

/** The longest uninterrupted sleep, milliseconds: a stopped run is noticed within it. */
const SLEEP_MS = 50;

/** Asks everybody else for what they have cached. */
export type Reclaim = () => void;

/** One caller's wait. */
interface Wait {
  readonly slot: number;
  readonly bulk: Bulk;
  /** When the allocation entered the slow path, for its latency; 0 where nobody measures. */
  readonly startedMs: number;
  readonly sinceMs: number;
  retryAtMs: number;
}

/** What a wait has come to: ended with the run, to go on, or served. */
const ENDED = -1;
const WAITING = 0;
const SERVED = 1;

/** The waiting of one worker in one pool. */
export class Waiter {
  readonly #slow: SlowPath;
  readonly #reclaim: Reclaim;
  readonly #blockingSlot: number;
  readonly #slots: AsyncSlots;

  /** The waiter of a participant that owns `slots` slots from `firstSlot` on: one for its blocking caller, the rest async. */
  constructor(slow: SlowPath, reclaim: Reclaim, firstSlot: number, slots: number) {
    this.#slow = slow;
    this.#reclaim = reclaim;
    this.#blockingSlot = firstSlot;
    this.#slots = new AsyncSlots(firstSlot + 1, firstSlot + slots - 1);
  }

  /** Waits for one element. Blocks. @returns NONE only where the run was stopped. */
  waitForOne(startedMs: number): Handle {
    const bulk = new Bulk(new Int32Array(1));
    this.wait(startedMs, bulk);
    return bulk.handles[0]!;
  }

  /** The same on the event loop. */
  async waitForOneAsync(startedMs: number, signal: AbortSignal | undefined): Promise<Handle> {
    const bulk = new Bulk(new Int32Array(1));
    await this.waitAsync(startedMs, signal, bulk);
    return bulk.handles[0]!;
  }

  /**
   * Waits for what a bulk lacks. Blocks. @returns false, with nothing taken, only where the run was stopped.
   *
   * @throws {RefusedError} where the wait could be in vain.
   */
  wait(startedMs: number, bulk: Bulk): boolean {
    const { participant, reserve } = this.#slow.parts;
    // A stopped run serves what it can without waiting; who comes after the stop has not waited for anything.
    if (participant.stopped()) {
      bulk.giveBack(this.#slow);
      return false;
    }
    const wait = this.#begin(this.#blockingSlot, startedMs, bulk);
    if (wait === null) return true;
    for (;;) {
      const state = this.#look(wait);
      if (state !== WAITING) return state === SERVED && this.#grant(wait);
      const dueInMs = participant.whileWaiting();
      const sleepMs = Math.min(this.#sleepMs(wait), dueInMs);
      participant.park(() => {
        // Parked: whatever it was asked for is answered.
        participant.setStuck(dueInMs === Infinity);
        return reserve.queue.sleep(wait.slot, sleepMs);
      });
    }
  }

  /**
   * The same on the event loop.
   *
   * @throws the signal's reason where it aborts first; no element is lost by that.
   */
  async waitAsync(
    startedMs: number,
    signal: AbortSignal | undefined,
    bulk: Bulk,
  ): Promise<boolean> {
    const slot = this.#slots.take() ?? await this.#turn(bulk, signal);
    const { reserve } = this.#slow.parts;
    const wake = () => reserve.queue.wake(slot);
    signal?.addEventListener("abort", wake);
    try {
      signal?.throwIfAborted();
      const wait = this.#begin(slot, startedMs, bulk);
      if (wait === null) return true;
      for (;;) {
        if (signal?.aborted) this.#abandon(wait, signal);
        const state = this.#look(wait);
        if (state !== WAITING) return state === SERVED && this.#grant(wait);
        await reserve.queue.sleepAsync(slot, this.#sleepMs(wait));
      }
    } finally {
      signal?.removeEventListener("abort", wake);
      this.#slots.release(slot);
    }
  }

  /** Waits for a place in the queue. Nobody waits with something in hand, not even for that. */
  #turn(bulk: Bulk, signal: AbortSignal | undefined): Promise<number> {
    bulk.giveBack(this.#slow);
    return this.#slots.turn(signal);
  }

  /** Queues up and looks once more. @returns null where everything was there after all. */
  #begin(slot: number, startedMs: number, bulk: Bulk): Wait | null {
    const slow = this.#slow;
    if (this.#queueUp(slot, bulk)) return this.#grantFound(bulk, startedMs);
    this.#reclaim();
    this.#collect(slot, bulk, () => bulk.collectAtHand(slow));
    if (bulk.isComplete) {
      this.#leave(slot);
      return this.#grantFound(bulk, startedMs);
    }
    bulk.giveBack(slow);
    slow.parts.reserve.queue.noteBeginning(slot);
    slow.parts.reserve.queue.noteTry(slot);
    const sinceMs = performance.now();
    return { slot, bulk, startedMs, sinceMs, retryAtMs: sinceMs + slow.parts.policy.retryMs };
  }

  /** Has one who stands in the queue collect something; where the back end throws, he leaves, and nothing is lost. */
  #collect(slot: number, bulk: Bulk, collect: () => void): void {
    try {
      collect();
    } catch (error) {
      this.#slow.parts.participant.setStuck(false);
      this.#leave(slot);
      bulk.giveBack(this.#slow);
      throw error;
    }
  }

  #grantFound(bulk: Bulk, startedMs: number): null {
    bulk.grant(this.#slow, startedMs);
    return null;
  }

  /** Queues up, unless the reserve has enough. @returns whether it had, and the bulk has it now. */
  #queueUp(slot: number, bulk: Bulk): boolean {
    const slow = this.#slow;
    const { reserve } = slow.parts;
    reserve.lock.acquire();
    bulk.collectReserve(slow);
    const inVain = reserve.isClosed() || bulk.size > reserve.mostWaitedFor();
    if (!bulk.isComplete && !inVain) reserve.enqueue(slot, bulk.size);
    reserve.lock.release();
    if (bulk.isComplete || !inVain) return bulk.isComplete;
    if (reserve.isClosed()) this.#leaveDestroyed(bulk);
    return this.#refuse(bulk);
  }

  /** What the wait has come to. */
  #look(wait: Wait): number {
    const slow = this.#slow;
    const { participant, policy, reserve, tally } = slow.parts;
    const { slot } = wait;
    participant.poll();
    this.#leaveIfDestroyed(wait);
    if (this.#accept(wait)) return SERVED;
    if (reserve.queue.granted(slot) === LOOK_AGAIN) {
      reserve.queue.acknowledge(slot);
      // Once more: it may have been told of just that, since it looked.
      this.#leaveIfDestroyed(wait);
      return this.#tryAgain(wait, 0);
    }
    if (participant.stopped()) {
      tally.add(Count.abandoned, 1);
      this.#leave(slot);
      return ENDED;
    }
    if (performance.now() < wait.retryAtMs) return WAITING;
    wait.retryAtMs += policy.retryMs;
    return this.#tryAgain(wait, policy.retryFrom);
  }

  /** Takes what was handed over, once it is enough. */
  #accept({ slot, bulk }: Wait): boolean {
    const { queue } = this.#slow.parts.reserve;
    const last = queue.granted(slot);
    if (last <= 0) return false;
    bulk.accept(this.#slow, last);
    return true;
  }

  /** The steps once more, in place, for what is missing. What is not enough goes to who has waited longest. */
  #tryAgain(wait: Wait, from: number): number {
    const slow = this.#slow;
    const { participant, reserve } = slow.parts;
    const { slot, bulk } = wait;
    const missing = reserve.queue.missing(slot);
    this.#collect(slot, bulk, () => bulk.collect(slow, from, BLOCKING, missing));
    if (bulk.isComplete) {
      participant.setStuck(false);
      this.#leave(slot);
      return SERVED;
    }
    bulk.giveBack(slow);
    if (this.#accept(wait)) return SERVED;
    reserve.queue.noteTry(slot);
    if (bulk.size <= reserve.mostWaitedFor()) return WAITING;
    // M has shrunk meanwhile.
    participant.setStuck(false);
    this.#leave(slot);
    return this.#refuse(bulk);
  }

  /** Leaves the queue; what was handed over meanwhile goes to the next. */
  #leave(slot: number): void {
    const slow = this.#slow;
    const { reserve } = slow.parts;
    reserve.lock.acquire();
    let handle = reserve.leave(slot);
    reserve.lock.release();
    while (handle !== NONE) {
      const before = reserve.queue.before(handle);
      slow.giveBack(handle);
      handle = before;
    }
  }

  #abandon(wait: Wait, signal: AbortSignal): never {
    this.#leave(wait.slot);
    throw signal.reason;
  }

  /** Refuses a bulk for which the frees to come might never be enough. */
  #refuse(bulk: Bulk): never {
    const { name, reserve, tally } = this.#slow.parts;
    bulk.giveBack(this.#slow);
    tally.add(Count.failed, 1);
    throw new RefusedError(name, bulk.size, reserve.mostWaitedFor());
  }

  #leaveIfDestroyed({ slot, bulk }: Wait): void {
    if (!this.#slow.parts.reserve.isClosed()) return;
    this.#leave(slot);
    this.#leaveDestroyed(bulk);
  }

  #leaveDestroyed(bulk: Bulk): void {
    const slow = this.#slow;
    bulk.giveBack(slow);
    slow.parts.exchange.drain();
    slow.requireOpen();
  }

  #grant({ slot, bulk, startedMs, sinceMs }: Wait): true {
    const { participant, reserve, tally } = this.#slow.parts;
    // In this order: who watches sees the grant, or that its waiter is not stuck.
    participant.setStuck(false);
    reserve.queue.accept(slot);
    tally.raise(Count.maxWaitNs, (performance.now() - sinceMs) * 1e6);
    bulk.grant(this.#slow, startedMs, 5);
    return true;
  }

  #sleepMs(wait: Wait): number {
    return Math.max(0, Math.min(wait.retryAtMs - performance.now(), SLEEP_MS));
  }
}
