/**
 * What a kind of workload is: what it says of itself for scenario files, and how one worker runs it.
 *
 * @module
 */
import type { Mempool } from "../../pools/mempool.ts";
import type { Participant } from "../../sync/mod.ts";
import type { Meter } from "../meter.ts";
import type { WorkloadKind } from "../registries.ts";
import type { WorkloadSpec } from "../scenario.ts";
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
  readonly participant: Participant;
  readonly meter: Meter;
  /** Whether this worker may spin: there are cores enough. */
  readonly maySpin: boolean;
  /** The recorded trace, for replays. */
  readonly program: ReplayProgram | null;
}

/** One worker's share of a load. */
export interface Load {
  /** Runs until its time is over, it is stopped, or it has nothing left to do. */
  run(): Promise<void>;
  /** Elements of each pool that it holds now. */
  held(): ReadonlyMap<Mempool, number>;
  /** Frees everything that it holds. */
  release(): void;
}

/** A registered kind of workload: one file, one line in `mod.ts`. */
export interface LoadKind extends WorkloadKind {
  /** Makes ready; nothing is allocated from the pools before `run()`. */
  start(context: LoadContext): Load;
}
