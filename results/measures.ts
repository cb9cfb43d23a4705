/**
 * What of a result can be compared with another result, or followed over time: rows of pool, level and measure, each with
 * one value for each repeat. Whoever compares, exports or draws takes these rows, so that all of them speak of the same things.
 *
 * A row that some repeat lacks is left out: the repeats that have it are not a fair choice.
 *
 * @module
 */
import { poolNames } from "./across.ts";
import {
  type LatencySummary,
  LEVEL_NAMES,
  type LevelName,
  type PoolResult,
  type Result,
  type Run,
} from "./result.ts";

/** What is measured, in which unit, and in which direction it gets better. */
export interface Measure {
  /** Short, in kebab case. */
  readonly name: string;
  /** Nanoseconds, events per second, or a share from 0 to 1. */
  readonly unit: "ns" | "1/s" | "share";
  /** Which of two values is the better one. */
  readonly better: "lower" | "higher";
  /** What it is, in a few words. */
  readonly summary: string;
}

/** Allocations per second of a whole run. */
export const THROUGHPUT: Measure = {
  name: "throughput",
  unit: "1/s",
  better: "higher",
  summary: "allocations per second",
};

/**
 * Processor time for each allocation, the harness with it. It counts no time in which something else had the processor, so that
 * on a busy machine it says more than throughput does, of a load that works all the time; and nothing of time spent asleep.
 */
export const CPU: Measure = {
  name: "cpu",
  unit: "ns",
  better: "lower",
  summary: "processor time for each allocation",
};

/**
 * The same of one worker alone, in slots in which all others sleep: what the code itself takes, without what the workers'
 * caches do to each other, which differs from process to process by more than most changes of code do.
 */
export const CPU_ALONE: Measure = {
  name: "cpu-alone",
  unit: "ns",
  better: "lower",
  summary: "processor time for each allocation of one worker alone",
};

/** What tells most of a run, the first of them that it has. */
export const TELLING: readonly Measure[] = [CPU_ALONE, CPU];

/** The share of allocations that a level served: of the fast one the more the better, of all others the less. */
function rateMeasure(level: LevelName): Measure {
  const better = level === LEVEL_NAMES[0] ? "higher" : "lower";
  return { name: "rate", unit: "share", better, summary: "share of allocations served" };
}

const PERCENTILES = ["p50", "p90", "p99", "p99.9", "max"] as const satisfies readonly (
  keyof LatencySummary
)[];

function latencyMeasure(percentile: (typeof PERCENTILES)[number]): Measure {
  return { name: percentile, unit: "ns", better: "lower", summary: `${percentile} latency` };
}

/** The names of all measures, in the order of a report. */
export const MEASURE_NAMES: readonly string[] = [
  ...[THROUGHPUT, CPU, CPU_ALONE].map(({ name }) => name),
  ...["rate", ...PERCENTILES],
];

/** Which latencies of a pool: of one level, of all together, or from the scheduled arrival. */
export type PoolPart = LevelName | "total" | "response";

/** One measure of one part of a result. */
export interface MeasureRow {
  /** The pool; null for the whole run. */
  readonly pool: string | null;
  /** The part of the pool; null for the whole run. */
  readonly part: PoolPart | null;
  /** What is measured. */
  readonly measure: Measure;
  /** One for each repeat, in order; never empty. */
  readonly values: readonly number[];
}

/** Every row that a result has. */
export function measureRows({ runs }: Result): MeasureRow[] {
  if (runs.length === 0) return [];
  const throughput = runs.map((run) => run.allocsPerSecond);
  return [
    { pool: null, part: null, measure: THROUGHPUT, values: throughput },
    ...cpuRows(runs),
    ...poolNames(runs).flatMap((pool) => poolRows(runs, pool)),
  ];
}

/** Of results that have it, if every run allocated. */
function cpuRows(runs: readonly Run[]): MeasureRow[] {
  const values = runs.flatMap(({ cpuNs, workers }) => {
    const allocs = workers.reduce((sum, worker) => sum + worker.allocs, 0);
    return cpuNs === undefined || allocs === 0 ? [] : [cpuNs / allocs];
  });
  return values.length < runs.length ? [] : [{ pool: null, part: null, measure: CPU, values }];
}

function poolRows(runs: readonly Run[], pool: string): MeasureRow[] {
  const each = runs.flatMap((run) => run.pools[pool] ?? []);
  if (each.length < runs.length) return [];
  const rates = LEVEL_NAMES.map((part, index) => ({
    pool,
    part,
    measure: rateMeasure(part),
    values: each.map(({ levels }) => levels[index]!.rate),
  }));
  return [
    ...latencyRows(each, pool, "total", (result) => result.latencyNs),
    ...latencyRows(each, pool, "response", (result) => result.responseNs),
    ...rates.flatMap((row, index) => [
      row,
      ...latencyRows(each, pool, row.part, ({ levels }) => levels[index]!.latencyNs),
    ]),
  ];
}

function latencyRows(
  each: readonly PoolResult[],
  pool: string,
  part: PoolPart,
  latencyOf: (result: PoolResult) => LatencySummary | null,
): MeasureRow[] {
  return PERCENTILES.flatMap((percentile) => {
    const values = each.flatMap((result) => latencyOf(result)?.[percentile] ?? []);
    if (values.length < each.length) return [];
    return [{ pool, part, measure: latencyMeasure(percentile), values }];
  });
}
