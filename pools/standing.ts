/**
 * What a pool of a composition stands on, and what stands on it.
 *
 * @module
 */
import { tagOf } from "../allocators/owner_table.ts";
import { type Poison, poisoned } from "../allocators/poisoned.ts";
import type { AttachedAllocator, Layer } from "./attached_allocator.ts";
import type { CompositionPlan, PoolPlan } from "./composition_plan.ts";
import type { Mempool } from "./mempool.ts";
import type { Below } from "./mempool_parts.ts";
import type { Ownership } from "./slow_path_parts.ts";

/** The pools that stand on a pool, directly or not. */
export function poolsAbove(plan: CompositionPlan, name: string): PoolPlan[] {
  return plan.pools.filter(({ spec }) => spec.over === name)
    .flatMap((pool) => [pool, ...poolsAbove(plan, pool.name)]);
}

/** What a pool stands on: an inner pool, a magazine of its own, or the allocator (with its layer) itself. */
export function belowOf(
  inner: Mempool | undefined,
  root: AttachedAllocator,
  poison: Poison | null,
  layer: Layer | null,
): Below {
  if (inner !== undefined) return { source: null, allocator: inner.backend };
  const isPoisoned = poison !== null && root.plan.planned.keepsIdleBytes === true;
  const allocator = isPoisoned ? poisoned(root.raw, poison) : root.raw;
  if (layer !== null) return { source: null, allocator: layer(allocator, root.name) };
  if (isPoisoned) return { source: null, allocator };
  if (root.backend.source !== null) return { source: root.backend.source, allocator: null };
  return { source: null, allocator: root.raw };
}

/** Under which tags the owner table knows a pool's elements. */
export function ownershipOf(
  plan: CompositionPlan,
  pool: PoolPlan,
  id: number,
  nested: boolean,
  below: Below,
): Ownership {
  const { owners, planned, rawNumber } = pool.root;
  const inner = plan.pools.find(({ name }) => name === pool.spec.over);
  const tracked = below.allocator !== null && planned.elementPages > 0;
  const tagBelow = nested ? tagOf(inner!.number, id) : tracked ? tagOf(rawNumber, id) : 0;
  return { owners, capacity: planned.capacity, tag: tagOf(pool.number, id), tagBelow };
}
