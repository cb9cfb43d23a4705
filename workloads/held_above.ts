/**
 * Elements of a pool that those have which stand on it: pools, and allocators whose elements have parts.
 *
 * @module
 */
import { partsIn } from "../allocators/kind.ts";
import type { PartSpec } from "../allocators/option.ts";
import { allocatorKind } from "../pools/composition_plan.ts";
import type { Scenario } from "./scenario.ts";

/** The pools that stand on a pool or an allocator directly. */
function poolsOver({ pools }: Scenario, name: string): string[] {
  return Object.keys(pools).filter((pool) => pools[pool]!.over === name);
}

/** The allocators whose elements have parts of a pool or an allocator, once for each such part. */
function partsOfIt({ allocators }: Scenario, name: string): { allocator: string; count: number }[] {
  return Object.entries(allocators).flatMap(([allocator, { kind, ...options }]) =>
    partsIn(allocatorKind(kind), options)
      .filter(({ of }: PartSpec) => of === name)
      .map(({ count }) => ({ allocator, count }))
  );
}

/** Whether anything stands on a pool. */
export function isStoodOn(scenario: Scenario, name: string): boolean {
  return poolsOver(scenario, name).length + partsOfIt(scenario, name).length > 0;
}

/**
 * How many elements of a pool or an allocator those above it have; `withPool` says how many a pool has of its own, in its
 * reserve or lost by its users.
 */
export function heldAbove(
  scenario: Scenario,
  name: string,
  withPool: (pool: string) => number,
): number {
  const above = (other: string) => heldAbove(scenario, other, withPool);
  const inPools = poolsOver(scenario, name).map((pool) => withPool(pool) + above(pool));
  const inParts = partsOfIt(scenario, name).map(({ allocator, count }) => count * above(allocator));
  return [...inPools, ...inParts].reduce((total, held) => total + held, 0);
}
