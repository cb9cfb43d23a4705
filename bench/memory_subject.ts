/**
 * Subjects over the page memory: an allocator, and a mempool over it. The memory is the very same for both, so that what
 * differs between them is the pool.
 *
 * @module
 */
import { BLOCKING, type Handle } from "../allocators/allocator.ts";
import {
  attachComposition,
  type Composition,
  createComposition,
  joinComposition,
} from "../pools/composition.ts";
import {
  type AllocatorSpec,
  type CompositionPlan,
  planComposition,
} from "../pools/composition_plan.ts";
import { attachRegion, createRegion, Layout } from "../sync/mod.ts";
import { ELEMENT_BYTES, ELEMENTS, type SharedSubject, type SyncPool } from "./subject.ts";

/** Workers that can attach at a time. */
const PARTICIPANTS = 2;

/** Elements in a reserve. */
const MIN_RESERVE = 64;

const ALLOCATORS: Readonly<Record<string, AllocatorSpec>> = {
  page: { kind: "page", order: 0 },
  slab: { kind: "slab", objectBytes: ELEMENT_BYTES, align: 8 },
};

/** What a subject is made of. */
export interface MemoryParts {
  readonly allocator: "page" | "slab";
  readonly hasPool: boolean;
  /** Whether magazines stay as they begin: no if not given. */
  readonly isFixed?: boolean;
}

function planOf({ allocator, hasPool, isFixed = false }: MemoryParts) {
  const layout = new Layout();
  const plan = planComposition(layout, {
    memory: {
      pages: ELEMENTS,
      pageBytes: ELEMENT_BYTES,
      watermarks: { min: 0, low: 0, high: 0 },
      growTo: ELEMENTS,
    },
    allocators: { [allocator]: ALLOCATORS[allocator]! },
    pools: hasPool
      ? { pool: { over: allocator, minReserve: MIN_RESERVE, policy: "five-level" } }
      : {},
    participants: PARTICIPANTS,
    asyncSlots: 1,
  });
  return { layout, plan: isFixed ? withoutGrowth(plan) : plan };
}

/** The same plan, whose magazines may all together not grow by a single round. */
function withoutGrowth(plan: CompositionPlan): CompositionPlan {
  return {
    ...plan,
    allocators: plan.allocators.map((allocator) => ({
      ...allocator,
      rawFront: { ...allocator.rawFront, totalRounds: 0 },
    })),
    pools: plan.pools.map((pool) => ({ ...pool, front: { ...pool.front, totalRounds: 0 } })),
  };
}

function sideOf(composition: Composition, { allocator, hasPool }: MemoryParts): SyncPool<Handle> {
  if (hasPool) {
    const pool = composition.pool("pool");
    return { allocate: () => pool.allocate(BLOCKING), free: (handle) => pool.free(handle) };
  }
  const { raw } = composition.allocator(allocator);
  return { allocate: () => raw.allocate(BLOCKING), free: (handle) => raw.free(handle) };
}

/** A subject that one worker may have for itself, or several share. */
export function memorySubject(
  name: string,
  summary: string,
  parts: MemoryParts,
): SharedSubject<Handle> {
  function create() {
    const { layout, plan } = planOf(parts);
    const region = createRegion(layout, plan.memoryBytes);
    return {
      region,
      composition: createComposition(plan, region, joinComposition(plan, region, 0)),
    };
  }
  return {
    name,
    summary,
    isAwaited: false,
    create: () => Promise.resolve(sideOf(create().composition, parts)),
    share() {
      const { region, composition } = create();
      composition.detach();
      return region.buffer;
    },
    attach(buffer, id) {
      const { layout, plan } = planOf(parts);
      const region = attachRegion(layout, buffer);
      return sideOf(attachComposition(plan, region, joinComposition(plan, region, id)), parts);
    },
  };
}
