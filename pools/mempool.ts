/**
 * The mempool: a reserve of elements over any allocator, so that an allocation which may sleep never
 * fails, without making that allocator more complex (Ingo Molnar, Linux 2.5, December 2001).
 *
 * The normal case is the allocator's own fast path: no lock, no shared word of the pool, no Atomics
 * call. Everything else is a slow path that walks the policy's steps.
 *
 * @module
 */
import type { TakeBulk } from "../allocators/all_or_none.ts";
import {
  type Allocator,
  BLOCKING,
  type Context,
  type Handle,
  NONE,
} from "../allocators/allocator.ts";
import { Count } from "../allocators/front.ts";
import { BulkPath } from "./bulk_path.ts";
import { Element } from "./element.ts";
import { attachFaces, attachSlowPath, type Faces, shut, tellAbove } from "./faces.ts";
import { destroyPool } from "./destruction.ts";
import { adaptReserve, fillReserve, resizeReserve } from "./filling.ts";
import { type MempoolCounts, type MempoolMarks, readCounts } from "./mempool_counts.ts";
import type { MempoolParts } from "./mempool_parts.ts";
import { type PoolRecovery, Recoverer } from "./pool_recovery.ts";
import type { Reserve } from "./reserve.ts";
import type { SlowPath } from "./slow_path.ts";
import type { Level, Observer } from "./slow_path_parts.ts";
import { countsOfAll, LevelLatencies, type MempoolStats } from "./stats.ts";
import { Waiter } from "./waiter.ts";

/** Options of an allocation on the event loop. */
export interface AllocateAsyncOptions {
  /** Takes the caller out of the queue when it aborts. */
  readonly signal?: AbortSignal;
}

/** Options of {@linkcode Mempool.destroy}. */
export interface DestroyOptions {
  /** Whether to go on though elements are out: whoever frees one later is told so, and it goes back then. */
  readonly force?: boolean;
}

/** The time on the clock that all workers share, milliseconds. */
function sharedNowMs(): number {
  return performance.timeOrigin + performance.now();
}

/** One worker's view of a mempool. Only that worker may call it. */
export class Mempool implements Allocator {
  // The two that count nanoseconds are plain data properties, assigned once: declared only, since a field
  // definition would be emitted as a second write, and an accessor on the object itself would cost 1.3 times.
  /**
   * Takes an element. With BLOCKING (the default) it may reclaim and wait, and never fails under a policy
   * that waits; with ATOMIC it never sleeps and may return NONE.
   */
  declare readonly allocate: (context?: Context) => Handle;
  /**
   * Frees an element, whichever worker allocated it: wait-free in the normal case; never waits for an element.
   *
   * @throws {MisuseError} where the handle is not out.
   */
  declare readonly free: (handle: Handle) => void;
  /** The pool as an allocator for another pool: every step but the wait. */
  declare readonly backend: Allocator;
  /** The shared reserve, for its marks and its invariants. */
  declare readonly reserve: Reserve;
  readonly #parts: MempoolParts;
  readonly #slow: SlowPath;
  readonly #waiter: Waiter;
  readonly #faces: Faces;
  readonly #bulk: BulkPath;
  #latencies: LevelLatencies | null = null;

