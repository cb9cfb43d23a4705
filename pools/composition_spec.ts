/**
 * What to put together: allocators and pools by name, as plain data that every worker plans alike.
 *
 * @module
 */
import type { MemorySpec } from "../allocators/arena.ts";
import type { OptionValues } from "../allocators/kind.ts";
import type { PolicySpec } from "./policy.ts";

/** An allocator by its kind's name and options. */
export interface AllocatorSpec extends OptionValues {
  /** The registered kind. */
  readonly kind: string;
}

/** A pool by the name of what it stands on. */
export interface PoolSpec {
  /** The allocator or the pool that it stands on. */
  readonly over: string;
  /** Bytes that its users want of an element: over an allocator of many sizes, and nowhere else. */
  readonly objectBytes?: number;
  /** M, the elements to hold in reserve. */
  readonly minReserve: number;
  /**
   * The largest M that a resize may ask for, since the reserve's place is planned once. If not given, all elements that the
   * allocator can have (65536 where it doesn't say), which costs address space and no memory until it is used.
   */
  readonly maxReserve?: number;
  /** A registered policy's name, or one of the user's own. */
  readonly policy: PolicySpec;
  /** The largest magazine of a worker, rounds, where less than the allocator would give is wanted; 1 is as good as none. */
  readonly magazine?: number;
}

/** What to put together. */
export interface CompositionSpec {
  /** The page memory under all shared allocators. */
  readonly memory: MemorySpec;
  /** Allocators by name. */
  readonly allocators: Readonly<Record<string, AllocatorSpec>>;
  /** Pools by name. */
  readonly pools: Readonly<Record<string, PoolSpec>>;
  /** Workers that attach, the coordinator included. */
  readonly participants: number;
  /** Callers of one worker that may wait in one pool's queue on the event loop; more wait their turn in the worker. */
  readonly asyncSlots: number;
  /** Whether idle elements are poisoned, and checked when they are taken: no if not given. */
  readonly debug?: boolean;
  /** Whether a cache of pages competes for the memory: no if not given. */
  readonly pageCache?: boolean;
}
