/**
 * What a registered allocator kind is: what it says of itself, how many bytes an element has, and how to
 * plan and attach it. Planning is the same code in every worker; what it returns attaches one worker.
 *
 * @module
 */
import type { Layout, Region } from "../sync/region.ts";
import type { Participant } from "../sync/participant.ts";
import type { Allocator, Handle } from "./allocator.ts";
import type { Arena, MemorySpec } from "./arena.ts";
import type { Source } from "./magazine.ts";
import type { Kind } from "./option.ts";

/** A kind's options as parsed: base units, defaults filled in. */
export type OptionValues = Readonly<Record<string, number | string | boolean | null>>;

/** What planning an allocator may use. */
export interface PlanContext {
  readonly layout: Layout;
  /** The allocator's name in its composition, for blocks and messages. */
  readonly name: string;
  readonly memory: MemorySpec;
  readonly participants: number;
}

/** What attaching an allocator may use. */
export interface AttachContext {
  readonly region: Region;
  readonly arena: Arena;
  readonly participant: Participant;
  /**
   * Direct reclaim: gives what magazines and depots hoard back to the arena, as far as it can be reached.
   * Never called under a lock. @returns whether more may come back soon from workers that run.
   */
  reclaim(): boolean;
}

/** What an allocator counts of itself, apart from its fronts. */
export interface AllocatorCounts {
  readonly atomicFailures: number;
  readonly blockingFailures: number;
  readonly reclaimed: number;
  readonly peakInUse: number;
  readonly lock: { readonly acquisitions: number; readonly contended: number };
}

/** An attached allocator: elements in batches for a magazine, or one by one. */
export interface Backend {
  /** Batches, for the magazine that will stand in front; null where the allocator is called directly. */
  readonly source: Source | null;
  /** The allocator itself where there is no magazine in front, else null. */
  readonly direct: Allocator | null;
  /** The bytes of an element; empty where there are none. A fresh view at each call: keep it. */
  bytes(handle: Handle): Uint8Array;
  /** Gives back what its depot hoards. @returns elements given back. */
  shrink(): number;
  /** Free elements that it holds back from the arena (its depot). Exact while nobody allocates or frees. */
  hoarded(): number;
  counts(): AllocatorCounts;
  resetCounts(): void;
}

/** A planned allocator. */
export interface PlannedAllocator {
  /** The largest handle that it ever hands out; 0 where elements are not tracked. */
  readonly capacity: number;
  readonly elementBytes: number;
  /** Pages of the arena in one element; 0 where it takes none. */
  readonly elementPages: number;
  attach(context: AttachContext): Backend;
}

/** A registered kind of allocator. */
export interface AllocatorKind extends Kind {
  /** Whether elements are shared by all workers, or each worker has its own. */
  readonly scope: "shared" | "worker";
  plan(options: OptionValues, context: PlanContext): PlannedAllocator;
}

/** The counts of an allocator that has none. */
export const NO_COUNTS: AllocatorCounts = {
  atomicFailures: 0,
  blockingFailures: 0,
  reclaimed: 0,
  peakInUse: 0,
  lock: { acquisitions: 0, contended: 0 },
};
