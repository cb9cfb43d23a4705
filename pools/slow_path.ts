/**
 * What a mempool does when its fast path cannot: the steps of its policy, and frees that are wanted by
 * the reserve. The mechanism of each step is here; their order is the policy's.
 *
 * @module
 */
import { ATOMIC, BLOCKING, type Context, type Handle, NONE } from "../allocators/allocator.ts";
import { Count, LIMIT, type Tally } from "../allocators/front.ts";
import type { Exchange } from "../allocators/magazine.ts";
import { carriedTag, FRONT_SHIFT, misuse } from "../allocators/owner_table.ts";
import type { Participant } from "../sync/mod.ts";
import { DestroyedError } from "./destroyed_error.ts";
import { type CompiledStep, Op } from "./compiled_policy.ts";
import type { IdlePoison } from "./idle_poison.ts";
import { REFUSED } from "./reserve.ts";
import type { Level, Observer, SlowPathParts } from "./slow_path_parts.ts";

/** The slow path of one worker into one pool. */
export class SlowPath {
  /** The level at which the last successful attempt was served. */
  level: Level = 1;
  /** When this allocation's time began, milliseconds; 0 where nobody measures. */
  startedMs = 0;
  #observer: Observer | null = null;
  #eager = false;
  readonly #parts: SlowPathParts;
  // A refill is every 128th allocation or so: what it touches stands here, one load away.
  readonly #words: Int32Array;
  readonly #participant: Participant;
  readonly #exchange: Exchange;
  readonly #tally: Tally;
  readonly #steps: readonly CompiledStep[];
  readonly #idle: IdlePoison | null;
  readonly #owners: number;
  readonly #tag: number;
  readonly #carried: number;

  /** A slow path over its parts. */
  constructor(parts: SlowPathParts) {
    this.#parts = parts;
    this.#words = parts.region.words;
    this.#participant = parts.participant;
    this.#exchange = parts.exchange;
    this.#tally = parts.tally;
    this.#steps = parts.policy.steps;
    this.#idle = parts.idle;
    this.#owners = parts.ownership.owners;
    this.#tag = parts.ownership.tag;
    this.#carried = carriedTag(this.#tag);
  }

  /** What it stands on. */
  get parts(): SlowPathParts {
    return this.#parts;
  }

  /**
   * Sends latencies of levels 2 to 5 to an observer until it is taken away (null). Eager: the clock is read at each
   * entry; else only once the atomic attempt has failed, so that refills of a magazine go untimed.
   */
  observe(observer: Observer | null, eager: boolean): void {
    this.#observer = observer;
    this.#eager = eager && observer !== null;
  }

  /**
   * Starts an allocation, and its clock where somebody measures eagerly.
   *
   * @throws {DestroyedError} where the pool is no more.
   */
  start(): void {
    this.requireOpen();
    this.startedMs = this.#eager ? performance.now() : 0;
  }

  /** @throws {DestroyedError} where the pool is no more. */
  requireOpen(): void {
    const { name, reserve } = this.#parts;
    if (reserve.isClosed()) throw new DestroyedError(`Cannot use mempool "${name}"`);
  }

  /** Walks the steps but for the wait, from the first. @returns the element, with {@linkcode level} set, or NONE. */
  begin(context: Context): Handle {
    this.requireOpen();
    this.enter();
    return this.attempt(this.#parts.firstStep, context);
  }

  /** Answers requests, brings counts up to date. */
  enter(): void {
    this.#participant.poll();
    this.#tally.fold();
  }

  /** The steps from `from` on, but for the wait. @returns the element, with {@linkcode level} set, or NONE. */
  attempt(from: number, context: Context): Handle {
    const steps = this.#steps;
    for (let index = from; index < steps.length; index++) {
      const handle = this.take(index, context);
      if (handle !== NONE) return handle;
    }
    return NONE;
  }

  /** One step. @returns the element, with {@linkcode level} set, or NONE. */
  take(index: number, context: Context): Handle {
    this.#startClock(index);
    return this.#step(this.#steps[index]!, context);
  }

  /** Starts the clock, where somebody measures and it does not run yet, once the atomic attempt has failed. */
  #startClock(index: number): void {
    if (index > 0 && this.startedMs === 0 && this.#observer !== null) {
      this.startedMs = performance.now();
    }
  }

