/**
 * The modules under exploration: the project's own, or a copy of them with a bug planted.
 *
 * @module
 */

/** What the explorer uses of them. */
export interface Subject {
  readonly sync: typeof import("../sync/mod.ts");
  readonly allocator: typeof import("../allocators/allocator.ts");
  readonly arena: typeof import("../allocators/arena.ts");
  readonly front: typeof import("../allocators/front.ts");
  readonly faulty: typeof import("../allocators/faulty.ts");
  readonly composition: typeof import("../pools/composition.ts");
  readonly plan: typeof import("../pools/composition_plan.ts");
  readonly errors: Pick<typeof import("../pools/mod.ts"), "DestroyedError" | "RefusedError">;
}

/** Where the project is. */
export const PROJECT: URL = new URL("../", import.meta.url);

/** Loads the modules of a tree. Once the hooks are installed. */
export async function loadSubject(root: URL = PROJECT): Promise<Subject> {
  const load = (path: string) => import(new URL(path, root).href);
  return {
    sync: await load("sync/mod.ts"),
    allocator: await load("allocators/allocator.ts"),
    arena: await load("allocators/arena.ts"),
    front: await load("allocators/front.ts"),
    faulty: await load("allocators/faulty.ts"),
    composition: await load("pools/composition.ts"),
    plan: await load("pools/composition_plan.ts"),
    errors: await load("pools/mod.ts"),
  };
}
