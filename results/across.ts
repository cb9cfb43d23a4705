/**
 * All repeats of a scenario seen as one run, for those who print it: what can be added up is added up
 * (counts), what is an extreme stays one (min, max, deepest queue, lowest reserve), and what is neither
 * (percentiles, which can't be merged once they are numbers) is the median over the repeats.
 *
 * Its counts are therefore exact and still conserved. Whoever wants to know how much the repeats differ
 * reads the summary, which has intervals.
 *
 * @module
 */
import type {
  AllocatorResult,
  LatencySummary,
  LockResult,
  PageCacheResult,
  PoolResult,
  Run,
} from "./result.ts";
import { estimate } from "./summary.ts";

/** One pool over all runs that have it; one run alone is given back as it is. */
export function poolAcross(runs: readonly Run[], name: string): PoolResult {
  const pools = runs.flatMap((run) => run.pools[name] ?? []);
  const [first] = pools;
  if (first === undefined) throw new RangeError(`Cannot find pool "${name}" in any run`);
  if (pools.length === 1) return first;
  const last = pools.at(-1)!;
  const allocs = sum(pools, (pool) => pool.allocs);
  return {
    allocs,
    frees: sum(pools, (pool) => pool.frees),
    held: sum(pools, (pool) => pool.held),
    none: sum(pools, (pool) => pool.none),
    failed: sum(pools, (pool) => pool.failed),
    leaked: sum(pools, (pool) => pool.leaked),
    levels: first.levels.map(({ level, name }, index) => {
      const hits = sum(pools, (pool) => pool.levels[index]!.hits);
      const latencyNs = latencyAcross(pools.map((pool) => pool.levels[index]!.latencyNs));
      return { level, name, hits, rate: allocs === 0 ? 0 : hits / allocs, latencyNs };
    }),
    latencyNs: latencyAcross(pools.map((pool) => pool.latencyNs)),
    responseNs: responseAcross(pools),
    waits: {
      count: sum(pools, (pool) => pool.waits.count),
      maxDepth: most(pools, (pool) => pool.waits.maxDepth),
      maxNs: most(pools, (pool) => pool.waits.maxNs),
      abandoned: sum(pools, (pool) => pool.waits.abandoned),
    },
    reserve: {
      ...last.reserve,
      lowWater: Math.min(...pools.map((pool) => pool.reserve.lowWater)),
      ...peakAcross(pools),
      bytes: most(pools, (pool) => pool.reserve.bytes),
    },
    lock: lockAcross(pools),
    ...failuresAcross(pools),
  };
}

/** The bursts of failure of all runs. */
function failuresAcross(pools: readonly PoolResult[]): Pick<PoolResult, "failures"> {
  const all = pools.flatMap(({ failures }) => failures ?? []);
  if (all.length === 0) return {};
  return {
    failures: {
      bursts: sum(all, ({ bursts }) => bursts),
      allocs: sum(all, ({ allocs }) => allocs),
      totalNs: sum(all, ({ totalNs }) => totalNs),
      longestNs: most(all, ({ longestNs }) => longestNs),
      seenNs: sum(all, ({ seenNs }) => seenNs),
    },
  };
}

/** The most that M was in any run, where it moved. */
function peakAcross(pools: readonly PoolResult[]): { readonly peakMin?: number } {
  const peaks = pools.flatMap(({ reserve }) => reserve.peakMin ?? []);
  return peaks.length === 0 ? {} : { peakMin: Math.max(...peaks) };
}

/** One allocator over all runs that have it; one run alone is given back as it is. */
export function allocatorAcross(runs: readonly Run[], name: string): AllocatorResult {
  const allocators = runs.flatMap((run) => run.allocators[name] ?? []);
  const [first] = allocators;
  if (first === undefined) throw new RangeError(`Cannot find allocator "${name}" in any run`);
  if (allocators.length === 1) return first;
  return {
    allocs: sum(allocators, (allocator) => allocator.allocs),
    frees: sum(allocators, (allocator) => allocator.frees),
    atomicFailures: sum(allocators, (allocator) => allocator.atomicFailures),
    blockingFailures: sum(allocators, (allocator) => allocator.blockingFailures),
    cacheHits: sum(allocators, (allocator) => allocator.cacheHits),
    magazineRounds: most(allocators, ({ magazineRounds = 0 }) => magazineRounds),
    reclaimed: sum(allocators, (allocator) => allocator.reclaimed),
    peakInUse: most(allocators, (allocator) => allocator.peakInUse),
    bytes: most(allocators, (allocator) => allocator.bytes),
    lock: lockAcross(allocators),
  };
}

/** What competed for the memory over all runs; null where nothing did. */
export function pageCacheAcross(runs: readonly Run[]): PageCacheResult | null {
  const caches = runs.flatMap(({ pageCache }) => pageCache ?? []);
  if (caches.length === 0) return null;
  return {
    peak: most(caches, ({ peak }) => peak),
    filled: sum(caches, ({ filled }) => filled),
    written: sum(caches, ({ written }) => written),
    reclaimed: sum(caches, ({ reclaimed }) => reclaimed),
  };
}

/** The pools of all runs by name, in the order in which they first appear. */
export function poolNames(runs: readonly Run[]): string[] {
  return [...new Set(runs.flatMap((run) => Object.keys(run.pools)))];
}

/** The allocators of all runs by name, in the order in which they first appear. */
export function allocatorNames(runs: readonly Run[]): string[] {
  return [...new Set(runs.flatMap((run) => Object.keys(run.allocators)))];
}

/** A percentile counts for the runs that recorded anything, and is null where one of them lacks it. */
function latencyAcross(summaries: readonly LatencySummary[]): LatencySummary {
  const recorded = summaries.filter((summary) => summary.count > 0);
  const count = sum(recorded, (summary) => summary.count);
  const known = (key: keyof LatencySummary) => {
    const values = recorded.flatMap((summary) => summary[key] ?? []);
    return values.length === 0 || values.length < recorded.length ? null : values;
  };
  const median = (key: keyof LatencySummary) => {
    const values = known(key);
    return values === null ? null : estimate(values).median;
  };
  const means = known("mean");
  const min = known("min");
  const max = known("max");
  return {
    count,
    min: min && Math.min(...min),
    mean: means &&
      means.reduce((total, mean, index) => total + mean * recorded[index]!.count, 0) / count,
    p50: median("p50"),
    p90: median("p90"),
    p99: median("p99"),
    "p99.9": median("p99.9"),
    "p99.99": median("p99.99"),
    max: max && Math.max(...max),
  };
}

function responseAcross(pools: readonly PoolResult[]): LatencySummary | null {
  const responses = pools.flatMap((pool) => pool.responseNs ?? []);
  return responses.length < pools.length ? null : latencyAcross(responses);
}

function lockAcross(owners: readonly { readonly lock: LockResult }[]): LockResult {
  return {
    acquisitions: sum(owners, (owner) => owner.lock.acquisitions),
    contended: sum(owners, (owner) => owner.lock.contended),
  };
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}

function most<T>(items: readonly T[], value: (item: T) => number): number {
  return Math.max(...items.map(value));
}
