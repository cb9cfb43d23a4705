/**
 * The slab allocator (Bonwick, "The Slab Allocator: An Object-Caching Kernel Memory Allocator", USENIX Summer
 * 1994): blocks of pages cut into objects of one size, each constructed once, when its slab is made.
 *
 * Constructing an object here sets its bytes to zero. A freed object comes back as it was left, which is the point of
 * constructed objects: who frees one restores what the next user relies on, and nobody pays for it again. Objects are zero
 * once more only after their slab went back to the arena and another was made.
 *
 * Elements circulate between magazines and the depot. A slab sees its objects again when memory is short, or when
 * direct reclaim asks for what is hoarded: then empty slabs go back to the arena. While memory is not short, one empty slab
 * may stay, so that a user at the edge of a slab does not make and unmake it with each element.
 *
 * Invariant, under the lock: slabs * objects in a slab = in use + depot + free objects in slabs.
 *
 * One lock, the depot's, guards the lists as well. Lock order: depot, then arena.
 *
 * @module
 */
import { type Journal, unlogged } from "../sync/journal.ts";
import type { Arena } from "./arena.ts";
import { attachDepot, countsOf, type Depot } from "./depot.ts";
import { type DepotPlan, planDepot } from "./depot_plan.ts";
import type {
  AllocatorKind,
  AttachContext,
  Backend,
  OptionValues,
  PlanContext,
  PlannedAllocator,
} from "./kind.ts";
import type { Source } from "./magazine.ts";
import { attachRefill, attachSpill } from "./reclaim.ts";
import { type SlabGeometry, slabGeometry } from "./slab_geometry.ts";
import {
  attachSlabLists,
  planSlabLists,
  type SlabLists,
  type SlabListsPlan,
} from "./slab_lists.ts";

const SCRATCH_WORDS = 64;

/** Page memory starts on such a boundary, so that larger alignments could not be kept. */
const ALIGN_BYTES_MAX = 65536;

/** Where a slab allocator is. */
interface SlabPlan {
  readonly geometry: SlabGeometry;
  readonly objectBytes: number;
  readonly depot: DepotPlan;
  readonly lists: SlabListsPlan;
  /** Words under the depot's lock, so one run of them for all workers. */
  readonly scratch: number;
}

/** What the steps of one worker share. All of it stands under the depot's lock. */
interface SlabParts {
  readonly plan: SlabPlan;
  readonly words: Int32Array;
  /** The whole page memory. */
  readonly memory: Uint8Array;
  readonly arena: Arena;
  readonly depot: Depot;
  readonly lists: SlabLists;
  readonly journal: Journal;
  readonly renewed: AttachContext["renewed"];
}

/** Makes a slab of pages from the arena, by way of the word at `to`. @returns whether there were pages above the floor. */
function makeSlab(parts: SlabParts, to: number, floor: number): boolean {
  const { plan, words, memory, arena, lists, renewed } = parts;
  const { order, slabBytes, objectsPerSlab } = plan.geometry;
  if (arena.take(order, to, 1, floor) === 0) return false;
  const slab = words[to]! - 1;
  memory.fill(0, slab * slabBytes, (slab + 1) * slabBytes);
  lists.add(slab);
  if (renewed !== undefined) {
    for (let index = 1; index <= objectsPerSlab; index++) renewed(slab * objectsPerSlab + index);
  }
  return true;
}

/**
 * Gives empty slabs back to the arena, a slab and a step at a time; one may stay where that is allowed and memory is not short. @returns how
 * many went.
 */
function giveEmptySlabs(
  { plan, words, arena, lists, journal }: SlabParts,
  mayKeep: boolean,
): number {
  let given = 0;
  while (lists.emptySlabs() > (mayKeep && !arena.short() ? 1 : 0)) {
    words[plan.scratch] = lists.remove() + 1;
    arena.give(plan.geometry.order, plan.scratch, 1);
    journal.commit();
    given++;
  }
  return given;
}

/** Batches of objects from the depot, the slabs and the arena, in that order. */
function slabSource(context: AttachContext, parts: SlabParts): Source {
  const { arena, depot, lists, plan } = parts;
  return {
    refill: attachRefill(context, {
      depot,
      order: plan.geometry.order,
      take(to, want, floor) {
        const batch = arena.short() ? 1 : want;
        const got = depot.pop(to, batch) || lists.take(to, batch);
        if (got > 0 || !makeSlab(parts, to, floor)) return got;
        return lists.take(to, arena.short() ? 1 : want);
      },
    }),
    spill: attachSpill(context, {
      depot,
      give(from, count) {
        lists.put(from, count);
        giveEmptySlabs(parts, true);
      },
    }),
    contended: depot.lock.met,
    isShort: arena.short,
  };
}

