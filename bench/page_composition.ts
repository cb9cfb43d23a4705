/**
 * The page memory that the raw allocator and the mempool stand on: the very same for both, so that what
 * differs between them is the pool.
 *
 * @module
 */
import { type Composition, createComposition, joinComposition } from "../pools/composition.ts";
import { type CompositionSpec, planComposition } from "../pools/composition_plan.ts";
import { createRegion, Layout } from "../sync/mod.ts";
import { ELEMENT_BYTES, ELEMENTS } from "./subject.ts";

/** The allocator's name. */
export const PAGE = "page";

/** Page memory with an allocator over it, and these pools. */
export function pageComposition(pools: CompositionSpec["pools"]): Composition {
  const layout = new Layout();
  const plan = planComposition(layout, {
    memory: {
      pages: ELEMENTS,
      pageBytes: ELEMENT_BYTES,
      watermarks: { min: 0, low: 0, high: 0 },
      growTo: ELEMENTS,
    },
    allocators: { [PAGE]: { kind: "page", order: 0 } },
    pools,
    participants: 2,
    asyncSlots: 1,
  });
  const region = createRegion(layout, plan.memoryBytes);
  return createComposition(plan, region, joinComposition(plan, region, 0));
}
