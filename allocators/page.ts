/**
 * The page allocator: blocks of 2^order array-buffer pages from the arena, behind a depot. What highmem bounce
 * buffers use in Linux, and the plainest buffer pool there is.
 *
 * @module
 */
import { BLOCKING } from "./allocator.ts";
import { type Arena, MAX_ORDER, type MemorySpec } from "./arena.ts";
import { attachDepot, type Depot, planDepot } from "./depot.ts";
import type { AllocatorKind, AttachContext, Backend } from "./kind.ts";
import type { Source } from "./magazine.ts";

/** How often, and how long each time, direct reclaim waits for running workers to answer. */
const AWAITED_ROUNDS = 4;
const AWAITED_MS = 0.05;

/** Batches of blocks from the arena and the depot. */
function pageSource(context: AttachContext, depot: Depot, order: number): Source {
  const { arena, participant } = context;

  function takeAbove(floor: number, to: number, want: number): number {
    depot.lock.acquire();
    let got = depot.pop(to, want);
    if (got === 0) got = arena.take(order, to, arena.short() ? 1 : want, floor);
    if (got > 0) depot.use(got);
    depot.lock.release();
    return got;
  }

  /** Direct reclaim, bounded: what others hoard, what growth gives, what lies below min, what comes back soon. */
  function takeAfterReclaim(to: number): number {
    const { min } = arena.memory.watermarks;
    let mayComeBack = context.reclaim();
    let got = takeAbove(min, to, 1);
    if (got === 0 && arena.grow(order) > 0) got = takeAbove(min, to, 1);
    if (got === 0) got = takeAbove(0, to, 1);
    for (let round = 0; got === 0 && mayComeBack && round < AWAITED_ROUNDS; round++) {
      participant.park(() => arena.awaitGiven(AWAITED_MS));
      got = takeAbove(0, to, 1);
      mayComeBack = !participant.stopped();
    }
    return got;
  }

  return {
    refill(to, want, kind) {
      let got = takeAbove(arena.memory.watermarks.min, to, want);
      if (got > 0) return got;
      if (kind === BLOCKING) got = takeAfterReclaim(to);
      depot.lock.acquire();
      if (got === 0) depot.fail(kind);
      else depot.reclaim(got);
      depot.lock.release();
      return got;
    },
    spill(from, count) {
      depot.lock.acquire();
      depot.use(-count);
      if (arena.short()) arena.give(order, from, count);
      else depot.push(from, count);
      depot.lock.release();
    },
  };
}

/** Gives a depot's elements back to the arena, a batch at a time through the words from `scratch` on. */
function emptyDepot(depot: Depot, arena: Arena, order: number, scratch: number, batch: number) {
  depot.lock.acquire();
  let given = 0;
  for (let got = depot.pop(scratch, batch); got > 0; got = depot.pop(scratch, batch)) {
    arena.give(order, scratch, got);
    given += got;
  }
  depot.lock.release();
  return given;
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
    const order = Number(options.order);
    const capacity = memory.growTo >> order;
    const depotPlan = planDepot(layout, name, capacity);
    // Under the depot's lock, so one for all workers.
    const scratch = layout.words(`${name}/scratch`, SCRATCH_WORDS);
    const elementBytes = memory.pageBytes << order;
    return {
      capacity,
      elementBytes,
      elementPages: 1 << order,
      attach(context): Backend {
        const depot = attachDepot(context.region, depotPlan, context.participant.id);
        const { buffer, memoryAt } = context.region;
        return {
          source: pageSource(context, depot, order),
          direct: null,
          bytes: (handle) =>
            new Uint8Array(buffer, memoryAt + (handle - 1) * elementBytes, elementBytes),
          shrink: () => emptyDepot(depot, context.arena, order, scratch, SCRATCH_WORDS),
          hoarded: () => depot.count(),
          counts: () => ({
            ...depot.results(),
            lock: {
              acquisitions: depot.lock.acquisitions(),
              contended: depot.lock.contended(),
            },
          }),
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
