/**
 * The pools of a scenario as the simulator plays them together: what each stands on, and what one task takes, one after the
 * other.
 *
 * @module
 */
import { partsIn } from "../allocators/kind.ts";
import { type CompiledPolicy, compilePolicy } from "../pools/compiled_policy.ts";
import { allocatorKind, resolvePolicy } from "../pools/composition_plan.ts";
import { standingOrder } from "../pools/standing_order.ts";
import type { Scenario, TakeSpec } from "../workloads/scenario.ts";

/** What a pool stands on. */
export type Source =
  /** An allocator, by its number among all that pools stand on in the end. */
  | { readonly kind: "allocator"; readonly allocator: number }
  /** Another pool, by its number. */
  | { readonly kind: "pool"; readonly pool: number }
  /** Elements that are put together of others', in this order, all or nothing. */
  | { readonly kind: "parts"; readonly parts: readonly Part[] };

/** A part of an element that is put together. */
export interface Part {
  readonly source: Source;
  readonly count: number;
}

/** One pool. */
export interface NetworkPool {
  readonly name: string;
  readonly policy: CompiledPolicy;
  readonly source: Source;
}

/** One call of a task: an element of a pool, or several at once. */
export interface Take {
  readonly pool: number;
  readonly count: number;
}

/** Pools with their tasks. */
export interface Network {
  /** Those beneath before those that stand on them. */
  readonly pools: readonly NetworkPool[];
  /** How many allocators they stand on in the end. */
  readonly allocators: number;
  /** What a task takes in order, for each kind of task. */
  readonly kinds: readonly (readonly Take[])[];
}

/** The pools that a scenario's tasks take from, directly or through others. */
export function networkOf(scenario: Scenario): Network {
  const { workload: { take, takeOneOf }, pools, allocators } = scenario;
  const below = (name: string): string[] =>
    Object.hasOwn(pools, name)
      ? [pools[name]!.over]
      : partsIn(allocatorKind(allocators[name]!.kind), optionsOf(scenario, name)).map(({ of }) =>
        of
      );
  const reached = new Set<string>();
  const reach = (name: string) => {
    if (reached.has(name)) return;
    reached.add(name);
    below(name).forEach(reach);
  };
  [...take, ...takeOneOf].forEach(({ pool }) => reach(pool));
  const order = standingOrder(Object.fromEntries([...reached].map((name) => [name, below(name)])));
  const names = order.filter((name) => Object.hasOwn(pools, name));
  const ends: string[] = [];
  const sourceOf = (name: string): Source => {
    if (Object.hasOwn(pools, name)) return { kind: "pool", pool: names.indexOf(name) };
    const parts = partsIn(allocatorKind(allocators[name]!.kind), optionsOf(scenario, name));
    if (parts.length > 0) {
      const attached = parts.map(({ of, count }) => ({ source: sourceOf(of), count }));
      return { kind: "parts", parts: attached };
    }
    if (!ends.includes(name)) ends.push(name);
    return { kind: "allocator", allocator: ends.indexOf(name) };
  };
  const calls = ({ pool, count, how }: TakeSpec): Take[] => {
    const number = names.indexOf(pool);
    if (how === "bulk") return [{ pool: number, count }];
    return Array.from({ length: count }, () => ({ pool: number, count: 1 }));
  };
  const always = take.flatMap(calls);
  return {
    pools: names.map((name) => ({
      name,
      policy: compilePolicy(resolvePolicy(pools[name]!.policy)),
      source: sourceOf(pools[name]!.over),
    })),
    kinds: takeOneOf.length === 0 ? [always] : takeOneOf.map((each) => [...always, ...calls(each)]),
    allocators: ends.length,
  };
}

function optionsOf({ allocators }: Scenario, name: string) {
  const { kind: _, ...options } = allocators[name]!;
  return options;
}
