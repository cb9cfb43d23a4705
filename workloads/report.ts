/**
 * What crosses between coordinator and workers: the job one way, the report the other. Plain data only.
 *
 * @module
 */
import type { MempoolCounts, MempoolMarks } from "../pools/mempool.ts";
import type { PoolLatencies } from "./meter.ts";
import type { Scenario } from "./scenario.ts";
import type { ReplayProgram } from "./traces/program.ts";

/** What the kinds of arrival and of hold have read for a scenario, in shared memory; null where they read nothing. */
export interface RecordedColumns {
  readonly arrival: Float64Array<SharedArrayBuffer> | null;
  readonly hold: Float64Array<SharedArrayBuffer> | null;
}

/** Nothing was read. */
export const NOTHING_RECORDED: RecordedColumns = { arrival: null, hold: null };

/** What a worker is told. */
export interface Job {
  readonly scenario: Scenario;
  readonly buffer: SharedArrayBuffer;
  /** The words of its own pools, which the coordinator watches too; null where everything is shared. */
  readonly privateBuffer: SharedArrayBuffer | null;
  readonly worker: number;
  /** The name under which it lives: see `sync/life.ts`. */
  readonly life: string;
  readonly seed: number;
  readonly maySpin: boolean;
  readonly program: ReplayProgram | null;
  readonly recorded: RecordedColumns;
  /** Where the load works in slots, and where they stand; null where it runs from beginning to end. */
  readonly slots: SharedArrayBuffer | null;
}

/** What one worker did in one pool. */
export interface PoolReport {
  readonly counts: MempoolCounts;
  /** Elements that the load held at the stop. */
  readonly held: number;
  /** Counted after the stop, while everything was given back. */
  readonly afterStop: { readonly allocs: number; readonly frees: number };
  /** Elements out in a private pool's owner table when everything had been released; 0 for shared pools. */
  readonly leaked: number;
  readonly latencies: PoolLatencies;
  /** The marks of a private pool; null for shared pools. */
  readonly marks: MempoolMarks | null;
}

/** What one worker did with one allocator. */
export interface AllocatorReport {
  readonly allocs: number;
  readonly frees: number;
  readonly cacheHits: number;
  /** Refused by the layer above the allocator, or by a private allocator itself. */
  readonly atomicFailures: number;
  readonly blockingFailures: number;
  /** Peak of a private allocator; 0 for shared ones. */
  readonly peakInUse: number;
}

/** What a worker reports when it is done. */
export interface WorkerReport {
  readonly type: "done";
  readonly worker: number;
  /** On the clock that all workers share, milliseconds. */
  readonly startMs: number;
  readonly endMs: number;
  readonly untimed: { readonly allocs: number; readonly ns: number };
  readonly slices: Float64Array;
  /** As the meter has them. */
  readonly sliceHits: Float64Array;
  readonly arrivals: { readonly due: number; readonly begun: number };
  /** Pairs in each cell of a grid, and how long they took; none where there is no grid. */
  readonly cells: readonly { readonly pairs: number; readonly ns: number }[];
  readonly pools: Readonly<Record<string, PoolReport>>;
  readonly allocators: Readonly<Record<string, AllocatorReport>>;
}

/** What a worker of the usual module says before anything else: its modules are loaded, and it has no job yet. */
export interface WorkerLoaded {
  readonly type: "loaded";
}

/** What a worker says first of its job: from then on its death can be told. */
export interface WorkerAlive {
  readonly type: "alive";
}

/** What a worker says when it cannot go on, before it ends. */
export interface WorkerFailure {
  readonly type: "failed";
  readonly worker: number;
  readonly message: string;
  /** Whether it was the input's fault. */
  readonly input: boolean;
}
