/**
 * What is soaked: every policy of the registry over several allocators, each a composition that lives as long as the soak.
 *
 * @module
 */
import {
  type AllocatorSpec,
  type CompositionSpec,
  resolvePolicy,
} from "../pools/composition_plan.ts";
import * as policies from "../pools/policies/mod.ts";
import { flatMemory } from "../pools/testing/page_pool.ts";

/** A composition in which "pool" is what is taken from. */
export interface Subject {
  readonly name: string;
  readonly spec: CompositionSpec;
  /** Whether a layer stands between pool and allocator that fails, dies and recovers. */
  readonly gated: boolean;
  readonly minReserve: number;
}

/** Workers at a time. */
export const WORKERS = 3;
/** The most elements that a worker holds or waits for. */
export const KEEP = 4;

const PARTICIPANTS = WORKERS + 1;
const MIN_RESERVE = 4;
const MAX_RESERVE = 10;

/**
 * A pool over pages has what its workers can hold at most, what is on its way between them and the largest reserve, so that whoever
 * waits can be served once the pressure is gone. In the others four elements are a page, or one is three.
 */
const PAGES = 64;

interface Below {
  readonly below: AllocatorSpec;
  readonly others?: Readonly<Record<string, AllocatorSpec>>;
  readonly objectBytes?: number;
  readonly gated?: boolean;
  readonly debug?: boolean;
  /** How soon waiters try again by themselves: a wake-up that is lost is a hang where that is never. */
  readonly retryMs?: number;
}

const NEVER_MS = 3_600_000;

const BELOW: Readonly<Record<string, Below>> = {
  page: { below: { kind: "page", order: 0 }, retryMs: NEVER_MS },
  "page poisoned": { below: { kind: "page", order: 0 }, debug: true, retryMs: NEVER_MS },
  // Nothing is freed where a back end recovers: who waits finds out by himself.
  "page with outages": { below: { kind: "page", order: 0 }, gated: true, retryMs: 5 },
  slab: { below: { kind: "slab", objectBytes: 64, align: 8 } },
  "size-class": { below: { kind: "size-class" }, objectBytes: 50 },
  composite: {
    below: { kind: "composite", parts: [{ of: "object", count: 2 }, { of: "page", count: 1 }] },
    others: {
      object: { kind: "slab", objectBytes: 64, align: 8 },
      page: { kind: "page", order: 0 },
    },
    retryMs: 5,
  },
};

function subject(policy: string, below: string): Subject {
  const { gated = false, others = {}, retryMs = 1000, debug = false, ...rest } = BELOW[below]!;
  const pool = {
    over: "below",
    minReserve: MIN_RESERVE,
    maxReserve: MAX_RESERVE,
    policy: { ...resolvePolicy(policy), retryMs },
    ...rest.objectBytes === undefined ? {} : { objectBytes: rest.objectBytes },
  };
  return {
    name: `${policy} over ${below}`,
    spec: {
      memory: flatMemory(PAGES),
      allocators: { below: rest.below, ...others },
      pools: { pool },
      participants: PARTICIPANTS,
      asyncSlots: 4,
      debug,
    },
    gated,
    minReserve: MIN_RESERVE,
  };
}

/** The largest reserve that a resize may ask for. */
export const RESERVE_MAX: number = MAX_RESERVE;

/** Elements that are put together have no free list in which an allocator could keep a reserve. */
function fits(policy: string, below: string): boolean {
  return below !== "composite" || resolvePolicy(policy).reserveIn !== "allocator";
}

/** Every policy over every back end. */
export const SUBJECTS: readonly Subject[] = Object.keys(policies).flatMap((policy) =>
  Object.keys(BELOW).filter((below) => fits(policy, below)).map((below) => subject(policy, below))
);
