/**
 * The mempool: a reserve of elements over any allocator, so that an allocation which may sleep never
 * fails, without making that allocator more complex (Ingo Molnar, Linux 2.5, December 2001).
 *
 * The normal case is the allocator's own fast path: no lock, no shared word of the pool, no Atomics
 * call. Everything else is a slow path that walks the policy's steps.
 *
 * @module
 */
import {
  type Allocator,
  ATOMIC,
  BLOCKING,
  type Context,
  type Handle,
  NONE,
} from "../allocators/allocator.ts";
import { attachTally, blockOf, Count, type FrontPlan, type Tally } from "../allocators/front.ts";
import {
  attachExchange,
  attachMagazine,
  attachMiss,
  type Miss,
  type Source,
} from "../allocators/magazine.ts";
import type { Participant, Region } from "../sync/mod.ts";
import { compilePolicy } from "./compiled_policy.ts";
import { attachDirect, attachUntracked, directExchange } from "./direct.ts";
import { Element } from "./element.ts";
import type { Policy } from "./policy.ts";
import { attachReserve, type Reserve, type ReservePlan } from "./reserve.ts";
import { type Level, type Observer, type Ownership, SlowPath } from "./slow_path.ts";
import { type Reclaim, Waiter } from "./waiter.ts";

/** Options of an allocation on the event loop. */
export interface AllocateAsyncOptions {
  /** Takes the caller out of the queue when it aborts. */
  readonly signal?: AbortSignal;
}

/** What one worker counted in one pool. */
export interface MempoolCounts {
  /** Allocations that were served: the hits over all levels. */
  readonly allocs: number;
  /** Elements freed. */
  readonly frees: number;
  /** Hits at levels 1 to 5, in order. */
  readonly hits: readonly [number, number, number, number, number];
  /** Atomic callers that got nothing. */
  readonly none: number;
  /** Blocking callers that got nothing, under a policy that does not wait. */
  readonly failed: number;
  /** Waiters that got nothing because the run was stopped. */
  readonly abandoned: number;
  /** The longest wait, nanoseconds. */
  readonly maxWaitNs: number;
  /** Served by this worker's magazine. */
  readonly cacheHits: number;
  /** Allocations that the backend served, at whatever level they count. */
  readonly backendAllocs: number;
  /** Elements that went back to the backend. */
  readonly backendFrees: number;
}

/** What all workers together left in the marks of one pool. */
export interface MempoolMarks {
  /** M. */
  readonly min: number;
  /** N. */
  readonly current: number;
  /** Least N. */
  readonly lowWater: number;
  /** Most waiters at once. */
  readonly maxDepth: number;
  /** Bytes in an element. */
  readonly elementBytes: number;
  /** How often the pool's lock was taken, and found held. */
  readonly lock: { readonly acquisitions: number; readonly contended: number };
}

/** What a pool stands on: elements in batches behind a magazine, or an allocator to call. */
export type Below =
  | { readonly source: Source; readonly allocator: null }
  | { readonly source: null; readonly allocator: Allocator };

/** Everything that attaching a mempool needs. */
export interface MempoolParts {
  readonly name: string;
  readonly region: Region;
  readonly participant: Participant;
  readonly policy: Policy;
  readonly front: FrontPlan;
  readonly reserve: ReservePlan;
  readonly slotsPerWorker: number;
  readonly ownership: Ownership;
  readonly below: Below;
  readonly elementBytes: number;
  readonly bytes: (handle: Handle) => Uint8Array;
  readonly reclaim: Reclaim;
}

function readCounts(tally: Tally): MempoolCounts {
  tally.fold();
  const fast = tally.get(Count.fastAllocs);
  const slow = [1, 2, 3, 4, 5].map((level) => tally.get(Count.hits + level));
  const hits: MempoolCounts["hits"] = [fast + slow[0]!, slow[1]!, slow[2]!, slow[3]!, slow[4]!];
  return {
    allocs: hits.reduce((sum, count) => sum + count, 0),
    frees: tally.get(Count.fastFrees) + tally.get(Count.slowFrees),
    hits,
    none: tally.get(Count.none),
    failed: tally.get(Count.failed),
    abandoned: tally.get(Count.abandoned),
    maxWaitNs: tally.get(Count.maxWaitNs),
    cacheHits: fast,
    backendAllocs: fast + tally.get(Count.backendServed),
    backendFrees: tally.get(Count.fastFrees) + tally.get(Count.backendFreed),
  };
}

