/**
 * Subjects over an allocator of the user's own, as its module gives it, and a mempool over it.
 *
 * @module
 */
import { type Allocator, BLOCKING, type Handle } from "../allocators/allocator.ts";
import { loadModule } from "../allocators/load_module.ts";
import { type Composition, createComposition, joinComposition } from "../pools/composition.ts";
import { planComposition } from "../pools/composition_plan.ts";
import { createRegion, Layout } from "../sync/mod.ts";
import { lookedAt, owned, ownedAndCounted } from "./module_parts.ts";
import { ELEMENT_BYTES, type SyncPool, type SyncSubject } from "./subject.ts";

/** The example of the repository: what is measured is what the README tells people to begin with. */
export const FREE_LIST = "../allocators/examples/free_list.ts";

/** The same, with some work. */
export const ZEROING_LIST = "./modules/zeroing_list.ts";

/** How a module is used. */
export interface ModuleParts {
  /** The module, from this folder. */
  readonly module: string;
  /**
   * Called as it is; by somebody who looks whether he got something, as everybody must; with parts of what a mempool does; as the
   * allocator of a scenario, without a pool; or through a mempool.
   */
  readonly use: "bare" | "looked-at" | "owned" | "counted" | "kind" | "mempool";
}

/** A composition of the allocator, and of a pool over it, 64 in reserve. */
async function compositionOf(path: string, hasPool: boolean): Promise<Composition> {
  const layout = new Layout();
  const plan = planComposition(layout, {
    memory: { pages: 1, pageBytes: 4096, watermarks: { min: 0, low: 0, high: 0 }, growTo: 1 },
    allocators: { own: { kind: "module", path, objectBytes: ELEMENT_BYTES } },
    pools: hasPool ? { pool: { over: "own", minReserve: 64, policy: "five-level" } } : {},
    participants: 1,
    asyncSlots: 1,
  });
  for (const { planned } of plan.allocators) await planned.load?.();
  const region = createRegion(layout, plan.memoryBytes);
  return createComposition(plan, region, joinComposition(plan, region, 0));
}

function called(allocator: Allocator): SyncPool<Handle> {
  // Not the binding of another module, which is looked at in each call, whether it has a value yet.
  const context = BLOCKING;
  return { allocate: () => allocator.allocate(context), free: (handle) => allocator.free(handle) };
}

async function create({ module, use }: ModuleParts): Promise<SyncPool<Handle>> {
  const path = new URL(module, import.meta.url).href;
  if (use === "mempool") return called((await compositionOf(path, true)).pool("pool"));
  if (use === "kind") return called((await compositionOf(path, false)).allocator("own").raw);
  const allocator = await loadModule(path, { objectBytes: ELEMENT_BYTES });
  if (use === "bare") return called(allocator);
  if (use === "looked-at") return lookedAt(allocator);
  return use === "owned" ? owned(allocator) : ownedAndCounted(allocator);
}

/** A subject over a module. */
export function moduleSubject(
  name: string,
  summary: string,
  parts: ModuleParts,
): SyncSubject<Handle> {
  return { name, summary, isAwaited: false, create: () => create(parts) };
}
