/**
 * The handles of elements that are put together: those that are free, in a depot, and how many were ever used. Each call takes
 * the depot's lock by itself.
 *
 * | word | name | who writes | who may read stale |
 * |---|---|---|---|
 * | 0 | handles ever used: 1 to this | under the lock | nobody |
 * | 1 | a handle on its way to or from the depot | under the lock | nobody |
 *
 * @module
 */
import { unlogged } from "../sync/journal.ts";
import type { Layout } from "../sync/region.ts";
import { type Context, type Handle, NONE } from "./allocator.ts";
import { attachDepot, type Depot } from "./depot.ts";
import { type DepotPlan, planDepot } from "./depot_plan.ts";
import type { AttachContext } from "./kind.ts";
import { carriedTag } from "./owner_table.ts";

const USED = 0;
const MOVING = 1;
const HEADER_WORDS = 2;

/** Where the handles of a composite allocator are. */
export interface HandlesPlan {
  readonly at: number;
  readonly depot: DepotPlan;
  readonly capacity: number;
}

/** Plans `capacity` handles, from 1 up. */
export function planHandles(layout: Layout, name: string, capacity: number): HandlesPlan {
  return {
    at: layout.words(`${name}/handles`, HEADER_WORDS),
    depot: planDepot(layout, name, capacity),
    capacity,
  };
}

/** One worker's view of the handles. */
export interface Handles {
  readonly depot: Depot;
  /** Handles that were ever used. Exact while nobody takes or gives any. */
  used(): number;
  /** Takes one that nobody has. @returns NONE where there is none. */
  take(): Handle;
  /** Gives one back. */
  give(handle: Handle): void;
  /** Counts an allocation that got nothing. */
  fail(context: Context): void;
}

/** Attaches a worker to the handles: each is tagged as carried while it is neither in the depot nor with a user. */
export function attachHandles(context: AttachContext, plan: HandlesPlan): Handles {
  const { region, participant, tagging, journal = unlogged(region.words) } = context;
  const { words } = region;
  const { at, capacity } = plan;
  const depot = attachDepot(region, plan.depot, participant.id, () => {}, journal);

  function tag(handle: Handle, as: (tag: number) => number): void {
    if (tagging !== undefined) journal.set(tagging.owners + handle, as(tagging.tag));
  }

  return {
    depot,
    used: () => words[at + USED]!,
    take(): Handle {
      depot.lock.acquire();
      let handle = NONE;
      if (depot.pop(at + MOVING, 1) > 0) handle = words[at + MOVING]!;
      else if (words[at + USED]! < capacity) {
        handle = words[at + USED]! + 1;
        journal.set(at + USED, handle);
      }
      if (handle !== NONE) {
        depot.use(1);
        tag(handle, carriedTag);
      }
      depot.lock.release();
      return handle;
    },
    give(handle: Handle): void {
      depot.lock.acquire();
      words[at + MOVING] = handle;
      depot.push(at + MOVING, 1);
      depot.use(-1);
      tag(handle, (own) => -own);
      depot.lock.release();
    },
    fail(context: Context): void {
      depot.lock.acquire();
      depot.fail(context);
      depot.lock.release();
    },
  };
}
