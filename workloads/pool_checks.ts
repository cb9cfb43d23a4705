/**
 * What the pools of a scenario must be to one another and to the memory under them: no circle among
 * them, and reserves that fit.
 *
 * @module
 */
import type { AllocatorKind } from "../allocators/kind.ts";
import { circleThrough } from "../pools/standing_order.ts";
import { found, missing, notWithin } from "./clauses.ts";
import { type Composition, kindOf, partsOf, rootOf } from "./planned_root.ts";
import type { Problem } from "./problem.ts";
import type { Registries } from "./registries.ts";
import { ELEMENTS_MAX } from "./schema/scenario_options.ts";

type Pools = Composition["pools"];

/** Pools named like an allocator, so that nobody could say which is meant. */
export function nameProblems({ allocators, pools }: Composition): Problem[] {
  return Object.keys(pools).filter((name) => Object.hasOwn(allocators, name)).map((name) => ({
    path: ["pools", name],
    clause: "an allocator of this scenario has this name: give the pool one of its own",
  }));
}

/** Pools, and allocators whose elements have parts, that stand on themselves, directly or through others. */
export function cycleProblems(
  { allocators, pools }: Composition,
  kinds: Registries["allocators"],
): Problem[] {
  const parts = Object.keys(allocators).map((name) =>
    [name, partsOf(name, allocators, kinds).map(({ of }) => of)] as const
  );
  const overs = Object.entries(pools).map(([name, { over }]) => [name, [over]] as const);
  const standing = Object.fromEntries([...parts, ...overs]);
  return Object.keys(standing).flatMap((name) => {
    const circle = circleThrough(standing, name);
    if (circle === null) return [];
    const ofPools = circle.every((each) => Object.hasOwn(pools, each));
    const clause = `the ${ofPools ? "pools" : "pools and allocators"} stand on one another ` +
      `in a circle, ${circle.join(" -> ")}: let one of them stand on ` +
      (ofPools ? "an allocator" : "something else");
    const path = Object.hasOwn(pools, name)
      ? ["pools", name, "over"]
      : ["allocators", name, "parts"];
    return [{ path, clause }];
  });
}

/** Parts that no element can be put together of. */
export function partProblems(
  { allocators, pools }: Composition,
  kinds: Registries["allocators"],
): Problem[] {
  return Object.keys(allocators).flatMap((name) =>
    partsOf(name, allocators, kinds).flatMap(({ of }, index) => {
      const clause = partClause(of, bottomOf(of, pools), (one) => kindOf(one, allocators, kinds));
      return clause === null ? [] : [{ path: ["allocators", name, "parts", `${index}`], clause }];
    })
  );
}

/** What is wrong with a part of `of`, whose elements come from `bottom`; null where nothing is. */
function partClause(
  of: string,
  bottom: string,
  kindFor: (name: string) => AllocatorKind | undefined,
): string | null {
  if (kindFor(of)?.classBytes !== undefined) {
    return `"${of}" has elements of any size: give a pool over it, which names one`;
  }
  if (kindFor(bottom)?.scope !== "worker") return null;
  return `each worker has its own "${bottom}": give what workers share`;
}

/** The allocator under a pool, by name; only where there is no circle. */
function bottomOf(name: string, pools: Pools): string {
  return Object.hasOwn(pools, name) ? bottomOf(pools[name]!.over, pools) : name;
}

/** Sizes of elements: to be given over an allocator of any size, and nowhere else. */
export function sizeProblems(
  { memory, allocators, pools }: Composition,
  kinds: Registries["allocators"],
): Problem[] {
  return Object.entries(pools).flatMap(([name, { over, objectBytes }]) => {
    const { classBytes } = kindOf(over, allocators, kinds) ?? {};
    const classFor = classBytes === undefined ? null : (bytes: number) => classBytes(bytes, memory);
    const clause = sizeClause(over, objectBytes, classFor);
    return clause === null ? [] : [{ path: ["pools", name, "objectBytes"], clause }];
  });
}

/** What is wrong with the size that a pool gives, or does not give; null where nothing is. */
function sizeClause(
  over: string,
  objectBytes: number | undefined,
  classFor: ((objectBytes: number) => number) | null,
): string | null {
  if (classFor === null) {
    return objectBytes === undefined
      ? null
      : `elements of "${over}" have one size, which is not the pool's to choose: leave it out`;
  }
  if (objectBytes === undefined) {
    return missing(`bytes in an element, as "${over}" has elements of any size`);
  }
  if (classFor(objectBytes) > 0) return null;
  let most = 1;
  while (classFor(2 * most) > 0) most *= 2;
  return notWithin(objectBytes, 1, most, `, the largest class of "${over}"`);
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
    const root = rootOf(name, composition, kinds);
    if (root === null) return [];
    const { planned } = root;
    const { elementPages } = planned;
    const before = reserved.elements.get(root.name) ?? 0;
    const room = elementPages > 0
      ? Math.min(planned.capacity - before, within(memory.growTo - reserved.pages, elementPages))
      : (planned.capacity || ELEMENTS_MAX) - before;
    if (Number.isInteger(minReserve) && minReserve >= 0 && minReserve <= room) {
      reserved.pages += minReserve * elementPages;
      reserved.elements.set(root.name, before + minReserve);
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

/** Bounds of reserves that are below what the reserves begin with, or beyond what there can ever be. Only where {@linkcode reserveProblems} can be said. */
export function boundProblems(
  composition: Composition,
  kinds: Registries["allocators"],
): Problem[] {
  return Object.entries(composition.pools).flatMap(([name, { minReserve, maxReserve }]) => {
    if (maxReserve === undefined) return [];
    const { capacity = 0 } = rootOf(name, composition, kinds)?.planned ?? {};
    const most = Math.max(minReserve, capacity || ELEMENTS_MAX);
    if (maxReserve >= minReserve && maxReserve <= most) return [];
    const why = `, the minReserve and all that there can be`;
    return [{
      path: ["pools", name, "maxReserve"],
      clause: notWithin(maxReserve, minReserve, most, why),
    }];
  });
}

/** Reserves to be kept inside an allocator that has no place for them. */
export function reserveInProblems(
  composition: Composition,
  { allocators: kinds, policies }: Registries,
): Problem[] {
  const { pools } = composition;
  return Object.entries(pools).flatMap(([name, { over, objectBytes, policy }]) => {
    const { reserveIn } = typeof policy === "string" ? policies[policy]! : policy;
    if (reserveIn !== "allocator") return [];
    const root = rootOf(over, composition, kinds, objectBytes);
    if (root?.planned.depot !== undefined && !Object.hasOwn(pools, over)) return [];
    const [what, path] = typeof policy === "string"
      ? [found(policy), ["pools", name, "policy"]]
      : [found(reserveIn), ["pools", name, "policy", "reserveIn"]];
    const clause =
      `${what} keeps the reserve among the free elements of the allocator, and ${
        found(over)
      } has none ` +
      "of its own: give a policy that keeps it with the pool";
    return [{ path, clause }];
  });
}

/** Fractions of a page add up inexactly; this many elements are not told apart. */
const INEXACT = 1e-6;

/** Elements that so many pages have room for. */
function within(pages: number, elementPages: number): number {
  return Math.floor(pages / elementPages + INEXACT);
}
