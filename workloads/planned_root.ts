/**
 * What the pools of a scenario stand on in the end, planned to be looked at only: how many elements it can have, and what of
 * the memory they take.
 *
 * @module
 */
import { type AllocatorKind, partsIn, type PlannedAllocator } from "../allocators/kind.ts";
import type { PartSpec } from "../allocators/option.ts";
import { Layout } from "../sync/region.ts";
import type { Registries } from "./registries.ts";
import type { MemorySpec, PoolSpec, Spec } from "./scenario.ts";

/** The parts of a scenario that pools depend on. */
export interface Composition {
  /** The page memory. */
  readonly memory: MemorySpec;
  /** What stands on it, or on nothing. */
  readonly allocators: Readonly<Record<string, Spec>>;
  /** What stands on allocators and on one another. */
  readonly pools: Readonly<Record<string, PoolSpec>>;
}

/** The kind of the allocator of that name; undefined where there is none. */
export function kindOf(
  name: string,
  allocators: Composition["allocators"],
  kinds: Registries["allocators"],
): AllocatorKind | undefined {
  const kind = Object.hasOwn(allocators, name) ? allocators[name]!.kind : undefined;
  return kind !== undefined && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
}

/** What the elements of the allocator of that name are put together of. */
export function partsOf(
  name: string,
  allocators: Composition["allocators"],
  kinds: Registries["allocators"],
): readonly PartSpec[] {
  const kind = kindOf(name, allocators, kinds);
  return kind === undefined ? [] : partsIn(kind, allocators[name]!);
}

/** What elements come from in the end. */
export interface Root {
  readonly name: string;
  readonly planned: PlannedAllocator;
}

/**
 * The allocator of that name or under the pool of that name, or the cache of its size class there, planned over a layout
 * that is thrown away. Only where there is no circle, and every size and every part is right.
 */
export function rootOf(
  name: string,
  composition: Composition,
  kinds: Registries["allocators"],
  objectBytes = 0,
): Root | null {
  const { memory, allocators, pools } = composition;
  if (Object.hasOwn(pools, name)) {
    return rootOf(pools[name]!.over, composition, kinds, pools[name]!.objectBytes);
  }
  const allocatorKind = kindOf(name, allocators, kinds);
  if (allocatorKind === undefined) return null;
  const { kind: _, ...options } = allocators[name]!;
  const parts = partsOf(name, allocators, kinds).flatMap((part) => {
    const root = rootOf(part.of, composition, kinds);
    return root === null ? [] : [{ ...part, root: root.name, planned: root.planned }];
  });
  const context = { layout: new Layout(), name, memory, participants: 1, parts };
  const bytes = allocatorKind.classBytes?.(objectBytes, memory);
  if (bytes === undefined) return { name, planned: allocatorKind.plan(options, context) };
  const planned = allocatorKind.plan({ ...options, objectBytes: bytes }, context);
  return { name: `${name}/${bytes}`, planned };
}