  #step(step: CompiledStep, context: Context): Handle {
    if (step.op === Op.reserve) return this.#takeReserve(step, context);
    if (step.op === Op.backendBlocking && context === ATOMIC) return NONE;
    return this.takeBackend(step.op === Op.backendAtomic ? ATOMIC : BLOCKING);
  }

  /** One call of the back end. The element is carried, as is what the reserve gives; or it stands as the allocator below knows it. */
  takeBackend(context: Context): Handle {
    const handle = this.#exchange.take(context);
    if (handle !== NONE) {
      this.level = context === ATOMIC ? 1 : 3;
      this.#tally.add(Count.backendServed, 1);
    }
    return handle;
  }

  /** Takes from the reserve where the step admits it. Without the lock where a look, perhaps stale, says that it does not. */
  #takeReserve(step: CompiledStep, context: Context): Handle {
    if (!this.#admits(step, context)) return NONE;
    const { lock } = this.#parts.reserve;
    lock.acquire();
    const handle = this.#admits(step, context) ? this.popReserve() : NONE;
    lock.release();
    return handle;
  }

  /** Whether a step lets a caller take, and go on until he has `count` elements: an atomic one at any fill. */
  #admits(step: CompiledStep, context: Context, count = 1): boolean {
    const { reserve } = this.#parts;
    const atLast = reserve.current() - count + 1;
    return atLast > 0 && (context === ATOMIC || step.admits(atLast, reserve.min()));
  }

  /** Whether a step is one of the reserve. */
  takesReserve(index: number): boolean {
    return this.#steps[index]!.op === Op.reserve;
  }

  /** A step of the reserve for `count` elements, all or none: where it admits them, has them collected under one lock. */
  takeWhole(index: number, context: Context, count: number, collect: () => void): void {
    this.#startClock(index);
    const step = this.#steps[index]!;
    if (!this.#admits(step, context, count)) return;
    const { lock } = this.#parts.reserve;
    lock.acquire();
    if (this.#admits(step, context, count)) collect();
    lock.release();
  }

  /** Takes what came last into the reserve. Under its lock, with N > 0. @returns NONE where another pool was faster. */
  popReserve(): Handle {
    const { reserve } = this.#parts;
    this.level = 2 * reserve.current() >= reserve.min() ? 2 : 4;
    return reserve.pop();
  }

  /**
   * Makes an element its caller's: owner, count, latency since `startedMs`.
   *
   * @throws {CorruptionError} where somebody wrote to it while it was idle; it went back.
   */
  grant(handle: Handle, level: Level, startedMs: number): Handle {
    if (this.#idle !== null) this.#lookAt(handle, this.#idle);
    if (this.#owners >= 0) this.#words[this.#owners + handle] = this.#tag;
    this.#tally.add(Count.hits + level, 1);
    if (level > 1 && this.#observer !== null && startedMs > 0) {
      this.#observer.record(level, (performance.now() - startedMs) * 1e6);
    }
    return handle;
  }

  #lookAt(handle: Handle, idle: IdlePoison): void {
    try {
      idle.check(handle);
    } catch (error) {
      this.giveBack(handle);
      throw error;
    }
  }

  /** An allocation without waiting, counted where it gets nothing. */
  allocate(context: Context): Handle {
    const handle = this.begin(context);
    if (handle !== NONE) return this.grant(handle, this.level, this.startedMs);
    this.#tally.add(context === ATOMIC ? Count.none : Count.failed, 1);
    return NONE;
  }

  /**
   * A free that the fast path did not take.
   *
   * @throws {MisuseError} where the handle is not out.
   * @throws {DestroyedError} where the pool is no more; the element went back to the back end.
   */
  free(handle: Handle): void {
    this.enter();
    const owner = this.disown(handle);
    this.#tally.add(Count.slowFrees, 1);
    if (this.#parts.reserve.isClosed()) return this.#freeTooLate(handle);
    // Not poisoned: the magazine was full, the reserve is not concerned, and no lock is taken.
    if (this.isPoisoned()) this.giveBack(handle, owner);
    else this.toBackend(handle);
  }

  /** Whether frees are wanted by the reserve. A plain read, as on the fast path, and as early or late as there. */
  isPoisoned(): boolean {
    return this.#words[this.#parts.at + LIMIT] === 0;
  }

  #freeTooLate(handle: Handle): never {
    this.toBackend(handle);
    this.#exchange.drain();
    throw new DestroyedError(`Cannot free element ${handle} into "${this.#parts.name}"`);
  }

  /** The tag of an element that is out. @throws {MisuseError} where the handle is not. */
  #ownerOf(handle: Handle): number {
    const words = this.#words;
    const { capacity } = this.#parts.ownership;
    const owner = handle >= 1 && handle <= capacity ? words[this.#owners + handle] ?? 0 : 0;
    if (owner >> FRONT_SHIFT !== this.#tag >> FRONT_SHIFT) {
      throw misuse(words, this.#owners, capacity, handle, this.#parts.name);
    }
    return owner;
  }

  /**
   * Takes an element from its owner, to be carried.
   *
   * @returns its owner's tag.
   * @throws {MisuseError} where the handle is not out.
   */
  disown(handle: Handle): number {
    if (this.#owners < 0) return 0;
    const owner = this.#ownerOf(handle);
    this.#words[this.#owners + handle] = this.#carried;
    return owner;
  }

  /** Takes an element from a worker that has died, where that still has it under this tag, to be carried. @returns whether it had. */
  takeFrom(handle: Handle, tag: number): boolean {
    return Atomics.compareExchange(this.#words, this.#owners + handle, tag, this.#carried) === tag;
  }

  /** Undoes that. */
  restoreOwner(handle: Handle, owner: number): void {
    if (this.#owners >= 0) this.#words[this.#owners + handle] = owner;
  }

  /** Notes that this worker has an element on its way from one place to another. */
  carry(handle: Handle): void {
    if (this.#owners >= 0) this.#words[this.#owners + handle] = this.#carried;
  }

  /**
   * Makes an element that is out this worker's own, whoever allocated it.
   *
   * @throws {MisuseError} where the handle is not out.
   */
  adopt(handle: Handle): void {
    if (this.#owners < 0) return;
    this.#ownerOf(handle);
    // One store: who has it as a part of another element still has it.
    this.#words[this.#owners + handle] = this.#tag;
  }

  /** Gives an element that nobody owns, and `owner` had last, to a waiter, to the reserve, or to the back end. */
  giveBack(handle: Handle, owner: number = this.#tag): void {
    this.#idle?.cover(handle);
    const { reserve } = this.#parts;
    reserve.lock.acquire();
    const taker = reserve.give(handle, owner);
    reserve.lock.release();
    if (taker >= 0) reserve.queue.wake(taker);
    else if (taker === REFUSED) this.toBackend(handle);
    else reserve.tellOthers();
  }

  /** Takes an element for the reserve, by a blocking call of the back end. @returns NONE where that fails. */
  takeIdle(): Handle {
    const handle = this.takeBackend(BLOCKING);
    if (handle !== NONE) this.#idle?.cover(handle);
    return handle;
  }

  /** Gives an element that nobody owns to the back end, which takes the tag away. */
  toBackend(handle: Handle): void {
    this.#idle?.uncover(handle);
    const { tagBelow } = this.#parts.ownership;
    if (tagBelow !== 0) this.#words[this.#owners + handle] = tagBelow;
    this.#tally.add(Count.backendFreed, 1);
    this.#exchange.put(handle);
  }
}
