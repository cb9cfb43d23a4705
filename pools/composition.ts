/**
 * A composition as one worker sees it: its allocators and pools attached, and what concerns them all
 * together: reclaim across magazines and depots, and the equation that nothing is lost.
 *
 * @module
 */
import { takeAllOrNone } from "../allocators/all_or_none.ts";
import { type Arena, attachArena } from "../allocators/arena.ts";
import { blockOf, initialiseFront, mostRounds, TOP } from "../allocators/front.ts";
import type { AttachContext, PartHome } from "../allocators/kind.ts";
import { attachExchange, type Exchange } from "../allocators/magazine.ts";
import { outstanding } from "../allocators/owner_table.ts";
import { attachPageCache, type PageCache } from "../allocators/page_cache.ts";
import { attachJournal, attachParticipant, type Participant, type Region } from "../sync/mod.ts";
import {
  attachAllocator,
  type AttachedAllocator,
  type Layer,
  type Magazines,
  poisonOf,
} from "./attached_allocator.ts";
import type { CompositionPlan } from "./composition_plan.ts";
import { checkElements, checkMagazines, checkPages } from "./conservation.ts";
import { IdlePoison } from "./idle_poison.ts";
import { Mempool } from "./mempool.ts";
import { recoverAfter, recoverAfterAll, type RecoverOptions, type Recovery } from "./recovery.ts";
import { type Served, servedOf } from "./served.ts";
import { undisturbed } from "./undisturbed.ts";
import { belowOf, inComposites, ownershipOf, poolsAbove, poolsFedBy } from "./standing.ts";

export type { Layer };

/** What a pool stands on in the end, as one who uses it without the pool. */
export interface BottomAllocator extends PartHome {
  /** Bytes in an element. */
  readonly elementBytes: number;
  /** The most elements that it can ever have; 0 where nothing limits them. */
  readonly capacity: number;
}

/** One worker's view of a composition. */
export interface Composition {
  readonly participant: Participant;
  readonly arena: Arena;
  /** The cache of pages that competes for the memory; null where there is none. */
  readonly pageCache: PageCache | null;
  readonly allocators: readonly AttachedAllocator[];
  readonly pools: readonly Mempool[];
  /** A pool by name. @throws {RangeError} where there is none. */
  pool(name: string): Mempool;
  /** An allocator by name. @throws {RangeError} where there is none. */
  allocator(name: string): AttachedAllocator;
  /** The allocator at the bottom of a pool. @throws {RangeError} where there is no such pool. */
  under(pool: string): BottomAllocator;
  /** Gives back what this worker's magazines hold. @returns elements given back. */
  drain(): number;
  /** The pools whose policy adapts: of these, somebody who has time is to call {@linkcode Mempool.adapt} now and then. */
  readonly adaptive: readonly Mempool[];
  /**
   * Calls it for a participant that has left, and looks in now and then. Who takes part calls it himself.
   *
   * @returns false where somebody else has something in hand, so that it is to be called again soon.
   */
  adapt(): boolean;
  /** What this worker's pools and layers had of an allocator. */
  served(allocator: string): Served;
  /** Rounds of the largest magazine of an allocator that a worker has had; 0 where there are none. */
  largestMagazine(allocator: string): number;
  /** Sets this worker's counts and all shared marks to 0. Only while nobody allocates or frees. */
  resetCounts(): void;
  /**
   * Elements of a pool, or of an allocator that is used without a pool, that are out with somebody, from the owner table, but
   * for those that are parts of other elements; of those, the ones that a participant has, where one is given, parts included. Exact while nobody
   * allocates or frees.
   */
  outstanding(name: string, participant?: number): number;
  /**
   * Throws unless issued + reserved + cached + free = capacity, for the elements of each allocator and for the
   * page memory, and every allocator and every reserve holds its invariants. Only while nobody allocates or frees.
   */
  check(): void;
  /**
   * Puts everything right after a participant has died, wherever in a call of ours that was: its locks are taken over, what it
   * had begun is put back, what it had is returned, and its number is free. To be called with the proof that it is dead; by anybody who takes part, or has
   * left. A second call finds nothing. May block for as long as others have locks.
   *
   * @throws {RangeError} where that is no other participant.
   */
  recover(dead: number, options?: RecoverOptions): Recovery;
  /**
   * The same after the deaths of several, each of whom may have had a lock that is needed to put things right after another one.
   *
   * @throws {RangeError} where one of them is no other participant.
   */
  recoverAll(dead: readonly number[], options?: RecoverOptions): Recovery[];
  /**
   * Does something while nobody else has a lock, or can take one, for one who must not wait for somebody that may have died with it: see
   * `undisturbed.ts`. May block for some milliseconds.
   *
   * @param act Gives back or puts right, and waits for nobody.
   * @param dead Those who are known to be dead, and are buried here, if anybody is.
   * @returns false where somebody else goes on having something: nothing was done, and it is to be tried again.
   */
  undisturbed(act: () => void, dead?: readonly number[]): boolean;
  /** Leaves: drains and stops listening. */
  detach(): void;
}

