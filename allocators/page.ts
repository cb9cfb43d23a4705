/**
 * The page allocator: blocks of 2^order array-buffer pages from the arena, behind a depot. What highmem bounce
 * buffers use in Linux, and the plainest buffer pool there is.
 *
 * @module
 */
import { unlogged } from "../sync/journal.ts";
import { MAX_ORDER, type MemorySpec } from "./arena.ts";
import { attachDepot, countsOf, type Depot } from "./depot.ts";
import { planDepot } from "./depot_plan.ts";
import type { AllocatorKind, AttachContext, Backend, OptionValues } from "./kind.ts";
import type { Source } from "./magazine.ts";
import { attachRefill, attachSpill } from "./reclaim.ts";

/** Batches of blocks from the arena and the depot. */
function pageSource(context: AttachContext, depot: Depot, order: number): Source {
  const { arena, renewed, region: { words } } = context;
  return {
    refill: attachRefill(context, {
      depot,
      order,
      take(to, want, floor) {
        const kept = depot.pop(to, want);
        if (kept > 0) return kept;
        const got = arena.take(order, to, arena.short() ? 1 : want, floor);
        if (renewed !== undefined) words.subarray(to, to + got).forEach(renewed);
        return got;
      },
    }),
    spill: attachSpill(context, {
      depot,
      give: (from, count) => arena.give(order, from, count),
    }),
    contended: depot.lock.met,
    isShort: arena.short,
  };
}

/** Gives a depot's elements back to the arena, a batch and a step at a time, through the words from `scratch` on. */
function emptyDepot(
  { arena, region, journal = unlogged(region.words) }: AttachContext,
  depot: Depot,
  order: number,
  scratch: number,
) {
  depot.lock.acquire();
  let given = 0;
  for (
    let got = depot.pop(scratch, SCRATCH_WORDS);
    got > 0;
    got = depot.pop(scratch, SCRATCH_WORDS)
  ) {
    arena.give(order, scratch, got);
    journal.commit();
    given += got;
  }
  depot.release();
  return given;
}

function orderOf(options: OptionValues, name: string): number {
  const order = Number(options.order);
  if (Number.isInteger(order) && order >= 0 && order <= MAX_ORDER) return order;
  throw new RangeError(
    `Cannot plan page allocator "${name}" as order must be an integer from 0 to ${MAX_ORDER}: ` +
      `current value is ${order}`,
  );
}

const SCRATCH_WORDS = 64;

/** Blocks of 2^order array-buffer pages. */
export const page: AllocatorKind = {
  summary: "array-buffer pages from a shared buddy allocator with watermarks",
  scope: "shared",
  options: {
    order: {
      type: "integer",
      summary: "blocks of 2^order pages",
      default: 0,
      min: 0,
      max: MAX_ORDER,
    },
  },
  plan(options, { layout, name, memory }) {
    const order = orderOf(options, name);
    const capacity = memory.growTo >> order;
    const depotPlan = planDepot(layout, name, capacity);
    // Under the depot's lock, so one for all workers.
    const scratch = layout.words(`${name}/scratch`, SCRATCH_WORDS);
    const elementBytes = memory.pageBytes << order;
    return {
      capacity,
      elementBytes,
      elementPages: 1 << order,
      keepsIdleBytes: true,
      depot: depotPlan,
      attach(context): Backend {
        const { region, participant, floorFilled, journal } = context;
        const depot = attachDepot(region, depotPlan, participant.id, floorFilled, journal);
        const { buffer, memoryAt } = region;
        return {
          source: pageSource(context, depot, order),
          direct: null,
          bytes: (handle) =>
            new Uint8Array(buffer, memoryAt + (handle - 1) * elementBytes, elementBytes),
          shrink: () => emptyDepot(context, depot, order, scratch),
          hoarded: () => depot.count(),
          footprint() {
            const elements = depot.results().inUse + depot.count();
            return { pages: elements << order, elements };
          },
          check() {},
          counts: () => countsOf(depot),
          resetCounts: () => depot.resetCounts(),
        };
      },
    };
  },
};

/** How many blocks of an order the memory holds at its largest. */
export function blocksIn(memory: MemorySpec, order: number): number {
  return memory.growTo >> order;
}
