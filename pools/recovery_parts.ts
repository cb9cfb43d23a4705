/**
 * What is known and noted while things are put right after a death: see `recovery.ts`.
 *
 * @module
 */
import type { Handle } from "../allocators/allocator.ts";
import type { PageCache } from "../allocators/page_cache.ts";
import type { Journal, Participant, Region } from "../sync/mod.ts";
import type { AttachedAllocator, Magazines } from "./attached_allocator.ts";
import type { CompositionPlan } from "./composition_plan.ts";
import type { Mempool } from "./mempool.ts";

/** What a dead participant had, and what became of it. */
export interface Recovery {
  /** Who died. */
  readonly participant: number;
  /** Names of the locks that it held; null where it held none. */
  readonly locks: readonly string[] | null;
  /** Words put back to what they were before the step that it was in. */
  readonly undone: number;
  /**
   * Elements that it held, now freed, by the pool that they are of, or by the allocator where it used that without a pool; pages that it had of
   * the page cache, as "page-cache".
   */
  readonly returned: Readonly<Record<string, number>>;
  /** Elements from its magazines, by allocator. */
  readonly adopted: Readonly<Record<string, number>>;
  /** Elements that it was moving from one place to another, and what had been handed to it. */
  readonly inTransit: number;
  /** Places in queues that it left, by pool. */
  readonly queue: Readonly<Record<string, number>>;
  /** Participants that it had claimed, and that were let go. */
  readonly claimed: readonly number[];
  /** Elements that it had handed out and that were left alone, since somebody else has them. */
  readonly kept: number;
  /** The recoveries that it had begun, done to the end. */
  readonly finished: readonly Recovery[];
  /** What could not be put right, in sentences. */
  readonly unrecovered: readonly string[];
}

/** What to leave alone. */
export interface RecoverOptions {
  /**
   * Whether an element of the pool or the allocator `name` that the dead one allocated is somebody else's now, or on its way to him. None are
   * if not given.
   */
  readonly keep?: (name: string, handle: Handle) => boolean;
}

/** A composition, as one who recovers sees it. */
export interface RecoveryParts {
  readonly plan: CompositionPlan;
  readonly region: Region;
  readonly participant: Participant;
  readonly journal: Journal;
  /** The cache of pages that competes for the memory; null where there is none. */
  readonly pageCache: PageCache | null;
  readonly allocators: readonly AttachedAllocator[];
  readonly pools: readonly Mempool[];
  readonly magazines: readonly Magazines[];
  /** Empties the magazines of a participant that is claimed. */
  readonly drainOf: (other: number) => number;
  /** What was freed of dead ones beforehand, until it is told. */
  readonly taken: TakenOver;
}

/** A recovery on its way. */
export type Counts = { -readonly [Key in keyof Recovery]: Recovery[Key] } & {
  readonly returned: Record<string, number>;
  readonly adopted: Record<string, number>;
  readonly queue: Record<string, number>;
};

/** What came of taking locks over, for each of the dead. */
export type TakenOver = Map<number, { undone: number; locks: readonly string[] | null }>;

/** Nothing to be put right, after whoever died: what others are made from. */
export const NOTHING_RECOVERED: Omit<Recovery, "participant"> = {
  locks: null,
  undone: 0,
  returned: {},
  adopted: {},
  inTransit: 0,
  queue: {},
  claimed: [],
  kept: 0,
  finished: [],
  unrecovered: [],
};

/** Notes so many of something. */
export function add(counts: Record<string, number>, name: string, count: number): void {
  if (count > 0) counts[name] = (counts[name] ?? 0) + count;
}
