/**
 * What the pools of a scenario must be to one another and to the memory under them: no circle among
 * them, and reserves that fit.
 *
 * @module
 */
import { Layout } from "../sync/region.ts";
import type { PlannedAllocator } from "../allocators/kind.ts";
import { notWithin } from "./clauses.ts";
import type { Problem } from "./problem.ts";
import type { Registries } from "./registries.ts";
import type { MemorySpec, PoolSpec, Spec } from "./scenario.ts";
import { ELEMENTS_MAX } from "./schema/scenario_options.ts";

type Pools = Readonly<Record<string, PoolSpec>>;

/** The parts of a scenario that pools depend on. */
export interface Composition {
  /** The page memory. */
  readonly memory: MemorySpec;
  /** What stands on it, or on nothing. */
  readonly allocators: Readonly<Record<string, Spec>>;
  /** What stands on allocators and on one another. */
  readonly pools: Pools;
}

/** Pools named like an allocator, so that nobody could say which is meant. */
export function nameProblems({ allocators, pools }: Composition): Problem[] {
  return Object.keys(pools).filter((name) => Object.hasOwn(allocators, name)).map((name) => ({
    path: ["pools", name],
    clause: "an allocator of this scenario has this name: give the pool one of its own",
  }));
}

/** Pools that stand on themselves, directly or through others. */
export function cycleProblems({ pools }: Composition): Problem[] {
  return Object.keys(pools).flatMap((name) => {
    const chain = chainFrom(name, pools);
    if (chain.at(-1) !== name) return [];
    const clause = `the pools stand on one another in a circle, ${chain.join(" -> ")}: ` +
      "let one of them stand on an allocator";
    return [{ path: ["pools", name, "over"], clause }];
  });
}

/**
 * Reserves that cannot be filled. What stands on page memory shares it: in the order of the file,
 * each pool may keep what the pools before it leave.
 */
export function reserveProblems(
  composition: Composition,
  kinds: Registries["allocators"],
): Problem[] {
  const { memory, pools } = composition;
  const reserved = { pages: 0, elements: new Map<string, number>() };
  return Object.entries(pools).flatMap(([name, { minReserve }]) => {
    const root = rootOf(name, pools);
    const planned = plan(root, composition, kinds);
    if (planned === null) return [];
    const { elementPages } = planned;
    const before = reserved.elements.get(root) ?? 0;
    const room = elementPages > 0
      ? Math.min(planned.capacity - before, within(memory.growTo - reserved.pages, elementPages))
      : (planned.capacity || ELEMENTS_MAX) - before;
    if (Number.isInteger(minReserve) && minReserve >= 0 && minReserve <= room) {
      reserved.pages += minReserve * elementPages;
      reserved.elements.set(root, before + minReserve);
      return [];
    }
    const beside = reserved.pages > 0 ? " beside the pools before it" : "";
    const why = elementPages > 0 ? `, all that the memory holds${beside}` : "";
    return [{
      path: ["pools", name, "minReserve"],
      clause: notWithin(minReserve, 0, Math.max(0, room), why),
    }];
  });
}

/** Fractions of a page add up inexactly; this many elements are not told apart. */
const INEXACT = 1e-6;

/** Elements that so many pages have room for. */
function within(pages: number, elementPages: number): number {
  return Math.floor(pages / elementPages + INEXACT);
}

/** The pool, what it stands on, and so on, down to an allocator or to a name that has been met. */
function chainFrom(name: string, pools: Pools): string[] {
  const chain = [name];
  for (let over = pools[name]?.over; over !== undefined;) {
    const met = chain.includes(over);
    chain.push(over);
    over = met || !Object.hasOwn(pools, over) ? undefined : pools[over]?.over;
  }
  return chain;
}

/** The allocator at the bottom; only where there is no circle. */
function rootOf(name: string, pools: Pools): string {
  return chainFrom(name, pools).at(-1) ?? name;
}

/** What an allocator would be like, planned over a layout that is thrown away. */
function plan(
  name: string,
  { memory, allocators }: Composition,
  kinds: Registries["allocators"],
): PlannedAllocator | null {
  const spec = Object.hasOwn(allocators, name) ? allocators[name] : undefined;
  if (spec === undefined || !Object.hasOwn(kinds, spec.kind)) return null;
  const { kind, ...options } = spec;
  return kinds[kind]?.plan(options, { layout: new Layout(), name, memory, participants: 1 }) ??
    null;
}
