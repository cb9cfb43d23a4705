/**
 * Allocators whose elements have the size that their user names: which caches of theirs a composition needs.
 *
 * @module
 */
import { allocatorKind } from "./allocator_plan.ts";
import type { AllocatorSpec, CompositionSpec, PoolSpec } from "./composition_spec.ts";

/** The name of the plan that a pool stands on: of a pool, of an allocator, or of the cache of a size class, "general/128". */
export function planUnder(
  { allocators, memory }: CompositionSpec,
  pool: string,
  spec: PoolSpec,
): string {
  const { over, objectBytes } = spec;
  const kind = Object.hasOwn(allocators, over) ? allocatorKind(allocators[over]!.kind) : null;
  const refusal = (why: string) => new RangeError(`pool "${pool}" stands on "${over}", ${why}`);
  if (kind?.classBytes === undefined) {
    if (objectBytes === undefined) return over;
    throw refusal(`whose elements have one size: no objectBytes can be given`);
  }
  if (objectBytes === undefined) throw refusal("which has any size: objectBytes must be given");
  const bytes = kind.classBytes(objectBytes, memory);
  if (bytes === 0) throw refusal(`which has no elements of ${objectBytes} bytes`);
  return `${over}/${bytes}`;
}

/** The allocators to be planned for one of the spec: itself, or a cache for each of its size classes in use. */
export function plannedFor(spec: CompositionSpec, name: string): [string, AllocatorSpec][] {
  const allocator = spec.allocators[name]!;
  if (allocatorKind(allocator.kind).classBytes === undefined) return [[name, allocator]];
  const users = Object.entries(spec.pools).filter(([, { over }]) => over === name);
  const classes = new Set(users.map(([pool, poolSpec]) => planUnder(spec, pool, poolSpec)));
  return Array.from(classes, (planName) => {
    const objectBytes = Number(planName.slice(name.length + 1));
    return [planName, { ...allocator, objectBytes }];
  });
}
