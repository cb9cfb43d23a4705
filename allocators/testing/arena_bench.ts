/**
 * An arena alone, for one worker.
 *
 * @module
 */
import { createRegion, Layout, type Region } from "../../sync/mod.ts";
import { type Arena, type ArenaPlan, attachArena, type MemorySpec, planArena } from "../arena.ts";

/** An arena with words for handles, and what a test does with it. */
export interface ArenaBench {
  readonly arena: Arena;
  readonly plan: ArenaPlan;
  readonly region: Region;
  /** Words for handles. */
  readonly scratch: number;
  /** Takes blocks. @returns their handles. */
  take(order: number, want?: number, floor?: number): number[];
  /** Gives blocks back. */
  give(order: number, ...handles: readonly number[]): void;
}

/** An arena over memory of its own, all of it free. */
export function arenaBench(memory: MemorySpec): ArenaBench {
  const layout = new Layout();
  const plan = planArena(layout, "test", memory);
  const scratch = layout.words("scratch", memory.growTo);
  const region = createRegion(layout, memory.growTo * memory.pageBytes);
  const arena = attachArena(region, plan, 0);
  arena.initialise();
  return {
    arena,
    plan,
    region,
    scratch,
    take(order, want = 1, floor = 0) {
      const got = arena.take(order, scratch, want, floor);
      return [...region.words.subarray(scratch, scratch + got)];
    },
    give(order, ...handles) {
      region.words.set(handles, scratch);
      arena.give(order, scratch, handles.length);
    },
  };
}

/** Which blocks are free, by their first page: order + 1, or 0. */
export function freeBlocks({ region, plan, arena }: ArenaBench): number[] {
  return [...region.words.subarray(plan.orderAt, plan.orderAt + arena.pages())];
}