  /** Attaches a worker to a mempool that was planned with the same parts. */
  constructor(parts: MempoolParts) {
    const { participant, slotsPerWorker } = parts;
    const slow = attachSlowPath(parts);
    const waiter = new Waiter(slow, parts.reclaim, participant.id * slotsPerWorker, slotsPerWorker);
    const faces = attachFaces(parts, slow, waiter);
    this.#parts = parts;
    this.#slow = slow;
    this.#waiter = waiter;
    this.#faces = faces;
    this.#bulk = new BulkPath(slow, waiter, faces.atHand);
    participant.onDrain(() => this.#noticeEnd());
    // The fast path never looks at the context, so leaving it out costs nothing.
    this.allocate = faces.blocking.allocate as (context?: Context) => Handle;
    this.free = faces.blocking.free;
    this.backend = faces.backend;
    this.reserve = slow.parts.reserve;
  }

  /** The pool's name, for messages. */
  get name(): string {
    return this.#parts.name;
  }

  /** M, the elements that the reserve is meant to hold. */
  get minReserve(): number {
    return this.reserve.min();
  }

  /** N, the elements that the reserve holds now. */
  get currentReserve(): number {
    return this.reserve.current();
  }

  /** Bytes in an element. */
  get elementBytes(): number {
    return this.#parts.elementBytes;
  }

  /**
   * Takes an element on the event loop, waiting there where need be.
   *
   * @throws the signal's reason where it aborts first.
   */
  async allocateAsync(options: AllocateAsyncOptions = {}): Promise<Handle> {
    options.signal?.throwIfAborted();
    const handle = this.#faces.patient.allocate(BLOCKING);
    if (handle !== NONE) return handle;
    const { policy, tally } = this.#slow.parts;
    const { startedMs } = this.#slow;
    if (policy.waits) return await this.#waiter.waitForOneAsync(startedMs, options.signal);
    tally.add(Count.failed, 1);
    return NONE;
  }

  /**
   * Fills an array with elements, all or nothing, each counted at the level that served it. With BLOCKING (the default) it may
   * reclaim and wait, in one place of the queue for all of them; with ATOMIC it never sleeps.
   *
   * @returns false, with the array full of NONE, where there are not enough: for atomic callers, and under a policy
   * that does not wait.
   * @throws {RefusedError} for a blocking caller where they are more than the reserve's M and the backend does not have what is missing:
   * waiting could be in vain.
   */
  allocateBulk(into: Int32Array, context: Context = BLOCKING): boolean {
    return this.#bulk.allocate(into, context);
  }

  /**
   * The same on the event loop, waiting there where need be. The array is the pool's until then.
   *
   * @throws the signal's reason where it aborts first; nothing is lost by that.
   */
  async allocateBulkAsync(
    into: Int32Array,
    options: AllocateAsyncOptions = {},
  ): Promise<boolean> {
    return await this.#bulk.allocateAsync(into, options.signal);
  }

  /**
   * The pool as a source of bulks for elements that are put together of its own: a way to fill an array, again and again, by every
   * step but the wait. All or none: what is not to be had whole, also more than M, is none, and never an error.
   */
  backendBulk(into: Int32Array): TakeBulk {
    return this.#bulk.beneath(into);
  }

  /**
   * Frees elements, whichever worker allocated them: those who wait and the reserve are served first, the rest goes to the
   * backend.
   *
   * @throws {MisuseError} where one of them is not out; then none was freed.
   */
  freeBulk(handles: ArrayLike<Handle>): void {
    this.#bulk.free(handles);
    tellAbove(this.#parts, this.#slow, handles.length);
  }

  /**
   * Takes an element for a block: `using element = pool.take()`. Blocks as {@linkcode allocate} does.
   *
   * @throws {Error} where there is none, under a policy that does not wait.
   */
  take(): Element {
    const handle = this.allocate(BLOCKING);
    if (handle === NONE) throw new Error(`Cannot take an element as "${this.name}" has none left`);
    return new Element(this, handle);
  }

  /** The bytes of an element. A fresh view at each call: keep it. */
  bytes(handle: Handle): Uint8Array {
    return this.#parts.bytes(handle);
  }

  /**
   * Sends latencies of levels 2 to 5 to an observer until it is taken away (null). Eager: timed from the entry of the
   * slow path; else from the moment at which the atomic attempt has failed, which leaves refills of a magazine untimed.
   */
  observe(observer: Observer | null, eager = true): void {
    this.#slow.observe(observer, eager);
  }

  /** What this worker counted since the last reset. */
  counts(): MempoolCounts {
    return readCounts(this.#slow.parts.tally);
  }

  /** Collects the latencies of levels 2 to 5 in this thread from here on, for {@linkcode stats}; it has no other observer then. */
  observeLatencies(): void {
    this.#latencies = new LevelLatencies();
    this.observe(this.#latencies, false);
  }

  /** The pool in numbers, over all participants, for a service to print. Any thread may ask at any time. */
  stats(): MempoolStats {
    return {
      counts: countsOfAll(this.#parts),
      marks: this.marks(),
      waiting: this.reserve.queue.count(),
      latencyNs: this.#latencies?.summarize() ?? null,
    };
  }

  /** Whether this pool has a magazine of its own, rather than calling the allocator below. */
  get hasMagazine(): boolean {
    return this.#parts.below.allocator === null;
  }

  /** The marks that all workers share. Exact while nobody allocates or frees. */
  marks(): MempoolMarks {
    const { reserve } = this;
    return {
      min: reserve.min(),
      current: reserve.current(),
      lowWater: reserve.lowWater(),
      peakMin: reserve.peakMin(),
      maxDepth: reserve.queue.maxDepth(),
      elementBytes: this.elementBytes,
      lock: { acquisitions: reserve.lock.acquisitions(), contended: reserve.lock.contended() },
    };
  }

  /** Sets this worker's counts to 0. */
  resetCounts(): void {
    this.#slow.parts.tally.reset();
  }

  /**
   * Makes an element that another worker allocated and handed over this worker's own, so that it does not go back should the other one
   * die. A load and a store; wait-free.
   *
   * @throws {MisuseError} where the handle is not out.
   */
  adopt(handle: Handle): void {
    this.#slow.adopt(handle);
  }

  /** What puts the pool right after a worker has died. */
  get recovery(): PoolRecovery {
    return new Recoverer(this.#parts, this.#slow);
  }

  /** Gives what this worker has cached back to the backend. @returns how many elements. */
  drain(): number {
    return this.#slow.parts.exchange.drain();
  }

  /**
   * Fills the reserve with `minReserve` elements by as many blocking calls of the backend. Once, before anybody
   * else attaches.
   *
   * @throws {Error} naming the pool and the call that failed; the elements taken so far are back.
   */
  fill(minReserve: number): void {
    fillReserve(this.#slow, minReserve);
  }

  /**
   * Sets M while the pool is in use. Fewer: what the reserve holds beyond that goes back to the backend. More: they are
   * fetched from there; where it has no more, frees fill the reserve by and by. Elements that are out are not disturbed.
   * Any worker may call it; it may reclaim, and does not wait for elements.
   *
   * @returns whether the reserve holds M now.
   * @throws {RangeError} where M is not an integer from 0 to the `maxReserve` that the pool was planned with.
   */
  resize(minReserve: number): boolean {
    return resizeReserve(this.#slow, minReserve);
  }

  /**
   * Gives back what the reserve has been too large by, under a policy that adapts; else nothing. Growing needs no call, giving back
   * does, since nobody comes by a pool that is idle: by whoever has time, now and then, such as a timer of the service, four
   * times a second or so. Any worker may call it, several too: one of them ends a window. It calls the backend's free, and
   * does not wait.
   *
   * @param nowMs The time in milliseconds, of a clock that all workers share.
   * @returns how many elements went back.
   */
  adapt(nowMs: number = sharedNowMs()): number {
    return adaptReserve(this.#slow, nowMs);
  }

  /**
   * Ends the pool, for all workers: the N elements of the reserve go back to the backend, those who wait are told, and any
   * call that takes, frees or resizes is an error from here on; counts and marks can still be read. A second call does nothing.
   * To be called when nobody uses the pool: a worker that runs meanwhile may be served from its magazine a little longer.
   *
   * @throws {Error} where elements are out, saying how many and with whom, unless forced.
   */
  destroy(options: DestroyOptions = {}): void {
    destroyPool(this.#parts, this.#slow, options.force === true);
    this.#noticeEnd();
  }

  /** Shuts the ways in, where there is no pool any more: the fast path over a direct allocator would not find out. */
  #noticeEnd(): void {
    if (!this.reserve.isClosed()) return;
    for (const face of Object.values(this.#faces)) shut(face, this.#slow);
    const { allocate, free } = this.#faces.blocking;
    Object.assign(this, { allocate, free });
  }
}

export type { Level, MempoolCounts, MempoolMarks, MempoolParts, MempoolStats, Observer };
