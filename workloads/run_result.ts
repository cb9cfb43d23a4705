/**
 * From what the workers of a run reported, and what they left in shared memory, to its part of the result.
 *
 * @module
 */
import type { MempoolCounts, MempoolMarks } from "../pools/mempool.ts";
import { compilePolicy } from "../pools/compiled_policy.ts";
import { type AllocatorPlan, resolvePolicy } from "../pools/composition_plan.ts";
import { merge } from "../results/distribution.ts";
import { Histogram, type HistogramData } from "../results/histogram.ts";
import { histogramText } from "../results/histogram_text.ts";
import {
  type AllocatorResult,
  type ArrivalResult,
  type CellResult,
  type DeathResult,
  LEVEL_NAMES,
  type LevelResult,
  type PoolHistograms,
  type PoolResult,
  type Run,
  type WorkerResult,
} from "../results/result.ts";
import type { Outcome } from "./coordinator.ts";
import { cutOff } from "./cut_off.ts";
import { mergedBursts } from "./failure_bursts.ts";
import { heldAbove, isStoodOn } from "./held_above.ts";
import type { LoadKind } from "./kinds/load.ts";
import { cellsOf } from "./kinds/matrix_cells.ts";
import * as loadRegistry from "./kinds/mod.ts";
import type { PoolReport, WorkerReport } from "./report.ts";
import { allocatorPlans, poolPlans } from "./run_plan.ts";
import type { Scenario } from "./scenario.ts";
import { judgeRun } from "./run_steady_state.ts";

const LOADS: Readonly<Record<string, LoadKind>> = loadRegistry;

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}

function largest<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((most, item) => Math.max(most, value(item)), 0);
}

function mergeHistograms(parts: readonly HistogramData[]): Histogram {
  const merged = new Histogram();
  for (const part of parts) merged.add(Histogram.from(part));
  return merged;
}

/** Marks of all private pools of one name together. */
function sumMarks(marks: readonly MempoolMarks[]): MempoolMarks {
  return {
    min: sum(marks, ({ min }) => min),
    current: sum(marks, ({ current }) => current),
    lowWater: sum(marks, ({ lowWater }) => lowWater),
    peakMin: sum(marks, ({ peakMin }) => peakMin),
    maxDepth: largest(marks, ({ maxDepth }) => maxDepth),
    elementBytes: marks[0]?.elementBytes ?? 0,
    lock: {
      acquisitions: sum(marks, ({ lock }) => lock.acquisitions),
      contended: sum(marks, ({ lock }) => lock.contended),
    },
  };
}

/** Latencies of a pool: each level's, and all together weighted by the operations that they stand for. */
function poolLatencies(reports: readonly PoolReport[]) {
  const levels = LEVEL_NAMES.map((_, level) =>
    mergeHistograms(reports.map(({ latencies }) => latencies.levels[level]!))
  );
  const fast = sum(reports, ({ latencies }) => latencies.fastOperations);
  const parts = levels.map((histogram, level) => ({
    histogram,
    operations: level === 0 ? Math.max(fast, histogram.count) : histogram.count,
  }));
  return { levels, all: merge(parts.filter(({ operations }) => operations > 0)) };
}

function levelResults(counts: readonly MempoolCounts[], histograms: readonly Histogram[]) {
  const allocs = sum(counts, (count) => count.allocs);
  return LEVEL_NAMES.map((name, index): LevelResult => {
    const hits = sum(counts, (count) => count.hits[index]!);
    return {
      level: index + 1 as LevelResult["level"],
      name,
      hits,
      rate: allocs === 0 ? 0 : hits / allocs,
      latencyNs: histograms[index]!.summarize(),
    };
  });
}

/** The latencies of a pool in full, worker by worker. */
function poolHistograms(reports: readonly PoolReport[]): PoolHistograms {
  return {
    levels: LEVEL_NAMES.map((_, level) =>
      reports.map(({ latencies }) => histogramText(latencies.levels[level]!))
    ),
    response: reports.map(({ latencies }) => histogramText(latencies.response)),
  };
}