/** The three ways in: they share the fast path's words and differ in what happens when it fails. */
interface Faces {
  readonly blocking: Allocator;
  readonly backend: Allocator;
  readonly patient: Allocator;
}

function attachSlowPath(parts: MempoolParts): SlowPath {
  const { region, participant, below } = parts;
  const at = blockOf(parts.front, participant.id);
  const policy = compilePolicy(parts.policy);
  return new SlowPath({
    ...parts,
    policy,
    reserve: attachReserve(region, parts.reserve, participant.id),
    exchange: below.allocator === null
      ? attachExchange(region, at, below.source)
      : directExchange(below.allocator),
    tally: attachTally(region, at),
    at,
    firstStep: policy.backendFirst ? 1 : 0,
  });
}

/** Serves an allocation that level 1 did not, or not yet. */
type Serve = (context: Context) => Handle;

function attachFaces(parts: MempoolParts, slow: SlowPath, waiter: Waiter): Faces {
  const { policy } = slow.parts;
  const silently: Serve = (context) => {
    const handle = slow.begin(context);
    return handle === NONE ? NONE : slow.grant(handle, slow.level, slow.startedMs);
  };
  const waiting: Serve = (context) => {
    if (context === ATOMIC || !policy.waits) return slow.allocate(context);
    const handle = silently(BLOCKING);
    return handle !== NONE ? handle : waiter.wait(slow.startedMs);
  };
  return {
    blocking: attachFace(parts, slow, waiting),
    backend: attachFace(parts, slow, (context) => slow.allocate(context)),
    patient: attachFace(parts, slow, silently),
  };
}

function attachFace(parts: MempoolParts, slow: SlowPath, rest: Serve): Allocator {
  const { region, below, ownership } = parts;
  const { at, policy } = slow.parts;
  if (ownership.owners < 0) return attachUntracked(region, at, below.allocator!);
  const place = { at, ...ownership };
  const miss = below.allocator === null ? attachMiss(region, place, slow.parts) : null;
  const behind = behindFastPath(slow, miss, rest);
  const fast = below.allocator === null
    ? attachMagazine(region, place, behind)
    : attachDirect(region, place, below.allocator, behind);
  return policy.backendFirst ? fast : { allocate: behind.allocate, free: fast.free };
}

/** Where the fast path goes when it misses: the rest of level 1 where there is a magazine, then the policy. */
function behindFastPath(slow: SlowPath, miss: Miss | null, rest: Serve): Allocator {
  const straight: Serve = (context) => {
    slow.start();
    return rest(context);
  };
  if (miss === null) return { allocate: straight, free: (handle) => slow.free(handle) };
  const refilling: Serve = (context) => {
    slow.start();
    const handle = miss.allocate(ATOMIC);
    return handle !== NONE ? handle : rest(context);
  };
  return {
    allocate: slow.parts.policy.backendFirst ? refilling : straight,
    free(handle) {
      if (!miss.free(handle)) slow.free(handle);
    },
  };
}

function fillReserve(slow: SlowPath, minReserve: number): void {
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
  readonly #patient: Allocator;

  /** Attaches a worker to a mempool that was planned with the same parts. */
  constructor(parts: MempoolParts) {
    const { participant, slotsPerWorker } = parts;
    const slow = attachSlowPath(parts);
    const waiter = new Waiter(slow, parts.reclaim, participant.id * slotsPerWorker, slotsPerWorker);
    const faces = attachFaces(parts, slow, waiter);
    this.#parts = parts;
    this.#slow = slow;
    this.#waiter = waiter;
    this.#patient = faces.patient;
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
    const handle = this.#patient.allocate(BLOCKING);
    if (handle !== NONE) return handle;
    const { policy, tally } = this.#slow.parts;
    if (policy.waits) return await this.#waiter.waitAsync(this.#slow.startedMs, options.signal);
    tally.add(Count.failed, 1);
    return NONE;
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
      maxDepth: reserve.queue.maxDepth(),
      elementBytes: this.elementBytes,
      lock: { acquisitions: reserve.lock.acquisitions(), contended: reserve.lock.contended() },
    };
  }

  /** Sets this worker's counts to 0. */
  resetCounts(): void {
    this.#slow.parts.tally.reset();
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
}

export type { Level, Observer };
