/**
 * Allocators and pools by name, put together over one region: planned by the same code in every worker.
 *
 * @module
 */
import { type ArenaPlan, planArena } from "../allocators/arena.ts";
import { partsIn } from "../allocators/kind.ts";
import { MAX_PARTICIPANTS } from "../allocators/owner_table.ts";
import { type PageCachePlan, planPageCache } from "../allocators/page_cache.ts";
import {
  type Block,
  type JournalPlan,
  type Layout,
  planJournals,
  planParticipants,
} from "../sync/mod.ts";
import { allocatorKind, type AllocatorPlan, planAllocator } from "./allocator_plan.ts";
import type { AllocatorSpec, CompositionSpec, PoolSpec } from "./composition_spec.ts";
import { planPool, type PoolPlan, resolvePolicy } from "./pool_plan.ts";
import { plannedFor, planUnder } from "./size_classes.ts";
import { type Standing, standingOrder } from "./standing_order.ts";

export { allocatorKind, resolvePolicy };
export type { AllocatorPlan, AllocatorSpec, CompositionSpec, PoolPlan, PoolSpec };

/** A planned composition. */
export interface CompositionPlan {
  readonly spec: CompositionSpec;
  readonly participantsAt: number;
  /** What each participant notes of what it changes under locks. */
  readonly journals: JournalPlan;
  /** The words of all locks. */
  readonly locks: readonly Block[];
  readonly arena: ArenaPlan;
  /** Null where there is none. */
  readonly pageCache: PageCachePlan | null;
  /** Parts before what is put together of them. */
  readonly allocators: readonly AllocatorPlan[];
  /** Inner pools before those that stand on them. */
  readonly pools: readonly PoolPlan[];
  /** Bytes of page memory to put behind the words. */
  readonly memoryBytes: number;
  readonly slotsPerWorker: number;
}

/**
 * Numbers in the owner table start here, so that its tags are unlike any handle, size or count that stands in the words
 * round it: a free out of range is told from a valid one by the compare that a free makes anyway.
 */
const FIRST_NUMBER = 1 << 21;

/**
 * Stores that one step may have to note for each element of a batch: a block of pages that is joined with its buddies through all orders, or taken
 * from one of the largest, and its slab besides. Few of them ever come to that: the words are never touched.
 */
const STORES_PER_ELEMENT = 72;

/** Stores of a step apart from its elements. */
const STORES = 64;

/** The most elements that a step moves between an allocator and the arena without a magazine. */
const BATCH = 64;

/** What each name of a composition stands on. */
function standingOf({ allocators, pools }: CompositionSpec): Standing {
  const parts = Object.entries(allocators).map(([name, { kind, ...options }]) =>
    [name, partsIn(allocatorKind(kind), options).map(({ of }) => of)] as const
  );
  return {
    ...Object.fromEntries(parts),
    ...Object.fromEntries(Object.entries(pools).map(([name, { over }]) => [name, [over]])),
  };
}

/**
 * How many fronts have magazines of a planned allocator: one of each pool on it, and its own where elements are put together of
 * its, or where there is no other. Who takes from an allocator besides its pools, without a pool, has magazines that are not counted: few
 * do, and for these all together hold up to twice as much.
 */
function frontsOver(spec: CompositionSpec, name: string): number {
  const { allocators, pools } = spec;
  const poolsOver = Object.entries(pools).filter(([pool, poolSpec]) =>
    planUnder(spec, pool, poolSpec) === name
  );
  const isPart = Object.values(allocators).some(({ kind, ...options }) =>
    partsIn(allocatorKind(kind), options).some(({ of }) => of === name)
  );
  return Math.max(1, poolsOver.length + (isPart ? 1 : 0));
}

/**
 * Plans a composition's words behind whatever the layout holds already.
 *
 * @throws {RangeError} on an unknown kind or policy, a pool over nothing or over what cannot keep its reserve, a cycle, or too
 * many participants.
 */
export function planComposition(layout: Layout, spec: CompositionSpec): CompositionPlan {
  if (spec.participants > MAX_PARTICIPANTS) {
    throw new RangeError(`at most ${MAX_PARTICIPANTS} participants can be told apart`);
  }
  const before = layout.blocks.length;
  const participantsAt = planParticipants(layout, "composition", spec.participants);
  const arena = planArena(layout, "memory", spec.memory);
  const pageCache = spec.pageCache === true ? planPageCache(layout, spec.memory.growTo) : null;
  const firstRawNumber = FIRST_NUMBER + Object.keys(spec.pools).length;
  const allocators: AllocatorPlan[] = [];
  const pools: PoolPlan[] = [];
  const roots = new Map<string, AllocatorPlan>();
  for (const name of standingOrder(standingOf(spec))) {
    if (Object.hasOwn(spec.pools, name)) {
      const pool = planPool(layout, spec, name, {
        roots,
        pools,
        number: FIRST_NUMBER + pools.length,
      });
      pools.push(pool);
      roots.set(name, pool.root);
      continue;
    }
    for (const [planName, allocator] of plannedFor(spec, name)) {
      const plan = planAllocator(layout, spec, {
        name: planName,
        spec: allocator,
        rawNumber: firstRawNumber + allocators.length,
        roots,
        fronts: frontsOver(spec, planName),
      });
      allocators.push(plan);
      roots.set(planName, plan);
    }
  }
  const mostRounds = [...allocators.map(({ rawFront }) => rawFront), ...pools.map((p) => p.front)]
    .reduce((most, { maxRounds }) => Math.max(most, maxRounds), 1);
  const mostElements = Math.max(...allocators.map(({ planned }) => planned.capacity), 0);
  const journals = planJournals(layout, "composition", {
    participants: spec.participants,
    capacity: STORES + STORES_PER_ELEMENT * Math.max(mostRounds, Math.min(mostElements, BATCH)),
  });
  const locks = layout.blocks.slice(before).filter(({ name }) => name.endsWith("/lock"));
  const memoryBytes = spec.memory.growTo * spec.memory.pageBytes;
  return {
    spec,
    participantsAt,
    journals,
    locks,
    arena,
    pageCache,
    allocators,
    pools,
    memoryBytes,
    slotsPerWorker: 1 + spec.asyncSlots,
  };
}