/** Elements held at the stop. Of a pool that others stand on: what they gave back after it, and what they still have. */
function heldOf(
  scenario: Scenario,
  outcome: Outcome,
  name: string,
  reports: readonly PoolReport[],
): number {
  if (!isStoodOn(scenario, name)) return sum(reports, ({ held }) => held);
  return sum(reports, ({ afterStop }) => afterStop.frees - afterStop.allocs) +
    heldAbove(scenario, name, (pool) => surplusOf(outcome, pool) + leakedOf(outcome, pool));
}

/** What the reserve of a pool, or of each worker's pool of this name, has more at the end than at the start. */
function surplusOf(outcome: Outcome, name: string): number {
  const shared = outcome.composition.pools.find((pool) => pool.name === name);
  const own = outcome.reports.flatMap((report) => report?.pools[name]?.marks ?? []);
  const planned = poolPlans(outcome.plan).find((pool) => pool.name === name)!.spec.minReserve;
  return sum(shared === undefined ? own : [shared.marks()], ({ current }) => current - planned);
}

/** Elements of a pool, or of each worker's pool of this name, that are out in the end, with nobody to free them. */
function leakedOf({ composition, reports }: Outcome, name: string): number {
  if (composition.pools.some((pool) => pool.name === name)) return composition.outstanding(name);
  return sum(reports, (report) => report?.pools[name]?.leaked ?? 0);
}

/** What somebody took without a pool and did not give back: elements of allocators, and pages of the cache. */
function leakedWithoutPool(outcome: Outcome): number {
  const { composition } = outcome;
  const { allocators, pageCache } = composition;
  const out = sum(
    allocators,
    ({ name }) => Math.max(0, composition.outstanding(name) - withUnstopped(outcome, name)),
  );
  return out + (pageCache?.pages() ?? 0);
}

/** What those have who did not stop, and may still give back. */
function withUnstopped({ composition, unstopped }: Outcome, name: string): number {
  return sum(unstopped, (worker) => composition.outstanding(name, worker));
}

/** Elements of the operations that deaths may have cut off, or that those are in who did not stop: one of each worker. */
function mostCutOff({ workload: { take } }: Scenario, { burials, unstopped }: Outcome): number {
  return (burials.length + unstopped.length) *
    largest(take, ({ count, how }) => how === "bulk" ? count : 1);
}

function poolResult(
  scenario: Scenario,
  outcome: Outcome,
  name: string,
  reports: readonly PoolReport[],
  hasArrivals: boolean,
): PoolResult {
  const shared = outcome.composition.pools.find((pool) => pool.name === name);
  // The coordinator takes nothing, but gives back what reserves that adapt have left over, and what the dead have.
  const told = [
    ...reports.map((report) => report.counts),
    ...shared === undefined ? [] : [shared.counts()],
  ];
  const held = heldOf(scenario, outcome, name, reports);
  // What is in elements of other pools is counted there.
  const withOthers = isStoodOn(scenario, name) ? 0 : withUnstopped(outcome, name);
  const leaked = leakedOf(outcome, name) - (shared === undefined ? 0 : withOthers);
  const account = {
    allocs: sum(told, ({ allocs }) => allocs),
    frees: sum(told, ({ frees }) => frees),
  };
  const counts = [...told, cutOff({ ...account, held, leaked }, mostCutOff(scenario, outcome))];
  const { levels, all } = poolLatencies(reports);
  const response = mergeHistograms(reports.map(({ latencies }) => latencies.response));
  const marks = shared?.marks() ?? sumMarks(reports.flatMap((report) => report.marks ?? []));
  return {
    allocs: sum(counts, (count) => count.allocs),
    frees: sum(counts, (count) => count.frees),
    held,
    none: sum(counts, ({ none }) => none),
    failed: sum(counts, ({ failed }) => failed),
    leaked,
    levels: levelResults(counts, levels),
    latencyNs: all,
    responseNs: hasArrivals ? response.summarize() : null,
    waits: {
      count: sum(counts, ({ hits }) => hits[4]),
      maxDepth: marks.maxDepth,
      maxNs: largest(counts, ({ maxWaitNs }) => maxWaitNs),
      abandoned: sum(counts, ({ abandoned }) => abandoned),
    },
    reserve: {
      min: marks.min,
      current: marks.current,
      lowWater: marks.lowWater,
      ...(marks.peakMin > marks.min ? { peakMin: marks.peakMin } : {}),
      bytes: marks.min * marks.elementBytes,
    },
    lock: marks.lock,
    ...failuresOf(scenario, name, reports),
  };
}

