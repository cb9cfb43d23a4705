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
 * Invariant: handles ever used = free handles + elements, where each element has all of its parts and a free handle none;
 * while one is built or taken apart, it has the first few. No lock is held while parts are taken or given back.
 *
 * A part is its builder's, says the table of its home, and stays so with whomever the element is. Whoever takes the element apart makes it
 * his own before it is forgotten here. So of what a worker that died has by such a table, that is its own which no element here has.
 *
 * @module
 */
import { type Allocator, type Context, type Handle, NONE } from "./allocator.ts";
import { attachBuilder, type Builder, type PartsPlan } from "./composite_builder.ts";
import { attachHandles, type Handles, type HandlesPlan, planHandles } from "./composite_handles.ts";
import { countsOf } from "./depot.ts";
import type {
  AllocatorKind,
  AttachContext,
  Backend,
  PlanContext,
  PlannedAllocator,
  PlannedPart,
} from "./kind.ts";

/** Words for parts that are planned where no part says how many of it there are. */
const PART_WORDS = 2 ** 16;

const NO_BYTES = new Uint8Array(0);

/** Where a composite allocator is. */
interface CompositePlan {
  readonly name: string;
  readonly handles: HandlesPlan;
  readonly parts: PartsPlan;
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

function checkElements(
  { name, parts: { width } }: CompositePlan,
  handles: Handles,
  builder: Builder,
) {
  const { depot } = handles;
  const used = handles.used();
  let whole = 0;
  let bare = 0;
  for (let handle = 1; handle <= used; handle++) {
    const built = builder.built(handle);
    if (built === width) whole++;
    else if (built === 0) bare++;
    else throw new Error(`${name}: element ${handle} has ${built} of ${width} parts`);
  }
  const { inUse } = depot.results();
  if (whole !== inUse || bare !== depot.count()) {
    throw new Error(
      `${name}: ${whole} whole and ${bare} bare elements are not ` +
        `${inUse} in use and ${depot.count()} free handles`,
    );
  }
}

/** The allocator over its handles and parts: nothing is lost where a part throws, be it taken or given back. */
function attachDirect(handles: Handles, builder: Builder): Allocator {
  function free(handle: Handle): void {
    try {
      builder.takeApart(handle);
    } finally {
      handles.give(handle);
    }
  }

  function build(handle: Handle, context: Context): boolean {
    let isWhole = false;
    try {
      return isWhole = builder.build(handle, context);
    } finally {
      if (!isWhole) free(handle);
    }
  }

  return {
    allocate(context) {
      const handle = handles.take();
      if (handle !== NONE && build(handle, context)) return handle;
      handles.fail(context);
      return NONE;
    },
    free,
  };
}

function attachComposite(plan: CompositePlan, context: AttachContext): Backend {
  const handles = attachHandles(context, plan.handles);
  const builder = attachBuilder(plan.parts, context);
  const { depot } = handles;
  return {
    source: null,
    direct: attachDirect(handles, builder),
    bytes: () => NO_BYTES,
    parts: builder.parts,
    partsInUse: () => builder.inUse(handles.used()),
    shrink: () => 0,
    hoarded: () => 0,
    footprint: () => ({ pages: 0, elements: depot.results().inUse }),
    check: () => checkElements(plan, handles, builder),
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
    handles: planHandles(layout, name, capacity),
    parts: { parts, width, at: layout.words(`${name}/parts`, capacity * width) },
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
