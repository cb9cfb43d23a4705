/**
 * The loops that are timed. Each runs in a worker of its own with one subject only, since V8 keeps one
 * set of type feedback for a loop: had it seen a second subject, it would measure the mixture.
 *
 * Keep and random are the headline. A pair that is freed at once never leaves the caches of the
 * processor, nor of the allocator: it flatters everyone.
 *
 * Every turn looks whether the run is to stop, and throws then. Of a loop that calls nothing and throws nothing V8 peels the first
 * turn off, and what the loop itself checks in each turn (what kind of object the pool is, and `held`; which function `free` is) is
 * done once. That befalls a free list that is inlined whole, and nothing that has a slow path to call: such loops would
 * compare callers who check with one who does not. `tight_cases.ts` has them, to see by how much.
 *
 * @module
 */
import type { AsyncPool, SyncPool } from "./subject.ts";

/** A way to allocate and free. */
export interface Case {
  readonly name: string;
  /** Elements that are out before the loop begins. */
  readonly live: number;
  /** Runs `pairs` pairs; at the end as many elements are out as before. */
  sync<T>(pool: SyncPool<T>, held: T[], pairs: number): void;
  /** The same with `await`. */
  async<T>(pool: AsyncPool<T>, held: T[], pairs: number): Promise<void>;
}

/** Elements in the working set of the headline cases. Pairs come in multiples of it. */
export const WORKING_SET = 512;

/** So many pairs in whole working sets, and one set at least. */
export function wholeSets(pairs: number): number {
  return Math.max(1, Math.floor(pairs / WORKING_SET)) * WORKING_SET;
}

/** Which element is replaced next: drawn before, so that the draw is not timed. */
export const ORDER: Uint16Array = Uint16Array.from({ length: 8192 }, drawn());
export const ORDER_MASK: number = ORDER.length - 1;

let isStopped = false;

/** Ends every loop of this thread, from now on, with an error. */
export function stopLoops(): void {
  isStopped = true;
}

function stopped(): never {
  throw new Error("the run was stopped");
}

function drawn(): () => number {
  let state = 0x9e3779b9;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % WORKING_SET;
  };
}

const lifo: Case = {
  name: "LIFO pair",
  live: 0,
  sync(pool, _held, pairs) {
    for (let pair = 0; pair < pairs; pair++) {
      if (isStopped) stopped();
      pool.free(pool.allocate());
    }
  },
  async async(pool, _held, pairs) {
    for (let pair = 0; pair < pairs; pair++) {
      if (isStopped) stopped();
      await pool.free(await pool.allocate());
    }
  },
};

const keep: Case = {
  name: "keep 512",
  live: WORKING_SET,
  sync(pool, held, pairs) {
    for (let pair = 0; pair < pairs; pair += WORKING_SET) {
      for (let index = 0; index < WORKING_SET; index++) {
        if (isStopped) stopped();
        pool.free(held[index]!);
      }
      for (let index = 0; index < WORKING_SET; index++) {
        if (isStopped) stopped();
        held[index] = pool.allocate();
      }
    }
  },
  async async(pool, held, pairs) {
    for (let pair = 0; pair < pairs; pair += WORKING_SET) {
      if (isStopped) stopped();
      for (let index = 0; index < WORKING_SET; index++) await pool.free(held[index]!);
      for (let index = 0; index < WORKING_SET; index++) held[index] = await pool.allocate();
    }
  },
};

const random: Case = {
  name: "random 512",
  live: WORKING_SET,
  sync(pool, held, pairs) {
    for (let pair = 0; pair < pairs; pair++) {
      if (isStopped) stopped();
      const index = ORDER[pair & ORDER_MASK]!;
      pool.free(held[index]!);
      held[index] = pool.allocate();
    }
  },
  async async(pool, held, pairs) {
    for (let pair = 0; pair < pairs; pair++) {
      if (isStopped) stopped();
      const index = ORDER[pair & ORDER_MASK]!;
      await pool.free(held[index]!);
      held[index] = await pool.allocate();
    }
  },
};

/** Every case by name. */
export const CASES: Readonly<Record<string, Case>> = { lifo, keep, random };

/** One worker allocates, another frees. */
export interface HandOver {
  readonly name: string;
  /** Elements that are handed over at a time. */
  readonly batch: number;
}

/** Every hand-over by name. */
export const HAND_OVERS: Readonly<Record<string, HandOver>> = {
  one: { name: "freed by the other worker, one at a time", batch: 1 },
  batches: { name: "freed by the other worker, 32 at a time", batch: 32 },
};

/** The ring through which elements are handed over: how many were given, how many were freed, the elements. */
const GIVEN = 0;
const FREED = 16;
const RING_AT = 32;
const RING_ELEMENTS = 1024;

/** Words of such a ring, all 0 when a run begins. */
export const RING_WORDS = RING_AT + RING_ELEMENTS;

/** Looks at a count before its worker gives up the processor for a moment. */
const SPINS = 100_000;

function awaitCount(ring: Int32Array, at: number, least: number): void {
  for (let spin = 1; Atomics.load(ring, at) < least; spin++) {
    if (spin % SPINS === 0) Atomics.wait(ring, at, Atomics.load(ring, at), 0.1);
  }
}

/** Allocates so many elements and hands them over. */
export function give(
  pool: SyncPool<number>,
  ring: Int32Array,
  { elements, batch }: { readonly elements: number; readonly batch: number },
): void {
  for (let given = 0; given < elements; given += batch) {
    awaitCount(ring, FREED, given + batch - RING_ELEMENTS);
    for (let index = given; index < given + batch; index++) {
      ring[RING_AT + index % RING_ELEMENTS] = pool.allocate();
    }
    Atomics.store(ring, GIVEN, given + batch);
  }
}

/** Frees what the other hands over. */
export function freeGiven(
  pool: SyncPool<number>,
  ring: Int32Array,
  { elements, batch }: { readonly elements: number; readonly batch: number },
): void {
  for (let freed = 0; freed < elements; freed += batch) {
    awaitCount(ring, GIVEN, freed + batch);
    for (let index = freed; index < freed + batch; index++) {
      pool.free(ring[RING_AT + index % RING_ELEMENTS]!);
    }
    Atomics.store(ring, FREED, freed + batch);
  }
}

/** Runs pairs of one case against one subject. */
export type Runner = (pairs: number) => void | Promise<void>;

/** A runner that calls, with the case's live elements out. */
export function syncRunner<T>(measured: Case, pool: SyncPool<T>): Runner {
  const held = Array.from({ length: measured.live }, () => pool.allocate());
  return (pairs) => measured.sync(pool, held, pairs);
}

/** A runner that awaits, with the case's live elements out. */
export async function asyncRunner<T>(measured: Case, pool: AsyncPool<T>): Promise<Runner> {
  const held: T[] = [];
  while (held.length < measured.live) held.push(await pool.allocate());
  return (pairs) => measured.async(pool, held, pairs);
}
