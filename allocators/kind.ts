/**
 * What a registered allocator kind is: what it says of itself, how many bytes an element has, and how to
 * plan and attach it. Planning is the same code in every worker; what it returns attaches one worker.
 *
 * @module
 */
import type { Journal } from "../sync/journal.ts";
import type { Layout, Region } from "../sync/region.ts";
import type { Participant } from "../sync/participant.ts";
import type { TakeBulk } from "./all_or_none.ts";
import type { Allocator, Context, Handle } from "./allocator.ts";
import type { Arena, MemorySpec } from "./arena.ts";
import type { DepotPlan } from "./depot_plan.ts";
import type { Source, Tagging } from "./magazine.ts";
import type { Kind, OptionValue, PartSpec } from "./option.ts";
import type { Shrinker } from "./shrinker.ts";

/** A kind's options as parsed: base units, defaults filled in. */
export type OptionValues = Readonly<Record<string, OptionValue>>;

/** What planning an allocator may use. */
export interface PlanContext {
  /** Where to reserve words. */
  readonly layout: Layout;
  /** The allocator's name in its composition, for blocks and messages. */
  readonly name: string;
  /** The page memory of the composition. */
  readonly memory: MemorySpec;
  /** Workers that will attach, the coordinator included. */
  readonly participants: number;
  /** What its elements are put together of, planned before it; only for a kind with an option of type `parts`. */
  readonly parts?: readonly PlannedPart[];
}

/** A part, and what it is taken from. */
export interface PlannedPart extends PartSpec {
  /** The allocator that its elements come from in the end: the same for all pools that stand on it. */
  readonly root: string;
  /** How that was planned. */
  readonly planned: PlannedAllocator;
}

/** Where a part is taken from and given back to: an allocator, or a pool, which does not wait here. */
export interface PartHome extends Allocator {
  /** Makes an element that is out there the caller's own. Only where elements are tagged. */
  adopt?(handle: Handle): void;
  /** The bytes of an element. */
  bytes(handle: Handle): Uint8Array;
  /** What an element is put together of, in order; only where it is. */
  parts?(handle: Handle): readonly ElementPart[];
  /** A way to fill an array with elements, again and again: all of them or none. A pool does not wait here either. */
  bulk(into: Int32Array): TakeBulk;
}

/** One element of others in an element that is put together. */
export interface ElementPart {
  /** The allocator or the pool that it was taken from. */
  readonly of: string;
  /** Its handle there. */
  readonly handle: Handle;
  /** Its bytes. */
  readonly bytes: Uint8Array;
}

/** What attaching an allocator may use. */
export interface AttachContext {
  /** The planned words and the memory behind them. */
  readonly region: Region;
  /** The page memory. */
  readonly arena: Arena;
  /** The worker that attaches. */
  readonly participant: Participant;
  /** What it notes of what it changes under locks. None if not given: nobody outlives it then. */
  readonly journal?: Journal;
  /** How elements of an allocator that is called directly are tagged; only where it hands them out by itself. */
  readonly tagging?: Tagging;
  /**
   * Direct reclaim: gives what magazines and depots hoard back to the arena, as far as it can be reached.
   * Never called under a lock. @returns whether more may come back soon from workers that run.
   */
  reclaim(): boolean;
  /** What direct reclaim asks before that: memory that is at nobody's hand. None if not given. */
  readonly shrinkers?: readonly Shrinker[];
  /**
   * Hears of each free element whose bytes may have changed since it was freed: its memory was away, or was made anew. Given
   * where somebody looks after the bytes of idle elements.
   */
  readonly renewed?: (handle: Handle) => void;
  /** Hears, under no lock, that free elements came to the floor of its depot; given where somebody waits for that. */
  readonly floorFilled?: () => void;
  /**
   * What a part is taken from, by name; only where the kind has an option of type `parts`. To be asked for once everything
   * is attached: not before the first allocation.
   */
  part?(name: string): PartHome;
}

/** What an allocator counts of itself, apart from its fronts. */
export interface AllocatorCounts {
  /** Atomic allocations that got nothing. */
  readonly atomicFailures: number;
  /** Blocking allocations that got nothing. */
  readonly blockingFailures: number;
  /** Elements that direct reclaim brought. */
  readonly reclaimed: number;
  /** Elements that marked calls took from its floor, and put back there: no front sees these. */
  readonly marked: { readonly allocs: number; readonly frees: number };
  /** Most elements out of its free lists at once, those in magazines included. */
  readonly peakInUse: number;
  /** How often its own lock was taken, and found held. */
  readonly lock: { readonly acquisitions: number; readonly contended: number };
}

/** What an allocator has taken from the arena and not given back. */
export interface Footprint {
  /** Pages, used or not. */
  readonly pages: number;
  /** Elements that these pages are cut into, out or not. */
  readonly elements: number;
}

