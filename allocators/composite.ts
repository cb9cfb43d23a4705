/**
 * Elements put together of others' elements: a request from a pool, a bio from a slab, sixteen pages. An element is
 * built in the order in which its parts are listed, all or nothing: where a part cannot be had, those taken so far go
 * back in reverse order, each to where it came from, a nested pool's through that pool. It is taken apart in reverse
 * order too.
 *
 * Every part is asked as the caller of the whole asks: with ATOMIC none sleeps; with BLOCKING each may reclaim, but a pool
 * among them does not wait ({@linkcode AttachContext.part}), since whoever builds holds the parts before it, and two
 * builders that waited for each other's would wait for ever.
 *
 * There is no magazine in front. What it held would be whole elements that nobody uses, kept from the nested pools and
 * from those who wait there.
 *
 * An element has no bytes of its own: {@linkcode Backend.parts} has those of its parts. Its price, `elementBytes`, is what
 * they have together.
 *
 * Invariant, under the lock: handles ever used = free handles in the depot + elements, where each element has all of its
 * parts and a free handle none; while one is built or taken apart, it has the first few.
 *
 * | word | name | who writes | who may read stale |
 * |---|---|---|---|
 * | 0 | handles ever used: 1 to this | under the lock | nobody |
 * | 1 | a handle on its way to or from the depot | under the lock | nobody |
 * | per handle | its parts, in order; 0 where there is none | who builds or takes it apart | checks |
 *
 * The lock is the depot's, and is not held while parts are taken or given back.
 *
 * @module
 */
import type { Region } from "../sync/region.ts";
import { type Allocator, type Context, type Handle, NONE } from "./allocator.ts";
import { attachDepot, countsOf, type Depot, type DepotPlan, planDepot } from "./depot.ts";
import type {
  AllocatorKind,
  AttachContext,
  Backend,
  ElementPart,
  PartHome,
  PlanContext,
  PlannedAllocator,
  PlannedPart,
} from "./kind.ts";

const USED = 0;
const MOVING = 1;
const HEADER_WORDS = 2;

/** Words for parts that are planned where no part says how many of it there are. */
const PART_WORDS = 2 ** 16;

const NO_BYTES = new Uint8Array(0);

/** Where a composite allocator is. */
interface CompositePlan {
  readonly name: string;
  readonly parts: readonly PlannedPart[];
  readonly capacity: number;
  /** Elements of others in one element. */
  readonly width: number;
  readonly depot: DepotPlan;
  readonly at: number;
  readonly partsAt: number;
}

/** A part with its place among the words of an element. */
interface AttachedPart {
  readonly of: string;
  readonly home: PartHome;
  readonly first: number;
  readonly count: number;
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}

/** Elements that the parts suffice for, with nobody else to take any. */
function capacityOf(parts: readonly PlannedPart[], width: number): number {
  const tracked = parts.filter(({ planned }) => planned.capacity > 0 || planned.elementPages > 0);
  if (tracked.length === 0) return Math.max(1, Math.floor(PART_WORDS / width));
  const byRoot = [...Map.groupBy(tracked, ({ root }) => root).values()];
  return Math.min(
    ...byRoot.map((same) =>
      Math.floor(same[0]!.planned.capacity / sum(same, ({ count }) => count))
    ),
  );
}

/** The free handles, each call under the lock by itself. */
function attachHandles({ words }: Region, { at, capacity }: CompositePlan, depot: Depot) {
  return {
    take(): Handle {
      depot.lock.acquire();
      let handle = NONE;
      if (depot.pop(at + MOVING, 1) > 0) handle = words[at + MOVING]!;
      else if (words[at + USED]! < capacity) handle = words[at + USED] = words[at + USED]! + 1;
      if (handle !== NONE) depot.use(1);
      depot.lock.release();
      return handle;
    },
    give(handle: Handle): void {
      depot.lock.acquire();
      words[at + MOVING] = handle;
      depot.push(at + MOVING, 1);
      depot.use(-1);
      depot.lock.release();
    },
    fail(context: Context): void {
      depot.lock.acquire();
      depot.fail(context);
      depot.lock.release();
    },
  };
}

/** The parts with their homes, found once all of them are attached: when the first element is built. */
function partsWithHomes(plan: CompositePlan, context: AttachContext): () => AttachedPart[] {
  let parts: AttachedPart[] | null = null;
  return () => {
    let first = 0;
    return parts ??= plan.parts.map(({ of, count }) => {
      const part = { of, count, first, home: context.part!(of) };
      first += count;
      return part;
    });
  };
}

