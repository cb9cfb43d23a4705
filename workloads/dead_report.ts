/**
 * The report of a worker that is dead, from what it left in shared memory: its counts. Its latencies, and what it counted by the
 * clock, are lost with it. The same for one that lives and does not stop: its counts so far, and what it has.
 *
 * @module
 */
import { blockOf, Count, type FrontPlan, readCount } from "../allocators/front.ts";
import type { Composition } from "../pools/composition.ts";
import type { AllocatorPlan } from "../pools/composition_plan.ts";
import { countsBy, type MempoolCounts } from "../pools/mempool_counts.ts";
import { Histogram } from "../results/histogram.ts";
import { LEVEL_NAMES } from "../results/result.ts";
import type { Region } from "../sync/mod.ts";
import { mergedBursts } from "./failure_bursts.ts";
import { SLICES } from "./meter.ts";
import type { AllocatorReport, PoolReport, WorkerReport } from "./report.ts";
import type { View } from "./snapshot_reader.ts";

/** What is known of it. */
export interface DeadWorker {
  readonly worker: number;
  /** When it left the barrier, and when it was found dead, on the clock that all share, milliseconds. */
  readonly startMs: number;
  readonly endMs: number;
  /** Whether a layer stands between its pools and the allocators, which then have no magazines in between. */
  readonly isLayered: boolean;
  /** What all share, as the coordinator sees it. */
  readonly shared: Composition;
  /** Whether it lives, and has what it took. */
  readonly goesOn: boolean;
}

function countReader(region: Region, front: FrontPlan, participant: number) {
  const at = blockOf(front, participant);
  return (count: number) => readCount(region, at, count);
}

const NO_LATENCIES = {
  levels: LEVEL_NAMES.map(() => new Histogram().toData()),
  response: new Histogram().toData(),
  fastOperations: 0,
  failures: mergedBursts([]),
};

/** Its pools in one region. What it held of those of its own has gone with it, or is still there. */
function poolReports(
  { plan, region, owner }: View,
  { worker, goesOn, shared }: DeadWorker,
): [string, PoolReport][] {
  return plan.pools.map(({ name, front }) => {
    const counts = countsBy(countReader(region, front, owner === null ? worker : 0));
    const shares = goesOn && owner === null ? shared.outstanding(name, worker) : 0;
    const held = owner === null ? shares : counts.allocs - counts.frees;
    const afterStop = { allocs: 0, frees: 0 };
    const nothing = { afterStop, leaked: 0, latencies: NO_LATENCIES, marks: null };
    return [name, { counts, held, ...nothing }];
  });
}

/** The same as `servedOf` says of a worker that lives. */
function allocatorReport(
  { plan, region, owner }: View,
  { name, rawFront }: AllocatorPlan,
  { worker, isLayered, shared }: DeadWorker,
): AllocatorReport {
  const participant = owner === null ? worker : 0;
  const seen = owner === null ? shared.allocator(name) : null;
  const isTallied = seen?.rawTally != null;
  const hasMagazines = !isLayered && seen?.backend.source != null;
  const raw = isTallied ? countReader(region, rawFront, participant) : () => 0;
  const pools = plan.pools
    .filter(({ spec }) => spec.over === name && (hasMagazines || !isTallied))
    .map(({ front }) => countsBy(countReader(region, front, participant)));
  const sum = (of: (counts: MempoolCounts) => number) =>
    pools.reduce((total, counts) => total + of(counts), 0);
  const cached = raw(Count.fastAllocs);
  return {
    allocs: cached + raw(Count.backendServed) + sum(({ backendAllocs }) => backendAllocs),
    frees: raw(Count.fastFrees) + raw(Count.backendFreed) + sum(({ backendFrees }) => backendFrees),
    cacheHits: cached + (hasMagazines ? sum(({ cacheHits }) => cacheHits) : 0),
    atomicFailures: 0,
    blockingFailures: 0,
    peakInUse: 0,
  };
}

/** Puts the report together; `views` are those of the shared region, and of the worker's own where it has one. */
export function reportOfDead(dead: DeadWorker, views: readonly View[]): WorkerReport {
  const { worker, startMs, endMs } = dead;
  const own = views.filter(({ owner }) => owner === null || owner === worker);
  return {
    type: "done",
    worker,
    startMs,
    endMs,
    untimed: { allocs: 0, ns: 0 },
    slices: new Float64Array(SLICES),
    sliceHits: new Float64Array(SLICES * LEVEL_NAMES.length),
    arrivals: { due: 0, begun: 0 },
    cells: [],
    pools: Object.fromEntries(own.flatMap((view) => poolReports(view, dead))),
    allocators: Object.fromEntries(
      own.flatMap((view) =>
        view.plan.allocators.map((
          allocator,
        ) => [allocator.name, allocatorReport(view, allocator, dead)])
      ),
    ),
  };
}
