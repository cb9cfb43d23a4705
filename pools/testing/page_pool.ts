/**
 * Mempools over the real page allocator, several participants in one thread where a test wants them.
 *
 * @module
 */
import type { MemorySpec } from "../../allocators/arena.ts";
import { createRegion, Layout, type Region } from "../../sync/mod.ts";
import {
  attachComposition,
  type Composition,
  createComposition,
  joinComposition,
  type Layer,
} from "../composition.ts";
import {
  type CompositionPlan,
  type CompositionSpec,
  planComposition,
} from "../composition_plan.ts";
import type { Policy } from "../policy.ts";

/** Memory without watermarks that cannot grow. */
export function flatMemory(pages: number): MemorySpec {
  return { pages, pageBytes: 256, watermarks: { min: 0, low: 0, high: 0 }, growTo: pages };
}

/** What to make: one pool called "pool" over pages called "page". */
export interface PagePoolOptions {
  readonly memory: MemorySpec;
  readonly minReserve: number;
  /** "five-level" if not given. */
  readonly policy?: string | Policy;
  /** 1 if not given. */
  readonly participants?: number;
  readonly layer?: Layer | null;
}

/** The composition for such a pool. */
export function pageSpec(options: PagePoolOptions): CompositionSpec {
  const { memory, minReserve, policy = "five-level", participants = 1 } = options;
  return {
    memory,
    allocators: { page: { kind: "page", order: 0 } },
    pools: { pool: { over: "page", minReserve, policy } },
    participants,
    asyncSlots: 4,
  };
}

/** A planned composition, attached by every participant in this thread. */
export interface PlannedPools {
  readonly plan: CompositionPlan;
  readonly region: Region;
  /** The composition as each participant sees it. */
  readonly sides: readonly Composition[];
}

/** A caller that has slept so often, with nobody left to wake it, is never served: some seconds. */
const MOST_SLEEPS = 100;

/** Has a blocking caller of this thread give up after some seconds: a hang fails with a sentence. */
export function boundSleeps({ participant }: Composition): void {
  let sleeps = 0;
  participant.whileWaiting = () => {
    if (++sleeps > MOST_SLEEPS) throw new Error("the caller sleeps and sleeps");
    return Infinity;
  };
}

/** Makes a composition and attaches every participant in this thread. */
export function composed(spec: CompositionSpec, layer: Layer | null = null): PlannedPools {
  const layout = new Layout();
  const plan = planComposition(layout, spec);
  const region = createRegion(layout, plan.memoryBytes);
  const first = createComposition(plan, region, joinComposition(plan, region, 0), layer);
  const others = Array.from({ length: spec.participants - 1 }, (_, index) => {
    return attachComposition(plan, region, joinComposition(plan, region, index + 1), layer);
  });
  const sides = [first, ...others];
  sides.forEach(boundSleeps);
  return { plan, region, sides };
}

/** A pool over pages, attached by every participant in this thread. */
export function pagePool(options: PagePoolOptions): PlannedPools {
  return composed(pageSpec(options), options.layer);
}
