/**
 * What a pool of a composition stands on, and what stands on it.
 *
 * @module
 */
import { tagOf } from "../allocators/owner_table.ts";
import type { AttachedAllocator } from "./attached_allocator.ts";
import type { CompositionPlan, PoolPlan } from "./composition_plan.ts";
import type { Mempool } from "./mempool.ts";
import type { Below } from "./mempool_parts.ts";
import type { Ownership } from "./slow_path_parts.ts";

/** The pools that stand on a pool, directly or not. */
export function poolsAbove(plan: CompositionPlan, name: string): PoolPlan[] {
  return plan.pools.filter(({ spec }) => spec.over === name)
    .flatMap((pool) => [pool, ...poolsAbove(plan, pool.name)]);
}

/** The pools that take of a pool or an allocator in the end: those above, and those over elements that are put together of its own. */
export function poolsFedBy(plan: CompositionPlan, name: string): PoolPlan[] {
  const over = plan.pools.filter(({ spec }) => spec.over === name);
  const made = plan.allocators.filter(({ parts }) => parts.some(({ of }) => of === name));
  const further = [...over, ...made].flatMap((each) => poolsFedBy(plan, each.name));
  return [...new Set([...over, ...further])];
}

/** Elements of a pool or an allocator that are parts of elements which are out, or in a reserve. */
export function inComposites(name: string, allocators: readonly AttachedAllocator[]): number {
  const inEach = allocators.flatMap(({ plan, backend }) =>
    plan.parts.filter(({ of }) => of === name)
      .map(({ count }) => count * backend.footprint().elements)
  );
  return inEach.reduce((total, count) => total + count, 0);
}

/** What a pool stands on: an inner pool, a magazine of its own, or the allocator itself with what goes round it. */
export function belowOf(
  inner: Mempool | undefined,
  { backend, wrapped, raw }: AttachedAllocator,
): Below {
  if (inner !== undefined) return { source: null, allocator: inner.backend };
  if (wrapped !== null) return { source: null, allocator: wrapped };
  if (backend.source !== null) return { source: backend.source, allocator: null };
  const { unchecked } = backend;
  return { source: null, allocator: raw, ...unchecked && { unchecked } };
}

/** Under which tags the owner table knows a pool's elements. */
export function ownershipOf(
  plan: CompositionPlan,
  pool: PoolPlan,
  id: number,
  nested: boolean,
  below: Below,
): Ownership {
  const { owners, planned, rawNumber, isTagged } = pool.root;
  const inner = plan.pools.find(({ name }) => name === pool.spec.over);
  const tagged = below.allocator !== null && isTagged;
  const tagBelow = nested ? tagOf(inner!.number, id) : tagged ? tagOf(rawNumber, id) : 0;
  return { owners, capacity: planned.capacity, tag: tagOf(pool.number, id), tagBelow };
}