function byName<T extends { readonly name: string }>(items: readonly T[], what: string) {
  const map = new Map(items.map((item) => [item.name, item]));
  return (name: string): T => {
    const found = map.get(name);
    if (found === undefined) throw new RangeError(`there is no ${what} "${name}"`);
    return found;
  };
}

/** Attaches participant `id` to the words of a planned composition. */
export function joinComposition(plan: CompositionPlan, region: Region, id: number): Participant {
  return attachParticipant(region, plan.participantsAt, id, plan.spec.participants);
}

/**
 * Attaches a participant to a planned composition; `layer` goes round every allocator but those whose elements are put
 * together: what befalls these befalls their parts.
 */
export function attachComposition(
  plan: CompositionPlan,
  region: Region,
  participant: Participant,
  layer: Layer | null = null,
): Composition {
  const { participants } = plan.spec;
  const { id } = participant;
  const journal = attachJournal(region.words, plan.journals, id);
  const arena = attachArena(region, plan.arena, id, journal);
  const pageCache = plan.pageCache && attachPageCache(region, plan.pageCache, arena, id, journal);
  const magazines: Magazines[] = [];
  const pools: Mempool[] = [];
  const allocators: AttachedAllocator[] = [];

  function exchangeOf({ front, source }: Magazines, other: number): Exchange {
    return attachExchange(region, front, other, source);
  }

  /** Empties the magazines of a participant: its own, or one that it has claimed. Then lets waiters look again. */
  function drainOf(other: number): number {
    let drained = 0;
    for (const magazine of magazines) drained += exchangeOf(magazine, other).drain();
    if (drained > 0) { for (const pool of pools) kick(pool, drained); }
    return drained;
  }

  function someoneCaches(): boolean {
    return magazines.some(({ front }) => {
      for (let other = 0; other < participants; other++) {
        if (region.words[blockOf(front, other) + TOP]! > 0) return true;
      }
      return false;
    });
  }

  const requestDrain = () => {
    participant.requestDrain((other) => void drainOf(other));
  };

  function reclaim(): boolean {
    drainOf(id);
    requestDrain();
    for (const { backend } of allocators) backend.shrink();
    return someoneCaches();
  }

  function part(name: string): PartHome {
    const pool = pools.find((candidate) => candidate.name === name);
    const root = plan.pools.find((candidate) => candidate.name === name)?.root.name ?? name;
    const { backend, wrapped, raw, adopt } = allocator(root);
    const home = pool?.backend ?? wrapped ?? raw;
    return {
      allocate: (kind) => home.allocate(kind),
      free: (handle) => home.free(handle),
      adopt: (handle) => (pool ?? { adopt }).adopt(handle),
      bytes: backend.bytes,
      ...backend.parts && { parts: backend.parts },
      bulk: (into) => pool?.backendBulk(into) ?? takeAllOrNone(home, into),
    };
  }

  const shrinkers = pageCache === null ? [] : [pageCache];
  const context: AttachContext = {
    region,
    participant,
    journal,
    arena,
    reclaim,
    shrinkers,
    part,
  };
  for (const allocatorPlan of plan.allocators) {
    // Any of the pools that keep their reserves there can tell all of them.
    const index = plan.pools.findIndex(({ root, reserve }) =>
      root === allocatorPlan && reserve.floor !== null
    );
    const floorFilled = () => pools[index]?.reserve.floorFilled();
    allocators.push(attachAllocator(allocatorPlan, { ...context, floorFilled }, layer));
    const { backend } = allocators.at(-1)!;
    if (backend.source !== null) {
      magazines.push({
        front: allocatorPlan.rawFront,
        source: backend.source,
        allocator: allocatorPlan,
      });
    }
  }
  const allocator = byName(allocators, "allocator");

  for (const poolPlan of plan.pools) {
    const inner = pools.find(({ name }) => name === poolPlan.spec.over);
    const fed = poolsFedBy(plan, poolPlan.name);
    const root = allocator(poolPlan.root.name);
    const poison = poisonOf(root, region);
    const below = belowOf(inner, root);
    if (below.source !== null) {
      magazines.push({ front: poolPlan.front, source: below.source, allocator: poolPlan.root });
    }
    pools.push(
      new Mempool({
        name: poolPlan.name,
        region,
        participant,
        journal,
        policy: poolPlan.policy,
        front: poolPlan.front,
        reserve: poolPlan.reserve,
        slotsPerWorker: plan.slotsPerWorker,
        ownership: ownershipOf(plan, poolPlan, participant.id, inner !== undefined, below),
        below,
        above: poolsAbove(plan, poolPlan.name),
        tellAbove: fed.length === 0
          ? null
          : (elements) => fed.forEach(({ name }) => kick(pool(name), elements)),
        idle: poison === null ? null : new IdlePoison({ ...poison, name: poolPlan.name }),
        elementBytes: poolPlan.root.planned.elementBytes,
        bytes: root.backend.bytes,
        reclaim: requestDrain,
      }),
    );
  }
  const adaptive = pools.filter((_, index) => plan.pools[index]!.policy.adapt !== undefined);
  const pool = byName(pools, "pool");
  const planOf = byName(plan.pools, "pool");
  participant.onDrain(() => void drainOf(id));

  const recoveryParts = {
    plan,
    region,
    participant,
    journal,
    pageCache,
    allocators,
    pools,
    magazines,
    drainOf,
    taken: new Map(),
  };

  return {
    participant,
    arena,
    pageCache,
    allocators,
    pools,
    pool,
    allocator,
    under(name) {
      const { root } = planOf(name);
      const { elementBytes, capacity } = root.planned;
      return { ...part(root.name), elementBytes, capacity };
    },
    drain: () => drainOf(id),
    adaptive,
    adapt() {
      if (adaptive.length === 0) return true;
      return undisturbed(recoveryParts, () => adaptive.forEach((pool) => void pool.adapt()));
    },
    served(name) {
      return servedOf(allocator(name), pools, plan);
    },
    largestMagazine(name) {
      const fronts = magazines.filter(({ allocator }) => allocator.name === name);
      return Math.max(0, ...fronts.map(({ front }) => mostRounds(region, front)));
    },
    resetCounts() {
      arena.lock.resetCounts();
      for (const { backend, rawTally } of allocators) {
        backend.resetCounts();
        rawTally?.reset();
      }
      for (const pool of pools) {
        pool.resetCounts();
        pool.reserve.resetCounts();
      }
    },
    outstanding(name, participant) {
      const isPool = pools.some((candidate) => candidate.name === name);
      const root = isPool ? planOf(name).root : allocator(name).plan;
      const number = isPool ? planOf(name).number : root.rawNumber;
      if (root.owners < 0) return 0;
      const out = outstanding(region.words, root.owners, root.planned.capacity, number);
      if (participant !== undefined) return out.byParticipant.get(participant) ?? 0;
      return out.total - inComposites(name, allocators);
    },
    check() {
      arena.check();
      for (const { reserve } of pools) reserve.check();
      for (const magazine of magazines) checkMagazines(region, magazine);
      for (const allocator of allocators) {
        allocator.backend.check();
        if (allocator.plan.isTagged) {
          checkElements(plan, region, allocator, pools, magazines);
        }
      }
      checkPages(arena, allocators, pageCache?.pages() ?? 0);
    },
    recover: (dead, options = {}) => recoverAfter(recoveryParts, dead, options),
    recoverAll: (dead, options = {}) => recoverAfterAll(recoveryParts, dead, options),
    undisturbed: (act, dead = []) => undisturbed(recoveryParts, act, dead),
    detach: () => participant.detach(),
  };
}

/**
 * Makes the memory and fills every reserve, before anybody else attaches.
 *
 * @throws {Error} naming the pool and the backend call that failed.
 */
export function createComposition(
  plan: CompositionPlan,
  region: Region,
  participant: Participant,
  layer: Layer | null = null,
): Composition {
  for (const { rawFront } of plan.allocators) initialiseFront(region, rawFront);
  for (const { front } of plan.pools) initialiseFront(region, front);
  const composition = attachComposition(plan, region, participant, layer);
  composition.arena.initialise();
  for (const { name, spec } of plan.pools) composition.pool(name).fill(spec.minReserve);
  composition.drain();
  composition.resetCounts();
  return composition;
}

function kick(pool: Mempool, count: number): void {
  const { lock, queue } = pool.reserve;
  if (queue.count() === 0) return;
  lock.acquire();
  queue.kick(count);
  lock.release();
}