/** How the back end failed, where every allocation was timed and the policy asks it first. */
function failuresOf(
  { pools }: Scenario,
  name: string,
  reports: readonly PoolReport[],
): Pick<PoolResult, "failures"> {
  const failures = mergedBursts(reports.map(({ latencies }) => latencies.failures));
  const asksFirst = compilePolicy(resolvePolicy(pools[name]!.policy)).backendFirst;
  return failures.seenNs > 0 && asksFirst ? { failures } : {};
}

function allocatorResult(
  outcome: Outcome,
  { name, planned }: AllocatorPlan,
  done: readonly WorkerReport[],
) {
  const reports = done.flatMap((report) => report.allocators[name] ?? []);
  const shared = outcome.composition.allocators.find((allocator) => allocator.name === name);
  const counts = shared?.backend.counts();
  const coordinator = shared === undefined ? null : outcome.composition.served(name);
  const peakInUse = counts?.peakInUse ?? sum(reports, (report) => report.peakInUse);
  return {
    allocs: sum(reports, ({ allocs }) => allocs) + (counts?.marked.allocs ?? 0),
    frees: sum(reports, ({ frees }) => frees) + (counts?.marked.frees ?? 0) +
      (coordinator?.frees ?? 0),
    atomicFailures: sum(reports, (report) => report.atomicFailures) +
      (counts?.atomicFailures ?? 0),
    blockingFailures: sum(reports, (report) => report.blockingFailures) +
      (counts?.blockingFailures ?? 0),
    cacheHits: sum(reports, ({ cacheHits }) => cacheHits),
    magazineRounds: outcome.composition.largestMagazine(name),
    reclaimed: counts?.reclaimed ?? 0,
    peakInUse,
    bytes: peakInUse * planned.elementBytes,
    lock: counts?.lock ?? { acquisitions: 0, contended: 0 },
  } satisfies AllocatorResult;
}

/** What competed for the memory, where anything did. */
function pageCacheResult({ composition }: Outcome): Pick<Run, "pageCache"> {
  const counts = composition.pageCache?.counts();
  return counts === undefined ? {} : { pageCache: counts };
}

/** What is told of a death. */
function deathResult({ atNs, message, recoveryNs, recovery }: Outcome["burials"][number]) {
  const { locks, undone, returned, adopted, queue, inTransit, kept, unrecovered } = recovery;
  const during = locks !== null ? "lock" : Object.keys(queue).length > 0 ? "queue" : "load";
  const recovered = { locks: locks ?? [], undone, returned, adopted, queue, inTransit, kept };
  return {
    atNs,
    message,
    during,
    recoveryNs,
    recovered: { ...recovered, unrecovered },
  } satisfies DeathResult;
}

function workerResults(outcome: Outcome): WorkerResult[] {
  return outcome.reports.map((report, id) => {
    if (report === undefined) return { id, allocs: 0, startNs: 0, endNs: 0, exit: "error" };
    const death = outcome.burials.find(({ worker }) => worker === id);
    const measured = {
      id,
      allocs: sum(Object.values(report.pools), ({ counts }) => counts.allocs),
      startNs: Math.round((report.startMs - outcome.openedMs) * 1e6),
      endNs: Math.round((report.endMs - outcome.openedMs) * 1e6),
    };
    if (death !== undefined) return { ...measured, exit: "died", died: deathResult(death) };
    if (outcome.unstopped.includes(id)) return { ...measured, exit: "unstopped" };
    return { ...measured, exit: exitOf(outcome) };
  });
}

