/**
 * What threads do to a pool: the rows of which programs are made.
 *
 * @module
 */
import type { Composition } from "../pools/composition.ts";
import type { Mempool } from "../pools/mempool.ts";
import type { Thread } from "./program.ts";
import type { Subject } from "./subject.ts";
import type { World } from "./world.ts";

/** One thread at work. */
export interface Worker {
  readonly thread: Thread;
  readonly world: World;
  readonly subject: Subject;
  readonly composition: Composition;
  readonly pool: Mempool;
  /** What it has. */
  readonly held: number[];
}

/** One kind of thing to do. */
export interface Operation {
  /** Elements to begin with. */
  readonly held: number;
  /** Elements that it takes at once: 1 if not given. */
  readonly atOnce?: number;
  readonly isAsync?: true;
  /** Whether the reserve is one short beforehand. */
  readonly isShort?: true;
  /** Whether it may be aborted from outside. */
  readonly isAborted?: true;
  /** Whether M is smaller after it. */
  readonly lowers?: true;
  /** Whether it goes past the pool. */
  readonly isRaw?: true;
  /** Whether there is a cache of pages that competes for the memory. */
  readonly hasCache?: true;
  run(worker: Worker): void | Promise<void>;
}

function took({ thread, world, held }: Worker, ...handles: readonly number[]): void {
  for (const handle of handles) {
    if (handle === 0) continue;
    thread.once(() => world.issued(handle, thread.id));
    held.push(handle);
  }
}

function freeAll({ thread, world, pool, held }: Worker): void {
  for (let handle = held.shift(); handle !== undefined; handle = held.shift()) {
    thread.once(() => world.freed(handle!));
    pool.free(handle);
  }
}

function freeBulk({ thread, world, pool, held }: Worker): void {
  const handles = held.splice(0);
  thread.once(() => handles.forEach((handle) => world.freed(handle)));
  pool.freeBulk(handles);
}

/** Takes elements past the pool, and frees them there. */
function exchange(worker: Worker, count: number, context: "ATOMIC" | "BLOCKING"): void {
  const { composition, subject, thread, world, held } = worker;
  const { raw } = composition.allocator("page");
  for (let taken = 0; taken < count; taken++) {
    took(worker, raw.allocate(subject.allocator[context]));
  }
  for (let handle = held.shift(); handle !== undefined; handle = held.shift()) {
    thread.once(() => world.freed(handle!));
    raw.free(handle);
  }
}

/** Every second page that it fills is dirty. */
function fillCache({ composition: { pageCache } }: Worker, want: number): void {
  let filled = 0;
  pageCache!.fill(want, 0, () => filled++ % 2 === 1);
}

/** Writes a page out, if one is dirty. */
function writePage({ composition: { pageCache } }: Worker): void {
  const page = pageCache!.beginWrite();
  if (page !== 0) pageCache!.endWrite(page);
}

const aborted = new Error("aborted");

/** In front of an operation's name: the same on the pool beside. */
const ON_BESIDE = "beside-";

/** Whether an operation is one on the pool beside. */
export function isOfBeside(name: string): boolean {
  return name.startsWith(ON_BESIDE);
}

/** The operation of a name, on whichever pool. @returns undefined where there is none. */
export function operationOf(name: string): Operation | undefined {
  const own = isOfBeside(name) ? name.slice(ON_BESIDE.length) : name;
  return Object.hasOwn(OPERATIONS, own) ? OPERATIONS[own] : undefined;
}

/** The operations by name. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  atomic: {
    held: 0,
    run(worker) {
      took(worker, worker.pool.allocate(worker.subject.allocator.ATOMIC));
      freeAll(worker);
    },
  },
  blocking: {
    held: 0,
    run(worker) {
      took(worker, worker.pool.allocate(worker.subject.allocator.BLOCKING));
      freeAll(worker);
    },
  },
  async: {
    held: 0,
    isAsync: true,
    async run(worker) {
      took(worker, await worker.pool.allocateAsync());
      freeAll(worker);
    },
  },
  aborted: {
    held: 0,
    isAsync: true,
    isAborted: true,
    async run(worker) {
      const { pool, thread } = worker;
      const abort = new AbortController();
      void thread.signalled().then(() => abort.abort(aborted));
      try {
        took(worker, await pool.allocateAsync({ signal: abort.signal }));
      } catch (error) {
        if (error !== aborted) throw error;
      }
      freeAll(worker);
    },
  },
  free: { held: 1, run: freeAll },
  fill: { held: 1, isShort: true, run: freeAll },
  /** Two, one after the other. */
  frees: { held: 2, run: freeAll },
  /** Looks in vain, where it answers who has asked, before it frees. */
  "miss-and-free": {
    held: 1,
    run(worker) {
      took(worker, worker.pool.allocate(worker.subject.allocator.ATOMIC));
      freeAll(worker);
    },
  },
  "free-bulk": { held: 2, run: freeBulk },
  bulk: {
    held: 0,
    atOnce: 2,
    run(worker) {
      const into = new Int32Array(2);
      if (worker.pool.allocateBulk(into)) {
        if (into.includes(0)) throw new Error(`a bulk was served with ${into}`);
        took(worker, ...into);
        freeBulk(worker);
      }
    },
  },
  grow: {
    held: 0,
    run: ({ pool }) => void pool.resize(Math.min(pool.reserve.max, pool.minReserve + 1)),
  },
  shrink: {
    held: 0,
    lowers: true,
    run: ({ pool }) => void pool.resize(Math.max(0, pool.minReserve - 1)),
  },
  /** Asks all others for what they have cached, where there is nothing else. */
  drain: { held: 0, isRaw: true, run: (worker) => exchange(worker, 1, "BLOCKING") },
  /** Goes through the magazine and the depot twice. */
  exchange: {
    held: 0,
    atOnce: 3,
    isRaw: true,
    run(worker) {
      exchange(worker, 3, "ATOMIC");
      exchange(worker, 2, "BLOCKING");
    },
  },
  destroy: { held: 0, lowers: true, run: ({ pool }) => pool.destroy({ force: true }) },
  /** Takes what is free for the cache. */
  "cache-fill": { held: 0, isRaw: true, hasCache: true, run: (worker) => fillCache(worker, 2) },
  /** Writes pages of the cache out. */
  "cache-write": {
    held: 0,
    isRaw: true,
    hasCache: true,
    run(worker) {
      writePage(worker);
      writePage(worker);
    },
  },
  /** Takes pages from the cache, as direct reclaim does. */
  "cache-scan": {
    held: 0,
    isRaw: true,
    hasCache: true,
    run: ({ composition: { pageCache } }) => void pageCache!.scan(2),
  },
  /** Fills, writes out and gives back. */
  "cache-all": {
    held: 0,
    isRaw: true,
    hasCache: true,
    run(worker) {
      fillCache(worker, 3);
      writePage(worker);
      worker.composition.pageCache!.drain();
    },
  },
};
