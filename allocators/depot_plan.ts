/**
 * The words of a depot, planned by the same code in every worker. What they mean stands in `depot.ts`.
 *
 * @module
 */
import { planLock } from "../sync/lock.ts";
import { type Layout, LINE_WORDS } from "../sync/region.ts";

/** Where a depot is. */
export interface DepotPlan {
  /** Its lock. */
  readonly lockAt: number;
  /** Its first word. */
  readonly at: number;
}

/** Plans a depot for at most `capacity` elements. */
export function planDepot(layout: Layout, name: string, capacity: number): DepotPlan {
  return {
    lockAt: planLock(layout, `${name}/depot`),
    at: layout.words(`${name}/depot`, LINE_WORDS + capacity),
  };
}
