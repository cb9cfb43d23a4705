/**
 * A pool of a composition, planned: its magazines, its reserve, and what it stands on.
 *
 * @module
 */
import { type FrontPlan, planFront } from "../allocators/front.ts";
import type { Layout } from "../sync/mod.ts";
import type { AllocatorPlan, Roots } from "./allocator_plan.ts";
import type { CompositionSpec, PoolSpec } from "./composition_spec.ts";
import * as policyRegistry from "./policies/mod.ts";
import type { Policy, PolicyKind, PolicySpec } from "./policy.ts";
import { type FloorPlan, planReserve, type ReservePlan } from "./reserve_plan.ts";
import { planUnder } from "./size_classes.ts";

const POLICIES: Readonly<Record<string, PolicyKind>> = policyRegistry;

/** A planned pool. */
export interface PoolPlan {
  readonly name: string;
  readonly spec: PoolSpec;
  /** The plan that it stands on: a pool's, an allocator's, or that of a cache of one. */
  readonly over: string;
  readonly policy: Policy;
  /** The allocator at the bottom. */
  readonly root: AllocatorPlan;
  readonly front: FrontPlan;
  /** Its number in the owner table. */
  readonly number: number;
  readonly reserve: ReservePlan;
}

/** Elements in the largest reserve over an allocator that does not say how many it can have. */
const MAX_RESERVE_UNKNOWN = 65536;

/** The most that a bound may be where there are not more elements than that: each has a word, whether it ever comes or not. */
const MAX_RESERVE_GIVEN = 2 ** 20;

/** A policy by name, or as it stands. @throws {RangeError} where there is none of that name. */
export function resolvePolicy(policy: PolicySpec): Policy {
  if (typeof policy !== "string") return policy;
  const found = Object.hasOwn(POLICIES, policy) ? POLICIES[policy] : undefined;
  if (found === undefined) throw new RangeError(`"${policy}" is not a policy`);
  return found;
}

/** @throws {RangeError} where what is given is no bound for the pool's reserve. */
function maxReserveOf(name: string, spec: PoolSpec, { planned }: AllocatorPlan): number {
  const { minReserve, maxReserve } = spec;
  if (maxReserve === undefined) {
    return Math.max(minReserve, planned.capacity || MAX_RESERVE_UNKNOWN);
  }
  const most = Math.max(minReserve, planned.capacity, MAX_RESERVE_GIVEN);
  if (Number.isInteger(maxReserve) && maxReserve >= minReserve && maxReserve <= most) {
    return maxReserve;
  }
  throw new RangeError(
    `Cannot plan mempool "${name}" as maxReserve must be an integer >= its minReserve of ${minReserve} and <= ${most}: ` +
      `current value is ${maxReserve}`,
  );
}

/**
 * Where the allocator keeps the reserve of a pool under this policy; null where the pool does.
 *
 * @throws {RangeError} where what the pool stands on cannot keep one.
 */
function floorOf(
  name: string,
  over: string,
  policy: Policy,
  root: AllocatorPlan,
  pools: readonly PoolPlan[],
): FloorPlan | null {
  if (policy.reserveIn !== "allocator") return null;
  const { depot } = root.planned;
  if (depot === undefined || over !== root.name) {
    throw new RangeError(
      `Cannot plan mempool "${name}" as its policy's reserveIn is "allocator", and "${over}" has no free elements ` +
        "of its own to keep a reserve among",
    );
  }
  const beside = pools.find((pool) => pool.root === root && pool.reserve.floor !== null);
  return beside?.reserve.floor ?? { depot, members: [] };
}

/** What a pool stands among, planned before it, and its number in the owner table. */
export interface PlannedBefore {
  /** What it may stand on. */
  readonly roots: Roots;
  /** The pools. */
  readonly pools: readonly PoolPlan[];
  /** Its number. */
  readonly number: number;
}

/** Plans one pool; what it stands on is planned already. */
export function planPool(
  layout: Layout,
  spec: CompositionSpec,
  name: string,
  { roots, pools, number }: PlannedBefore,
): PoolPlan {
  const poolSpec = spec.pools[name]!;
  const over = planUnder(spec, name, poolSpec);
  const root = roots.get(over);
  if (root === undefined) {
    throw new RangeError(
      `pool "${name}" stands on "${over}", which is neither an allocator nor a pool`,
    );
  }
  const { participants } = spec;
  const policy = resolvePolicy(poolSpec.policy);
  const { magazine = Infinity } = poolSpec;
  const { rounds, maxRounds, totalRounds } = root.rawFront;
  const front = planFront(layout, name, {
    participants,
    rounds: Math.min(magazine, rounds),
    maxRounds: Math.min(magazine, maxRounds),
    totalRounds,
    ...root.kind.scope === "worker" && over === root.name && { number },
  });
  const floor = floorOf(name, over, policy, root, pools);
  const reserve = planReserve(layout, name, {
    max: maxReserveOf(name, poolSpec, root),
    participants,
    slotsPerWorker: 1 + spec.asyncSlots,
    capacity: root.planned.capacity,
    front,
    floor,
    adapt: policy.adapt === undefined ? null : { ...policy.adapt, least: poolSpec.minReserve },
  });
  floor?.members.push(reserve);
  return { name, spec: poolSpec, over, policy, root, front, number, reserve };
}
