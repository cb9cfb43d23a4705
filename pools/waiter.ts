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
import { ATOMIC, BLOCKING, type Handle, NONE } from "../allocators/allocator.ts";
import { Count } from "../allocators/front.ts";
import { LOOK_AGAIN } from "../sync/mod.ts";
import type { SlowPath } from "./slow_path.ts";

/** The longest uninterrupted sleep, milliseconds: a stopped run is noticed within it. */
const SLEEP_MS = 50;

/** Asks everybody else for what they have cached. */
export type Reclaim = () => void;

/** One caller's wait. */
interface Wait {
  readonly slot: number;
  /** When the allocation entered the slow path, for its latency; 0 where nobody measures. */
  readonly startedMs: number;
  readonly sinceMs: number;
  retryAtMs: number;
}

/** What {@linkcode Waiter} says when the run ended before the caller was served. */
const ENDED = -1;

/** The waiting of one worker in one pool. */
export class Waiter {
  readonly #slow: SlowPath;
  readonly #reclaim: Reclaim;
  readonly #blockingSlot: number;
  readonly #freeSlots: number[] = [];
  readonly #forSlot: ((slot: number) => void)[] = [];

  /** The waiter of a participant that owns `slots` slots from `firstSlot` on: one for its blocking caller, the rest async. */
  constructor(slow: SlowPath, reclaim: Reclaim, firstSlot: number, slots: number) {
    this.#slow = slow;
    this.#reclaim = reclaim;
    this.#blockingSlot = firstSlot;
    for (let slot = firstSlot + 1; slot < firstSlot + slots; slot++) this.#freeSlots.push(slot);
  }

  /** Waits for an element. Blocks. @returns NONE only where the run was stopped. */
  wait(startedMs: number): Handle {
    const { participant, reserve } = this.#slow.parts;
    // A stopped run serves what it can without waiting; who comes after the stop has not waited for anything.
    if (participant.stopped()) return NONE;
    const wait = this.#begin(this.#blockingSlot, startedMs);
    if (typeof wait === "number") return wait;
    for (;;) {
      const handle = this.#look(wait);
      if (handle === ENDED) return NONE;
      if (handle !== NONE) return this.#served(wait, handle);
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
  async waitAsync(startedMs: number, signal: AbortSignal | undefined): Promise<Handle> {
    const slot = this.#freeSlots.pop() ?? await this.#turn(signal);
    const { reserve } = this.#slow.parts;
    const wake = () => reserve.queue.wake(slot);
    signal?.addEventListener("abort", wake);
    try {
      signal?.throwIfAborted();
      const wait = this.#begin(slot, startedMs);
      if (typeof wait === "number") return wait;
      for (;;) {
        if (signal?.aborted) this.#abandon(wait, signal);
        const handle = this.#look(wait);
        if (handle === ENDED) return NONE;
        if (handle !== NONE) return this.#served(wait, handle);
        await reserve.queue.sleepAsync(slot, this.#sleepMs(wait));
      }
    } finally {
      signal?.removeEventListener("abort", wake);
      const next = this.#forSlot.shift();
      if (next === undefined) this.#freeSlots.push(slot);
      else next(slot);
    }
  }

  /** Waits until one of this worker's async slots is handed over, first come first served. */
  async #turn(signal: AbortSignal | undefined): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const leave = () => {
      const place = this.#forSlot.indexOf(resolve);
      if (place < 0) return;
      this.#forSlot.splice(place, 1);
      reject(signal!.reason);
    };
    this.#forSlot.push(resolve);
    signal?.addEventListener("abort", leave);
    try {
      return await promise;
    } finally {
      signal?.removeEventListener("abort", leave);
    }
  }

  /** Queues up and looks once more. @returns an element where there was one after all. */
  #begin(slot: number, startedMs: number): Wait | Handle {
    const slow = this.#slow;
    const found = this.#queueUp(slot);
    if (found !== NONE) return slow.grant(found, slow.level, startedMs);
    this.#reclaim();
    const late = slow.takeBackend(ATOMIC);
    if (late !== NONE) {
      this.#leave(slot);
      return slow.grant(late, 1, startedMs);
    }
    reserve.queue.noteBeginning(slot);
    reserve.queue.noteTry(slot);
    const sinceMs = performance.now();
    return { slot, startedMs, sinceMs, retryAtMs: sinceMs + slow.parts.policy.retryMs };
  }

  /** Queues up, unless there is an element in the reserve after all. */
  #queueUp(slot: number): Handle {
    const slow = this.#slow;
    const { reserve } = slow.parts;
    reserve.lock.acquire();
    try {
      slow.requireOpen();
      if (reserve.current() > 0) return slow.popReserve();
      reserve.enqueue(slot);
      return NONE;
    } finally {
      reserve.lock.release();
    }
  }

  /** What the wait has come to: an element, NONE to sleep on, or ENDED. */
  #look(wait: Wait): number {
    const slow = this.#slow;
    const { participant, policy, reserve, tally } = slow.parts;
    participant.poll();
    if (reserve.isClosed()) {
      this.#leave(wait.slot);
      slow.parts.exchange.drain();
      slow.requireOpen();
    }
    const granted = reserve.queue.granted(wait.slot);
    if (granted > 0) return granted;
    if (granted === LOOK_AGAIN) {
      reserve.queue.acknowledge(wait.slot);
      return this.#tryAgain(wait, 0);
    }
    if (participant.stopped()) {
      tally.add(Count.abandoned, 1);
      this.#leave(wait.slot);
      return ENDED;
    }
    if (performance.now() < wait.retryAtMs) return NONE;
    wait.retryAtMs += policy.retryMs;
    return this.#tryAgain(wait, policy.retryFrom);
  }

  /** The steps once more, in place. */
  #tryAgain(wait: Wait, from: number): Handle {
    const { participant, reserve } = this.#slow.parts;
    const handle = this.#slow.attempt(from, BLOCKING);
    if (handle === NONE) {
      reserve.queue.noteTry(wait.slot);
      return NONE;
    }
    participant.setStuck(false);
    this.#leave(wait.slot);
    return handle;
  }

  /** Leaves the queue; what was handed over meanwhile goes to the next. */
  #leave(slot: number): void {
    const { reserve } = this.#slow.parts;
    reserve.lock.acquire();
    const granted = reserve.leave(slot);
    reserve.lock.release();
    if (granted !== NONE) this.#slow.giveBack(granted);
  }

  #abandon(wait: Wait, signal: AbortSignal): never {
    this.#leave(wait.slot);
    throw signal.reason;
  }

  #served(wait: Wait, handle: Handle): Handle {
    const { participant, reserve, tally } = this.#slow.parts;
    // In this order: who watches sees the grant, or that its waiter is not stuck.
    participant.setStuck(false);
    reserve.queue.accept(wait.slot);
    tally.raise(Count.maxWaitNs, (performance.now() - wait.sinceMs) * 1e6);
    return this.#slow.grant(handle, 5, wait.startedMs);
  }

  #sleepMs(wait: Wait): number {
    return Math.max(0, Math.min(wait.retryAtMs - performance.now(), SLEEP_MS));
  }
}