/**
 * An allocator whose handles nobody has looked at yet. A pool looks at them as it notes their owner, with one compare: what was
 * here before and is back may go out again.
 */
export interface Unchecked {
  /** What is called. */
  readonly allocator: Allocator;
  /**
   * Looks at a handle that was never here before, or that is none.
   *
   * @throws {Error} where it may not be one, or was out already: where that is so, its caller says.
   */
  verify(handle: Handle, context: Context, isOut: boolean): Handle;
}

/** An attached allocator: elements in batches for a magazine, or one by one. */
export interface Backend {
  /** Batches, for the magazine that will stand in front; null where the allocator is called directly. */
  readonly source: Source | null;
  /** The allocator itself where there is no magazine in front, else null. */
  readonly direct: Allocator | null;
  /** What `direct` calls and looks at, where a pool may do both itself: nowhere if not given. */
  readonly unchecked?: Unchecked;
  /** The bytes of an element; empty where there are none. A fresh view at each call: keep it. */
  bytes(handle: Handle): Uint8Array;
  /** What an element is put together of in the end, in order: the parts of a part in its place. Only where it is. */
  parts?(handle: Handle): readonly ElementPart[];
  /** The elements of others that its elements have now; only where they are put together. May be called at any time. */
  partsInUse?(): readonly { readonly of: string; readonly handle: Handle }[];
  /** Gives back what its depot hoards. @returns elements given back. */
  shrink(): number;
  /** Free elements that it holds back from the arena: its depot, its slabs. Exact while nobody allocates or frees. */
  hoarded(): number;
  /** What it has of the arena. Exact while nobody allocates or frees. */
  footprint(): Footprint;
  /** Throws where an invariant of its own does not hold. Only while nobody allocates or frees. */
  check(): void;
  /** What it counted since the last reset. */
  counts(): AllocatorCounts;
  /** Sets the counts to 0. Only while nobody allocates or frees. */
  resetCounts(): void;
}

/** A planned allocator. */
export interface PlannedAllocator {
  /** The largest handle that it ever hands out; 0 where elements are not tracked. */
  readonly capacity: number;
  /** Bytes in an element, all of its parts together; 0 where it has none. */
  readonly elementBytes: number;
  /**
   * Pages of the arena in one element, for planning: a fraction where several share a slab, 0 where it takes none.
   * What is really taken, {@linkcode Backend.footprint} says.
   */
  readonly elementPages: number;
  /**
   * Whether it leaves the bytes of idle elements alone but for those that it names to {@linkcode AttachContext.renewed}, so
   * that they can be poisoned: no if not given.
   */
  readonly keepsIdleBytes?: boolean;
  /**
   * The depot of its elements, where it has one that can keep some of them for marked callers: a reservation inside the
   * allocator needs it. Left out where elements are put together of others', or are somebody else's to keep.
   */
  readonly depot?: DepotPlan;
  /**
   * Fetches what must be at hand before a worker can attach, where there is such a thing. To be awaited once in each
   * worker, and by whoever wants to know before any worker starts.
   *
   * @throws {LoadError} where what the options name cannot be used.
   */
  load?(): Promise<void>;
  /** Attaches one worker. */
  attach(context: AttachContext): Backend;
}

/** A registered kind of allocator. */
export interface AllocatorKind extends Kind {
  /** Whether elements are shared by all workers, or each worker has its own. */
  readonly scope: "shared" | "worker";
  /**
   * Where elements have the size that their user names: the bytes of the size class that serves so many, 0 where there is
   * none so large. Each class in use is planned for itself, with its bytes as `objectBytes` among the options.
   */
  readonly classBytes?: (objectBytes: number, memory: MemorySpec) => number;
  /** Plans the words of one allocator of this kind: the same calls of the layout in every worker. */
  plan(options: OptionValues, context: PlanContext): PlannedAllocator;
}

/** What the elements of an allocator are put together of: the value of its option of type `parts`, or nothing. */
export function partsIn(kind: Kind, options: OptionValues): readonly PartSpec[] {
  return Object.keys(kind.options).flatMap((key) => {
    const value = options[key] ?? null;
    return kind.options[key]!.type === "parts" && typeof value === "object" ? value ?? [] : [];
  });
}

/** The footprint of an allocator that takes nothing from the arena. */
export const NO_FOOTPRINT: Footprint = { pages: 0, elements: 0 };

/** The counts of an allocator that has none. */
export const NO_COUNTS: AllocatorCounts = {
  atomicFailures: 0,
  blockingFailures: 0,
  reclaimed: 0,
  marked: { allocs: 0, frees: 0 },
  peakInUse: 0,
  lock: { acquisitions: 0, contended: 0 },
};