/** How those ended who live: as they were to, unless the run was stopped before its time. */
function exitOf({ ending, failures }: Outcome): WorkerResult["exit"] {
  return ending === "done" || ending === "failed" && failures.length === 0 ? "done" : "interrupted";
}

function throughput(done: readonly WorkerReport[], allocs: number, spanNs: number): number {
  const untimed = sum(
    done,
    (report) => report.untimed.ns > 0 ? report.untimed.allocs / report.untimed.ns : 0,
  );
  if (untimed > 0) return untimed * 1e9;
  return spanNs > 0 ? allocs / spanNs * 1e9 : 0;
}

/** The cells of a grid: each worker's rate by its own clock, all together. */
function cellResults(
  { workload }: Scenario,
  { plan }: Outcome,
  done: readonly WorkerReport[],
): CellResult[] {
  if (workload.kind !== "matrix") return [];
  const pools = [...plan.shared.pools, ...plan.private?.plan.pools ?? []];
  return cellsOf(workload).map((cell, index) => ({
    ...cell,
    cache: pools.find(({ name }) => name === cell.pool)!.front.maxRounds,
    pairsPerSecond: Math.round(sum(done, ({ cells }) => {
      const { pairs, ns } = cells[index] ?? { pairs: 0, ns: 0 };
      return ns > 0 ? pairs / ns * 1e9 : 0;
    })),
  }));
}

function arrivalResult(done: readonly WorkerReport[]): ArrivalResult {
  return {
    due: sum(done, ({ arrivals }) => arrivals.due),
    begun: sum(done, ({ arrivals }) => arrivals.begun),
  };
}

/** The result of one run. */
export function runResult(
  scenario: Scenario,
  outcome: Outcome,
  run: { readonly repeat: number; readonly seed: number },
): Run {
  const { kind, warmup, workers: ofLoad } = scenario.workload;
  // Elements go from hand to hand, so counts are everybody's, a pressure's worker included; all else is the load's.
  const everybody = outcome.reports.filter((report) => report !== undefined);
  const done = everybody.filter(({ worker }) => worker < ofLoad);
  const hasArrivals = LOADS[kind]?.hasArrivals === true;
  const pools = Object.fromEntries(
    Object.keys(scenario.pools).map((name) => {
      const reports = everybody.flatMap((report) => report.pools[name] ?? []);
      return [name, poolResult(scenario, outcome, name, reports, hasArrivals)];
    }),
  );
  const histograms = Object.fromEntries(
    Object.keys(scenario.pools).map((name) => {
      const reports = done.flatMap((report) => report.pools[name] ?? []);
      return [name, poolHistograms(reports)];
    }),
  );
  const allocators = Object.fromEntries(
    allocatorPlans(outcome.plan).map((plan) => {
      return [plan.name, allocatorResult(outcome, plan, everybody)];
    }),
  );
  const workers = workerResults(outcome).slice(0, ofLoad);
  // A replay goes as its trace goes, a grid's cells are meant to differ, and slots are nothing in one piece.
  const isUneven = kind === "replay" || kind === "matrix" || outcome.wasInSlots;
  const steadyState = isUneven ? null : judgeRun(scenario, outcome);
  const spanNs = largest(workers, ({ endNs }) => endNs);
  const measuredNs = Math.max(0, spanNs - (kind === "replay" ? 0 : warmup));
  return {
    ...run,
    measuredNs,
    steady: steadyState?.verdict === "steady",
    steadyState,
    cells: cellResults(scenario, outcome, done),
    arrivals: hasArrivals ? arrivalResult(done) : null,
    allocsPerSecond: throughput(done, sum(workers, ({ allocs }) => allocs), spanNs),
    cpuNs: outcome.cpuNs,
    pools,
    histograms,
    allocators,
    ...pageCacheResult(outcome),
    workers,
    timeline: outcome.timeline,
    leaked: sum(Object.values(pools), ({ leaked }) => leaked) + leakedWithoutPool(outcome),
  };
}