/** Builds elements and takes them apart, in the words of their parts. */
function attachBuilder(plan: CompositePlan, context: AttachContext) {
  const { words } = context.region;
  const parts = partsWithHomes(plan, context);
  const recordOf = (handle: Handle) => plan.partsAt + (handle - 1) * plan.width;

  /** Takes all of a part. @returns how many it got: all, or fewer where there are no more. */
  function takePart({ home, first, count }: AttachedPart, record: number, kind: Context): number {
    for (let index = 0; index < count; index++) {
      const part = home.allocate(kind);
      if (part === NONE) return index;
      words[record + first + index] = part;
    }
    return count;
  }

  return {
    /** @returns how many parts the element has now: all of them, or as many as there were. */
    build(handle: Handle, kind: Context): number {
      for (const part of parts()) {
        const got = takePart(part, recordOf(handle), kind);
        if (got < part.count) return part.first + got;
      }
      return plan.width;
    },
    /** Gives the first `built` parts back, the last of them first. */
    takeApart(handle: Handle, built: number): void {
      const record = recordOf(handle);
      for (const { home, first, count } of parts().toReversed()) {
        for (let index = Math.min(built, first + count) - 1; index >= first; index--) {
          const part = words[record + index]!;
          words[record + index] = NONE;
          home.free(part);
        }
      }
    },
    parts(handle: Handle): ElementPart[] {
      const record = recordOf(handle);
      return parts().flatMap(({ of, home, first, count }) =>
        Array.from(words.subarray(record + first, record + first + count), (part) => ({
          of,
          handle: part,
          bytes: home.bytes(part),
        }))
      );
    },
    /** How many of a handle's parts there are. */
    built(handle: Handle): number {
      const record = recordOf(handle);
      return words.subarray(record, record + plan.width).reduce(
        (built, part) => built + (part === NONE ? 0 : 1),
        0,
      );
    },
  };
}

type Builder = ReturnType<typeof attachBuilder>;

function checkElements(plan: CompositePlan, used: number, depot: Depot, builder: Builder): void {
  let whole = 0;
  let bare = 0;
  for (let handle = 1; handle <= used; handle++) {
    const built = builder.built(handle);
    if (built === plan.width) whole++;
    else if (built === 0) bare++;
    else throw new Error(`${plan.name}: element ${handle} has ${built} of ${plan.width} parts`);
  }
  const { inUse } = depot.results();
  if (whole !== inUse || bare !== depot.count()) {
    throw new Error(
      `${plan.name}: ${whole} whole and ${bare} bare elements are not ` +
        `${inUse} in use and ${depot.count()} free handles`,
    );
  }
}

function attachComposite(plan: CompositePlan, context: AttachContext): Backend {
  const { region, participant } = context;
  const depot = attachDepot(region, plan.depot, participant.id);
  const handles = attachHandles(region, plan, depot);
  const builder = attachBuilder(plan, context);
  const direct: Allocator = {
    allocate(kind) {
      const handle = handles.take();
      if (handle !== NONE) {
        const built = builder.build(handle, kind);
        if (built === plan.width) return handle;
        builder.takeApart(handle, built);
        handles.give(handle);
      }
      handles.fail(kind);
      return NONE;
    },
    free(handle) {
      builder.takeApart(handle, plan.width);
      handles.give(handle);
    },
  };
  return {
    source: null,
    direct,
    bytes: () => NO_BYTES,
    parts: builder.parts,
    shrink: () => 0,
    hoarded: () => 0,
    footprint: () => ({ pages: 0, elements: depot.results().inUse }),
    check: () => checkElements(plan, region.words[plan.at + USED]!, depot, builder),
    counts: () => countsOf(depot),
    resetCounts: () => depot.resetCounts(),
  };
}

function planComposite({ layout, name, parts = [] }: PlanContext): PlannedAllocator {
  const width = sum(parts, ({ count }) => count);
  if (width === 0) {
    throw new RangeError(`Cannot plan composite allocator "${name}" as it must have a part`);
  }
  const capacity = capacityOf(parts, width);
  const plan: CompositePlan = {
    name,
    parts,
    capacity,
    width,
    depot: planDepot(layout, name, capacity),
    at: layout.words(`${name}/handles`, HEADER_WORDS),
    partsAt: layout.words(`${name}/parts`, capacity * width),
  };
  return {
    capacity,
    elementBytes: sum(parts, ({ count, planned }) => count * planned.elementBytes),
    elementPages: sum(parts, ({ count, planned }) => count * planned.elementPages),
    attach: (context) => attachComposite(plan, context),
  };
}

/** Elements put together of the elements of others. */
export const composite: AllocatorKind = {
  summary: "elements put together of others' elements, all or nothing, in the listed order",
  scope: "shared",
  options: {
    parts: {
      type: "parts",
      summary: "what an element is put together of, in this order",
    },
  },
  plan: (_options, context) => planComposite(context),
};
