/**
 * What a kind of workload is: what it says of itself for scenario files, and how one worker runs it.
 *
 * @module
 */
import type { OptionValues } from "../../allocators/kind.ts";
import type { BottomAllocator } from "../../pools/composition.ts";
import type { Mempool } from "../../pools/mempool.ts";
import type { Layout, Participant, Region } from "../../sync/mod.ts";
import type { Estate, EstateContext } from "../estate.ts";
import type { Meter } from "../meter.ts";
import type { WorkloadKind } from "../registries.ts";
import type { RecordedColumns } from "../report.ts";
import type { TakeSpec, WorkloadSpec } from "../scenario.ts";
import type { ReplayProgram } from "../traces/program.ts";

/** What a load runs on. */
export interface LoadContext {
  readonly workload: WorkloadSpec;
  readonly seed: number;
  /** This worker, from 0 up. */
  readonly worker: number;
  readonly workers: number;
  /** The pools that one task takes from, one entry for each element. */
  readonly takes: readonly Mempool[];
  /** The same for each alternative of `workload.takeOneOf`, of which it takes one after that. */
  readonly takesOneOf: readonly (readonly Mempool[])[];
  /** The allocator at the bottom of a pool, for a load that takes from it besides, without the pool. */
  readonly under: (pool: Mempool) => BottomAllocator;
  /**
   * Its `whileWaiting` frees what is due while a pool lets it wait, and says when more is. A load that passes the time in
   * any other way says itself, by `setStuck()`, when it frees nothing before somebody serves it: else no deadlock is found
   * that it is a part of.
   */
  readonly participant: Participant;
  readonly meter: Meter;
  /** Whether this worker may spin: there are cores enough. */
  readonly maySpin: boolean;
  /** The recorded trace, for replays. */
  readonly program: ReplayProgram | null;
  /** What the kinds of arrival and of hold have read, where they read anything. */
  readonly recorded: RecordedColumns;
  /** The words that all workers share, and where those are that the load has planned for itself; 0 at the start. */
  readonly region: Region;
  readonly places: readonly number[];
  /** Whether all pools that it takes from are shared, so that one worker may free what another took. */
  readonly sharesPools: boolean;
}

/** One worker's share of a load. */
export interface Load {
  /** Runs until its time is over, it is stopped, or it has nothing left to do. */
  run(): Promise<void>;
  /** Elements of each pool that it holds now. */
  held(): ReadonlyMap<Mempool, number>;
  /** Frees everything that it holds. */
  release(): void;
  /** Tasks that were due before the end and did not have their turn; left out where tasks have no time of their own. */
  overdue?(): number;
  /** Pairs in each cell, and how long they took; left out where there are no cells. */
  cells?(): readonly { readonly pairs: number; readonly ns: number }[];
}

/** How a worker takes elements of a pool one by one. */
export interface OneByOne {
  /** Tasks of one worker that may be at it at the same time; Infinity where nothing limits them. */
  readonly tasks: number;
  /** Elements that each of them takes before it frees any. */
  readonly elements: number;
  /** Whether it could as well take them together, as one bulk. */
  readonly couldBeBulk: boolean;
  /** Elements, of all workers together, that may lie where nobody frees them meanwhile; none if not given. */
  readonly besides?: number;
  /** Whether it uses the memory up itself, so that back ends that live serve nothing either: no if not given. */
  readonly fillsMemory?: boolean;
}

/** A registered kind of workload: one file, one line in `mod.ts`. */
export interface LoadKind extends WorkloadKind {
  /**
   * Plans words that its workers share besides the pools; left out where they share none.
   *
   * @returns where each block begins, in an order that the kind knows.
   */
  plan?(layout: Layout, workload: WorkloadSpec, program: ReplayProgram | null): readonly number[];
  /** What becomes of what its workers hand to each other once one is dead; left out where they hand over nothing. */
  estate?(context: EstateContext): Estate;
  /** Makes ready; nothing is allocated from the pools before `run()`. */
  start(context: LoadContext): Load;
  /** Whether its workers may pause between any two steps, some of them or all: no if not given. Others work on meanwhile. */
  readonly mayPause?: (workload: WorkloadSpec) => boolean;
  /** How it takes elements of a pool one by one; left out, or null, where nothing general can be said. */
  readonly oneByOne?: (workload: WorkloadSpec, pool: string) => OneByOne | null;
}

/** The options of the kind itself, which the type of all workloads does not know; base units. */
export function ownOptions(workload: WorkloadSpec): OptionValues {
  return workload as unknown as OptionValues;
}

/** Elements of a pool that a task takes one by one, at most. */
export function eachOf({ take, takeOneOf }: WorkloadSpec, pool: string): number {
  const oneByOne = (spec: TakeSpec) => spec.pool === pool && spec.how === "each" ? spec.count : 0;
  const always = take.reduce((sum, spec) => sum + oneByOne(spec), 0);
  const drawn = takeOneOf.filter(({ weight }) => weight > 0).map(oneByOne);
  return always + Math.max(0, ...drawn);
}
