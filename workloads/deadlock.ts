/**
 * The account of a deadlock: each worker that cannot go on, what it holds and what it waits for, and what would
 * have been enough.
 *
 * @module
 */
import type { Scenario } from "./scenario.ts";
import type { LoadKind, OneByOne } from "./kinds/load.ts";
import type { Holding, PoolState, Snapshot } from "./snapshot.ts";
import type { Outlook } from "./watchdog.ts";

/** Elements of a pool, or of an allocator that somebody uses without a pool. */
export interface Held {
  readonly pool: string;
  readonly elements: number;
}

/** Callers of one worker in the queue of a pool. */
export interface Awaited {
  readonly pool: string;
  readonly callers: number;
  /** The longest of their waits. */
  readonly waitedMs: number;
}

/** One worker that cannot go on. */
export interface StuckWorker {
  readonly worker: number;
  /** The kind of pressure that brought it; left out for those of the load. */
  readonly pressure?: string;
  readonly holds: readonly Held[];
  /** Empty where it only idles until others go on. */
  readonly awaits: readonly Awaited[];
}

/** A deadlock. */
export interface Deadlock {
  readonly workers: readonly StuckWorker[];
  /** The pools waited for by name, with their M, each once. */
  readonly pools: readonly { readonly name: string; readonly min: number }[];
  /** A worker that waits for what only it could free; null where they wait for each other, or for nobody. */
  readonly self: number | null;
  readonly outlook: Outlook;
}

/** What is known of a deadlock when it is found. */
export interface DeadlockFacts {
  /** Those who cannot go on. */
  readonly workers: readonly number[];
  readonly snapshot: Snapshot;
  readonly outlook: Outlook;
  /** The allocators that somebody may use without a pool. */
  readonly allocators: readonly Stock[];
  /** The worker that the pressure brought, and the kind of that; null where it brought none. */
  readonly pressed: { readonly worker: number; readonly kind: string } | null;
  /** Who holds how much of a pool, or of one of these allocators. */
  readonly holdings: (stock: Stock) => readonly Holding[];
}

/** What elements are of: a pool, or an allocator. */
export type Stock = Pick<PoolState, "name" | "owner">;

/** The same and who holds how much of it. */
interface HeldStock extends Stock {
  readonly holdings: readonly Holding[];
}

function elementsOf(holdings: readonly Holding[], worker: number): number {
  return holdings.reduce((sum, held) => held.worker === worker ? sum + held.elements : sum, 0);
}

function accountOf(
  worker: number,
  stocks: readonly HeldStock[],
  { snapshot: { pools }, pressed }: DeadlockFacts,
): StuckWorker {
  const holds = stocks.map(({ name, holdings }) => ({
    pool: name,
    elements: elementsOf(holdings, worker),
  }));
  const awaits = pools.map((pool) => {
    const own = pool.waiters.filter((waiter) => waiter.worker === worker);
    const waitedMs = Math.max(0, ...own.map((waiter) => waiter.waitedMs));
    return { pool: pool.name, callers: own.length, waitedMs };
  });
  return {
    worker,
    ...(pressed?.worker === worker ? { pressure: pressed.kind } : {}),
    holds: holds.filter(({ elements }) => elements > 0),
    awaits: awaits.filter(({ callers }) => callers > 0),
  };
}

/**
 * Workers that hold what could come to those who wait in a pool: its elements, those of the pools below it and of those
 * that share a floor with one of these, and as long as the back ends live, all memory that goes through them.
 */
function possibleFreers(pool: PoolState, stocks: readonly HeldStock[], outlook: Outlook) {
  const names = [pool.name, ...pool.below.map(({ name }) => name), ...pool.beside];
  return stocks
    .filter(({ name, owner }) =>
      owner === pool.owner && (outlook !== "dead" || names.includes(name))
    )
    .flatMap(({ holdings }) => holdings.filter(({ elements }) => elements > 0))
    .map(({ worker }) => worker);
}

/** Whether a worker waits, and nobody else could free anything that it waits for. */
function waitsForItself(
  worker: number,
  stocks: readonly HeldStock[],
  { snapshot, outlook }: DeadlockFacts,
): boolean {
  const awaited = snapshot.pools.filter(({ waiters }) =>
    waiters.some((waiter) => waiter.worker === worker)
  );
  const isLast = snapshot.workers.length === 1;
  return awaited.length > 0 && awaited.every((pool) => {
    if (pool.owner === worker || isLast) return true;
    const freers = possibleFreers(pool, stocks, outlook);
    return freers.length > 0 && freers.every((freer) => freer === worker);
  });
}

/** Puts the account together. */
export function deadlockOf(facts: DeadlockFacts): Deadlock {
  const { workers, snapshot, outlook, allocators, holdings } = facts;
  const stocks = [...snapshot.pools, ...allocators].map(({ name, owner }) => ({
    name,
    owner,
    holdings: holdings({ name, owner }),
  }));
  const awaited = snapshot.pools.filter(({ waiters }) =>
    waiters.some(({ worker }) => workers.includes(worker))
  );
  return {
    workers: workers.map((worker) => accountOf(worker, stocks, facts)),
    pools: [...new Map(awaited.map(({ name, min }) => [name, { name, min }])).values()],
    self: workers.find((worker) => waitsForItself(worker, stocks, facts)) ?? null,
    outlook,
  };
}

/** T tasks that take k elements of a pool one by one: what its reserve must be. */
export interface Bound extends OneByOne {
  readonly pool: string;
  /** M, which is too low. */
  readonly min: number;
  /** T, tasks at once that share the pool; Infinity where nothing limits them. */
  readonly tasks: number;
  /**
   * T(k-1)+1, and what may lie with nobody besides: with this many, one of them always gets its last. Infinity where no
   * number is enough.
   */
  readonly enough: number;
  /** Whether less is always too little, which elements of a pool below may make untrue. */
  readonly isExact: boolean;
}

/**
 * The bounds that a deadlock's pools are below, over back ends that serve nothing, be it that they are dead or that the load
 * has used the memory up. All but one of the k elements of each of T
 * tasks are T(k-1): with one more somebody has all of his, and frees them.
 */
export function boundsOf(
  { pools, outlook }: Deadlock,
  { pools: specs, workload }: Scenario,
  kind: Pick<LoadKind, "oneByOne">,
  isShared: (pool: string) => boolean,
): Bound[] {
  const bounds = pools.flatMap(({ name, min }) => {
    const taken = kind.oneByOne?.(workload, name) ?? null;
    if (taken === null || taken.elements === 0) return [];
    if (outlook !== "dead" && taken.fillsMemory !== true) return [];
    const tasks = taken.tasks * (isShared(name) ? workload.workers : 1);
    const { elements, besides = 0 } = taken;
    const enough = (elements === 1 ? 1 : tasks * (elements - 1) + 1) + besides;
    const isExact = !Object.hasOwn(specs, specs[name]!.over);
    return [{ ...taken, tasks, pool: name, min, enough, isExact }];
  });
  return bounds.filter(({ min, enough }) => min < enough);
}
