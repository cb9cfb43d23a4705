/**
 * Allocators and pools by name, put together over one region: planned by the same code in every worker.
 *
 * @module
 */
import * as allocatorRegistry from "../allocators/mod.ts";
import { type ArenaPlan, type MemorySpec, planArena } from "../allocators/arena.ts";
import { type FrontPlan, planFront } from "../allocators/front.ts";
import {
  type AllocatorKind,
  type OptionValues,
  partsIn,
  type PlannedAllocator,
  type PlannedPart,
} from "../allocators/kind.ts";
import type { PartSpec } from "../allocators/option.ts";
import { MAX_PARTICIPANTS, planOwners } from "../allocators/owner_table.ts";
import { type Layout, planParticipants } from "../sync/mod.ts";
import * as policyRegistry from "./policies/mod.ts";
import type { Policy, PolicyKind, PolicySpec } from "./policy.ts";
import { planReserve, type ReservePlan } from "./reserve.ts";
import { type Standing, standingOrder } from "./standing_order.ts";

const ALLOCATOR_KINDS: Readonly<Record<string, AllocatorKind>> = allocatorRegistry;
const POLICIES: Readonly<Record<string, PolicyKind>> = policyRegistry;

/** An allocator by its kind's name and options. */
export interface AllocatorSpec extends OptionValues {
  /** The registered kind. */
  readonly kind: string;
}

/** A pool by the name of what it stands on. */
export interface PoolSpec {
  /** The allocator or the pool that it stands on. */
  readonly over: string;
  /** Bytes that its users want of an element: over an allocator of many sizes, and nowhere else. */
  readonly objectBytes?: number;
  /** M, the elements to hold in reserve. */
  readonly minReserve: number;
  /**
   * The largest M that a resize may ask for, since the reserve's place is planned once. If not given, all elements that the
   * allocator can have (65536 where it doesn't say), which costs address space and no memory until it is used.
   */
  readonly maxReserve?: number;
  /** A registered policy's name, or one of the user's own. */
  readonly policy: PolicySpec;
}

/** What to put together. */
export interface CompositionSpec {
  /** The page memory under all shared allocators. */
  readonly memory: MemorySpec;
  /** Allocators by name. */
  readonly allocators: Readonly<Record<string, AllocatorSpec>>;
  /** Pools by name. */
  readonly pools: Readonly<Record<string, PoolSpec>>;
  /** Workers that attach, the coordinator included. */
  readonly participants: number;
  /** Callers of one worker that may wait in one pool's queue on the event loop; more wait their turn in the worker. */
  readonly asyncSlots: number;
  /** Whether idle elements are poisoned, and checked when they are taken: no if not given. */
  readonly debug?: boolean;
}

/** A planned allocator with its tables. */
export interface AllocatorPlan {
  readonly name: string;
  readonly kind: AllocatorKind;
  readonly planned: PlannedAllocator;
  /** What its elements are put together of, if they are. */
  readonly parts: readonly PartSpec[];
  /** The owner table, or -1 where elements are not tracked. */
  readonly owners: number;
  /** The marks of poisoned elements, or -1 where none are poisoned. */
  readonly marks: number;
  /** Whether those who use it without a pool of its own are noted there. */
  readonly isTagged: boolean;
  /** The magazines of those who use it without a pool of its own, and their number in the owner table. */
  readonly rawFront: FrontPlan;
  readonly rawNumber: number;
}

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

/** A planned composition. */
export interface CompositionPlan {
  readonly spec: CompositionSpec;
  readonly participantsAt: number;
  readonly arena: ArenaPlan;
  /** Parts before what is put together of them. */
  readonly allocators: readonly AllocatorPlan[];
  /** Inner pools before those that stand on them. */
  readonly pools: readonly PoolPlan[];
  /** Bytes of page memory to put behind the words. */
  readonly memoryBytes: number;
  readonly slotsPerWorker: number;
}

/** Largest magazine, rounds. */
const MAX_ROUNDS = 256;

/** Elements in the largest reserve over an allocator that does not say how many it can have. */
const MAX_RESERVE_UNKNOWN = 65536;

/**
 * Numbers in the owner table start here, so that its tags are unlike any handle, size or count that stands in the words
 * round it: a free out of range is told from a valid one by the compare that a free makes anyway.
 */
const FIRST_NUMBER = 1 << 21;

/** All magazines of an allocator together may hold this share of its elements. */
const MAGAZINE_SHARE = 1 / 8;

/** Rounds in each magazine of an allocator with `elements` elements: a power of two. */
export function magazineRounds(elements: number, participants: number): number {
  const fair = Math.max(1, elements * MAGAZINE_SHARE / participants);
  return Math.min(MAX_ROUNDS, 2 ** Math.floor(Math.log2(fair)));
}

/** The kind of a registered allocator. @throws {RangeError} where there is none of that name. */
export function allocatorKind(name: string): AllocatorKind {
  const kind = Object.hasOwn(ALLOCATOR_KINDS, name) ? ALLOCATOR_KINDS[name] : undefined;
  if (kind === undefined) throw new RangeError(`"${name}" is not an allocator kind`);
  return kind;
}

/** A policy by name, or as it stands. @throws {RangeError} where there is none of that name. */
export function resolvePolicy(policy: PolicySpec): Policy {
  if (typeof policy !== "string") return policy;
  const found = Object.hasOwn(POLICIES, policy) ? POLICIES[policy] : undefined;
  if (found === undefined) throw new RangeError(`"${policy}" is not a policy`);
  return found;
}

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

