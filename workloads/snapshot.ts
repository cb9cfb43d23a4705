/**
 * Who waits for what and who holds what, as plain data: what the watchdog judges by.
 *
 * @module
 */

/** A worker that has not ended yet. */
export interface WorkerState {
  readonly worker: number;
  /** Whether it frees nothing before somebody serves it. */
  readonly isStuck: boolean;
  /** Differs where it did anything else since the last look. */
  readonly changes: number;
}

/** A caller in a queue. */
export interface WaiterState {
  readonly worker: number;
  readonly waitedMs: number;
}

/** Elements of one pool with one worker. */
export interface Holding {
  readonly worker: number;
  readonly elements: number;
}

/** A pool and its queue. */
export interface PoolState {
  readonly name: string;
  /** The worker whose own pool it is; null where all workers share it. */
  readonly owner: number | null;
  /** M. */
  readonly min: number;
  /** The pools that may serve it while the back ends do not, with what is in their reserves. */
  readonly below: readonly { readonly name: string; readonly current: number }[];
  /** Other pools that keep their reserves on the same floor of an allocator, as it or those below do: what is freed there fills it. */
  readonly beside: readonly string[];
  readonly waiters: readonly WaiterState[];
  /** Workers about to notice that they were handed an element, or asked to look again. */
  readonly noticing: readonly number[];
  /** How often somebody who waits here has looked for himself in vain. */
  readonly tries: number;
  /**
   * How often the allocator at the bottom had nothing when it was asked as hard as the policies ever ask; null where
   * that is not to be seen.
   */
  readonly refusals: number | null;
}

/** One look at a run. */
export interface Snapshot {
  /** Those that have not ended. */
  readonly workers: readonly WorkerState[];
  /** All pools; none while nobody is stuck. */
  readonly pools: readonly PoolState[];
}
