/**
 * Subjects over an allocator of the user's own, as its module gives it, and a mempool over it.
 *
 * @module
 */
import { BLOCKING, type Handle, NONE } from "../allocators/allocator.ts";
import { loadModule } from "../allocators/load_module.ts";
import { createComposition, joinComposition } from "../pools/composition.ts";
import { planComposition } from "../pools/composition_plan.ts";
import type { Mempool } from "../pools/mempool.ts";
import { createRegion, Layout } from "../sync/mod.ts";
import { ELEMENT_BYTES, type SyncPool, type SyncSubject } from "./subject.ts";

/** The example of the repository: what is measured is what the README tells people to begin with. */
export const FREE_LIST = "../allocators/examples/free_list.ts";

/** The same, with some work. */
export const ZEROING_LIST = "./modules/zeroing_list.ts";

/** How a module is used. */
export interface ModuleParts {
  /** The module, from this folder. */
  readonly module: string;
  /** Called as it is; by somebody who looks whether he got something, as everybody must; or through a mempool, who need not. */
  readonly use: "bare" | "looked-at" | "mempool";
}

/** A pool over the allocator, 64 in reserve. */
async function poolOver(path: string): Promise<Mempool> {
  const layout = new Layout();
  const plan = planComposition(layout, {
    memory: { pages: 1, pageBytes: 4096, watermarks: { min: 0, low: 0, high: 0 }, growTo: 1 },
    allocators: { own: { kind: "module", path, objectBytes: ELEMENT_BYTES } },
    pools: { pool: { over: "own", minReserve: 64, policy: "five-level" } },
    participants: 1,
    asyncSlots: 1,
  });
  for (const { planned } of plan.allocators) await planned.load?.();
  const region = createRegion(layout, plan.memoryBytes);
  return createComposition(plan, region, joinComposition(plan, region, 0)).pool("pool");
}

function nothingLeft(): never {
  throw new Error("the allocator has nothing left");
}

async function create({ module, use }: ModuleParts): Promise<SyncPool<Handle>> {
  const path = new URL(module, import.meta.url).href;
  if (use === "mempool") {
    const pool = await poolOver(path);
    return { allocate: () => pool.allocate(BLOCKING), free: (handle) => pool.free(handle) };
  }
  const allocator = await loadModule(path, { objectBytes: ELEMENT_BYTES });
  const free = (handle: Handle) => allocator.free(handle);
  if (use === "bare") return { allocate: () => allocator.allocate(BLOCKING), free };
  return {
    allocate() {
      const handle = allocator.allocate(BLOCKING);
      return handle === NONE ? nothingLeft() : handle;
    },
    free,
  };
}

/** A subject over a module. */
export function moduleSubject(
  name: string,
  summary: string,
  parts: ModuleParts,
): SyncSubject<Handle> {
  return { name, summary, isAwaited: false, create: () => create(parts) };
}
