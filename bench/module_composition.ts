/**
 * A pool over an allocator of the user's own: the example of the repository, so that what is measured is what the
 * README tells people to begin with.
 *
 * @module
 */
import { createComposition, joinComposition } from "../pools/composition.ts";
import { planComposition } from "../pools/composition_plan.ts";
import type { Mempool } from "../pools/mempool.ts";
import { createRegion, Layout } from "../sync/mod.ts";
import { ELEMENT_BYTES } from "./subject.ts";

/** The module of the allocator. */
export const FREE_LIST: string =
  new URL("../allocators/examples/free_list.ts", import.meta.url).href;

/** A pool over the allocator, 64 in reserve. */
export async function modulePool(): Promise<Mempool> {
  const layout = new Layout();
  const plan = planComposition(layout, {
    memory: { pages: 1, pageBytes: 4096, watermarks: { min: 0, low: 0, high: 0 }, growTo: 1 },
    allocators: { own: { kind: "module", path: FREE_LIST, objectBytes: ELEMENT_BYTES } },
    pools: { pool: { over: "own", minReserve: 64, policy: "five-level" } },
    participants: 1,
    asyncSlots: 1,
  });
  for (const { planned } of plan.allocators) await planned.load?.();
  const region = createRegion(layout, plan.memoryBytes);
  return createComposition(plan, region, joinComposition(plan, region, 0)).pool("pool");
}