/** The name of the plan that a pool stands on: of a pool, of an allocator, or of the cache of a size class, "general/128". */
function planUnder({ allocators, memory }: CompositionSpec, pool: string, spec: PoolSpec): string {
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
function plannedFor(spec: CompositionSpec, name: string): [string, AllocatorSpec][] {
  const allocator = spec.allocators[name]!;
  if (allocatorKind(allocator.kind).classBytes === undefined) return [[name, allocator]];
  const users = Object.entries(spec.pools).filter(([, { over }]) => over === name);
  const classes = new Set(users.map(([pool, poolSpec]) => planUnder(spec, pool, poolSpec)));
  return Array.from(classes, (planName) => {
    const objectBytes = Number(planName.slice(name.length + 1));
    return [planName, { ...allocator, objectBytes }];
  });
}

/** Allocators by their own names, and under the names of the pools that stand on them. */
type Roots = ReadonlyMap<string, AllocatorPlan>;

function planAllocator(
  layout: Layout,
  spec: CompositionSpec,
  { name, spec: { kind: kindName, ...options }, rawNumber, roots }: {
    readonly name: string;
    readonly spec: AllocatorSpec;
    readonly rawNumber: number;
    readonly roots: Roots;
  },
): AllocatorPlan {
  const kind = allocatorKind(kindName);
  const { memory, participants } = spec;
  const parts = partsIn(kind, options).map((part) => planPart(name, kind, part, roots));
  const planned = kind.plan(options, { layout, name, memory, participants, parts });
  const isTracked = planned.capacity > 0 || planned.elementPages > 0;
  const owners = isTracked ? planOwners(layout, name, planned.capacity) : -1;
  const isPoisoned = spec.debug === true && planned.capacity > 0 && parts.length === 0;
  const marks = isPoisoned ? layout.words(`${name}/poisoned`, planned.capacity + 1) : -1;
  const maxRounds = parts.length > 0 ? 1 : roundsFor(planned, spec);
  const rawFront = planFront(layout, name, { participants, maxRounds });
  const isTagged = isTracked && kind.scope === "shared";
  return { name, kind, planned, parts, owners, isTagged, marks, rawFront, rawNumber };
}

function planPart(
  name: string,
  { scope }: AllocatorKind,
  part: PartSpec,
  roots: Roots,
): PlannedPart {
  const refusal = (why: string) => new RangeError(`"${name}" has a part of "${part.of}", ${why}`);
  const root = roots.get(part.of);
  if (root === undefined) throw refusal("which is no pool, and no allocator with one size");
  if (root.kind.scope !== scope) throw refusal("which each worker has for itself");
  return { ...part, root: root.name, planned: root.planned };
}

function roundsFor(planned: PlannedAllocator, spec: CompositionSpec): number {
  if (planned.elementPages === 0) return 1;
  return magazineRounds(spec.memory.pages / planned.elementPages, spec.participants);
}

/** @throws {RangeError} where what is given is no bound for the pool's reserve. */
function maxReserveOf(name: string, spec: PoolSpec, { planned }: AllocatorPlan): number {
  const { minReserve, maxReserve } = spec;
  if (maxReserve === undefined) {
    return Math.max(minReserve, planned.capacity || MAX_RESERVE_UNKNOWN);
  }
  if (Number.isInteger(maxReserve) && maxReserve >= minReserve) return maxReserve;
  throw new RangeError(
    `Cannot plan mempool "${name}" as maxReserve must be an integer >= its minReserve of ${minReserve}: ` +
      `current value is ${maxReserve}`,
  );
}

function planPool(
  layout: Layout,
  spec: CompositionSpec,
  name: string,
  roots: Roots,
  number: number,
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
  const front = planFront(layout, name, { participants, maxRounds: root.rawFront.maxRounds });
  const reserve = planReserve(layout, name, {
    max: maxReserveOf(name, poolSpec, root),
    participants,
    slotsPerWorker: 1 + spec.asyncSlots,
    capacity: root.planned.capacity,
    front,
  });
  return {
    name,
    spec: poolSpec,
    over,
    policy: resolvePolicy(poolSpec.policy),
    root,
    front,
    number,
    reserve,
  };
}

/**
 * Plans a composition's words behind whatever the layout holds already.
 *
 * @throws {RangeError} on an unknown kind or policy, a pool over nothing, a cycle, or too many participants.
 */
export function planComposition(layout: Layout, spec: CompositionSpec): CompositionPlan {
  if (spec.participants > MAX_PARTICIPANTS) {
    throw new RangeError(`at most ${MAX_PARTICIPANTS} participants can be told apart`);
  }
  const participantsAt = planParticipants(layout, "composition", spec.participants);
  const arena = planArena(layout, "memory", spec.memory);
  const firstRawNumber = FIRST_NUMBER + Object.keys(spec.pools).length;
  const allocators: AllocatorPlan[] = [];
  const pools: PoolPlan[] = [];
  const roots = new Map<string, AllocatorPlan>();
  for (const name of standingOrder(standingOf(spec))) {
    if (Object.hasOwn(spec.pools, name)) {
      const pool = planPool(layout, spec, name, roots, FIRST_NUMBER + pools.length);
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
      });
      allocators.push(plan);
      roots.set(planName, plan);
    }
  }
  const memoryBytes = spec.memory.growTo * spec.memory.pageBytes;
  return {
    spec,
    participantsAt,
    arena,
    allocators,
    pools,
    memoryBytes,
    slotsPerWorker: 1 + spec.asyncSlots,
  };
}