/** The shrinker: the depot's objects to their slabs, the empty slabs to the arena. @returns objects that went with them. */
function shrink(parts: SlabParts): number {
  const { depot, lists, plan, journal } = parts;
  const { scratch, geometry } = plan;
  depot.lock.acquire();
  try {
    for (let got = depot.pop(scratch, SCRATCH_WORDS); got > 0;) {
      lists.put(scratch, got);
      journal.commit();
      got = depot.pop(scratch, SCRATCH_WORDS);
    }
    return giveEmptySlabs(parts, false) * geometry.objectsPerSlab;
  } finally {
    depot.release();
  }
}

function checkSlabs({ depot, lists, plan }: SlabParts): void {
  lists.check();
  const objects = lists.slabs() * plan.geometry.objectsPerSlab;
  const { inUse } = depot.results();
  const [cached, free] = [depot.count(), lists.freeObjects()];
  if (inUse + cached + free !== objects) {
    throw new Error(
      `slab: ${inUse} in use + ${cached} in the depot + ${free} free are not ${objects} objects`,
    );
  }
}

function attachSlab(plan: SlabPlan, context: AttachContext): Backend {
  const { region, arena, participant, journal = unlogged(region.words) } = context;
  const { buffer, memoryAt, words } = region;
  const { order, slabBytes, strideBytes, objectsPerSlab } = plan.geometry;
  const depot = attachDepot(region, plan.depot, participant.id, context.floorFilled, journal);
  const lists = attachSlabLists(region, plan.lists, journal);
  const memory = new Uint8Array(buffer, memoryAt);
  const { renewed } = context;
  const parts: SlabParts = { plan, words, memory, arena, depot, lists, journal, renewed };
  return {
    source: slabSource(context, parts),
    direct: null,
    bytes(handle) {
      const slab = Math.floor((handle - 1) / objectsPerSlab);
      const index = handle - 1 - slab * objectsPerSlab;
      const at = memoryAt + slab * slabBytes + index * strideBytes;
      return new Uint8Array(buffer, at, plan.objectBytes);
    },
    shrink: () => shrink(parts),
    hoarded: () => depot.count() + lists.freeObjects(),
    footprint: () => ({
      pages: lists.slabs() << order,
      elements: lists.slabs() * objectsPerSlab,
    }),
    check: () => checkSlabs(parts),
    counts: () => countsOf(depot),
    resetCounts: () => depot.resetCounts(),
  };
}

function alignOf(options: OptionValues, name: string): number {
  const align = Number(options.align);
  if (align <= ALIGN_BYTES_MAX && Number.isInteger(Math.log2(align))) return align;
  throw new RangeError(
    `Cannot plan slab allocator "${name}" as align must be a power of two up to ${ALIGN_BYTES_MAX}: ` +
      `current value is ${align}`,
  );
}

function planSlab(
  options: OptionValues,
  { layout, name, memory }: PlanContext,
): PlannedAllocator {
  const objectBytes = Number(options.objectBytes);
  const geometry = slabGeometry({ objectBytes, align: alignOf(options, name) }, memory);
  const { order, objectsPerSlab, slabs } = geometry;
  const capacity = slabs * objectsPerSlab;
  const plan: SlabPlan = {
    geometry,
    objectBytes,
    depot: planDepot(layout, name, capacity),
    lists: planSlabLists(layout, name, geometry),
    scratch: layout.words(`${name}/scratch`, SCRATCH_WORDS),
  };
  return {
    capacity,
    elementBytes: objectBytes,
    elementPages: 2 ** order / objectsPerSlab,
    keepsIdleBytes: true,
    depot: plan.depot,
    attach: (context) => attachSlab(plan, context),
  };
}

/** Objects of one size, constructed once, in slabs of array-buffer pages. */
export const slab: AllocatorKind = {
  summary: "objects of one size in slabs of pages, zeroed once and handed out as they were left",
  scope: "shared",
  options: {
    objectBytes: {
      type: "bytes",
      summary: "size of an object",
      default: 256,
      min: 8,
      max: 2 ** 20,
    },
    align: {
      type: "bytes",
      summary: "every object starts at a multiple of this power of two",
      default: 8,
      min: 1,
      max: ALIGN_BYTES_MAX,
      powerOfTwo: true,
    },
  },
  plan: planSlab,
};
