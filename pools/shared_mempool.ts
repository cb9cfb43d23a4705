/**
 * A mempool for a service: made in one thread, attached by its workers, tuned by nobody but its options.
 *
 * @example A pool of 4 KiB buffers that several workers share
 * ```ts
 * import { createMempool, PageAllocator } from "mempool-bench/pools";
 *
 * const { pool, shared, detach } = createMempool({
 *   over: new PageAllocator({ pages: 1024 }),
 *   minReserve: 32,
 * });
 * // worker.postMessage(shared), and there: const { pool } = attachMempool(shared);
 * {
 *   using buffer = pool.take();
 *   buffer.bytes.fill(1);
 * } // freed here
 * detach();
 * ```
 *
 * @module
 */
import type { MemorySpec } from "../allocators/arena.ts";
import { attachRegion, createRegion, Layout, nextParticipant } from "../sync/mod.ts";
import {
  attachComposition,
  type Composition,
  createComposition,
  joinComposition,
} from "./composition.ts";
import { type CompositionSpec, planComposition, type PoolSpec } from "./composition_plan.ts";
import type { Mempool } from "./mempool.ts";
import type { PolicySpec } from "./policy.ts";
import type { RecoverOptions, Recovery } from "./recovery.ts";

/** Size of a {@linkcode PageAllocator}. */
export interface PageAllocatorOptions {
  /** Pages at the start. */
  readonly pages: number;
  /** Bytes in a page: 4096 if not given. */
  readonly pageBytes?: number;
  /** Elements are blocks of 2^order pages: 0 if not given. */
  readonly order?: number;
  /** The most pages that growth may reach: `pages` if not given. */
  readonly growTo?: number;
  /** Free pages that callers who may not sleep leave alone (min), and the bounds of shortage. 1/64 of the pages if not given. */
  readonly watermarks?: MemorySpec["watermarks"];
}

/** Array-buffer pages in shared memory, to put a pool over. */
export class PageAllocator {
  /** The memory that it takes. */
  readonly memory: MemorySpec;
  /** Elements are blocks of 2^order pages. */
  readonly order: number;

  /** Describes the memory; it is made with the pool. */
  constructor(options: PageAllocatorOptions) {
    const { pages, pageBytes = 4096, order = 0, growTo = pages } = options;
    const min = Math.floor(pages / 64);
    const { watermarks = { min, low: Math.floor(1.5 * min), high: 2 * min } } = options;
    this.memory = { pages, pageBytes, growTo, watermarks };
    this.order = order;
  }
}

/** What a pool is made of. */
export interface CreateMempoolOptions {
  /** What it stands on. */
  readonly over: PageAllocator;
  /** M, the elements to hold in reserve. */
  readonly minReserve: number;
  /** The largest M that `resize()` may ask for: if not given, as many elements as the memory has. */
  readonly maxReserve?: number;
  /** For messages: "mempool" if not given. */
  readonly name?: string;
  /** A registered policy or one of your own: "five-level" if not given. */
  readonly policy?: PolicySpec;
  /** Whether idle elements are poisoned and checked when taken, which costs two passes over their bytes: no if not given. */
  readonly debug?: boolean;
  /** How many threads may be attached at a time, the creator included: 8 if not given. */
  readonly participants?: number;
}

/** What a worker needs to attach: plain data and a SharedArrayBuffer, for `postMessage`. */
export interface SharedMempool {
  /** The pool's name. */
  readonly name: string;
  /** What was put together. */
  readonly spec: CompositionSpec;
  /** The memory that all threads share. */
  readonly buffer: SharedArrayBuffer;
}

/** One thread's side of a shared pool. */
export interface MempoolSide {
  /** The pool, for this thread alone. */
  readonly pool: Mempool;
  /** For the other threads. */
  readonly shared: SharedMempool;
  /** This thread's number among those who are attached. */
  readonly id: number;
  /**
   * Puts everything right after the thread of a number has died, wherever that was: what it had goes back, whoever waits for it goes on,
   * and its number is free. To be called with the proof that it is dead, such as a lock of `navigator.locks` that it held and that was granted to
   * this one; having called `terminate()` is none. May block for as long as others have locks.
   *
   * @throws {RangeError} where that is the number of no other thread.
   */
  readonly recover: (dead: number, options?: RecoverOptions) => Recovery;
  /** Leaves: gives back what this thread has cached. The pool must not be used after that. */
  readonly detach: () => void;
}

/** Callers of one thread that may stand in the queue on the event loop at once; more wait their turn. */
const ASYNC_SLOTS = 64;

function sideOf(shared: SharedMempool, composition: Composition): MempoolSide {
  composition.participant.listen();
  return {
    pool: composition.pool(shared.name),
    shared,
    id: composition.participant.id,
    recover: composition.recover,
    detach: () => composition.detach(),
  };
}

/**
 * Makes a pool and fills its reserve. The calling thread is its first participant.
 *
 * @throws {RangeError} where the memory or the reserve is not a whole number within bounds.
 * @throws {Error} where the memory cannot fill the reserve.
 */
export function createMempool(options: CreateMempoolOptions): MempoolSide {
  const { over, minReserve, maxReserve, name = "mempool" } = options;
  const { policy = "five-level", participants = 8, debug = false } = options;
  if (!Number.isInteger(minReserve) || minReserve < 0) {
    throw new RangeError(
      `Cannot create mempool "${name}" as minReserve must be an integer >= 0: current value is ${minReserve}`,
    );
  }
  // No pool can have the name of its own allocator.
  const pages = `${name}/pages`;
  const pool: PoolSpec = { over: pages, minReserve, policy };
  const poolSpec = maxReserve === undefined ? pool : { ...pool, maxReserve };
  const spec: CompositionSpec = {
    memory: over.memory,
    allocators: { [pages]: { kind: "page", order: over.order } },
    pools: { [name]: poolSpec },
    participants,
    asyncSlots: ASYNC_SLOTS,
    debug,
  };
  const layout = new Layout();
  const plan = planComposition(layout, spec);
  const region = createRegion(layout, plan.memoryBytes);
  const participant = joinComposition(
    plan,
    region,
    nextParticipant(region, plan.participantsAt, participants),
  );
  const composition = createComposition(plan, region, participant);
  return sideOf({ name, spec, buffer: region.buffer }, composition);
}

/**
 * Attaches another thread to a pool.
 *
 * @throws {RangeError} where as many threads as it was made for are attached.
 */
export function attachMempool(shared: SharedMempool): MempoolSide {
  const layout = new Layout();
  const plan = planComposition(layout, shared.spec);
  const region = attachRegion(layout, shared.buffer);
  const { participants } = shared.spec;
  const id = nextParticipant(region, plan.participantsAt, participants);
  if (id < 0) {
    throw new RangeError(
      `Cannot attach to mempool "${shared.name}" as all ${participants} participants are attached`,
    );
  }
  return sideOf(shared, attachComposition(plan, region, joinComposition(plan, region, id)));
}
