/**
 * A plausible result for tests of what prints, stores or compares results: built from constants, with
 * every level hit, every field set and every pool conserved, so that a test changes the one thing that
 * it is about.
 *
 * @module
 */
import {
  type AllocatorResult,
  type LatencySummary,
  LEVEL_NAMES,
  type LevelResult,
  type PoolResult,
  type Result,
  RESULT_SCHEMA,
  type Run,
  type Timeline,
  type Warning,
} from "../result.ts";
import { summarize } from "../summary.ts";

/** What an example may differ in. */
export interface ExampleOptions {
  /** How many runs; 1 if not given. */
  readonly repeats?: number;
  /** Names of the pools; `pages` alone if not given. */
  readonly pools?: readonly string[];
  /** {@linkcode EXAMPLE_WARNING} if not given. */
  readonly warnings?: readonly Warning[];
}

/** A warning of the kind that real runs have. */
export const EXAMPLE_WARNING: Warning = {
  code: "clock-grain",
  message: "level 1 takes less than two grains of the clock (90 ns), so its percentiles are steps",
  advice: "read its rate and the throughput instead, or compare p99 and above",
};

/** Nothing recorded. */
export const NO_LATENCY: LatencySummary = {
  count: 0,
  min: null,
  mean: null,
  p50: null,
  p90: null,
  p99: null,
  "p99.9": null,
  "p99.99": null,
  max: null,
};

/** How many allocations each level served in the first repeat. */
const HITS = [2_345_678, 61_234, 38_912, 17_406, 63];

/** p50, p90, p99, p99.9 and max of each level; a level with few samples can't claim its tail. */
const LATENCIES: readonly (readonly (number | null)[])[] = [
  [96, 140, 411, 2_880, 61_203],
  [1_240, 2_310, 6_710, 19_800, 88_120],
  [8_320, 14_900, 41_200, 120_400, 1_204_331],
  [9_010, 16_200, 44_800, null, 931_002],
  [612_000, null, null, null, 3_481_977],
];

function latency(count: number, values: readonly (number | null)[], scale: number): LatencySummary {
  const scaled = values.map((value) => value === null ? null : Math.round(value * scale));
  const [p50 = null, p90 = null, p99 = null, p999 = null, max = null] = scaled;
  const mean = p50 === null ? null : Math.round(p50 * 1.2);
  const min = p50 === null ? null : Math.round(p50 / 2);
  return { count, min, mean, p50, p90, p99, "p99.9": p999, "p99.99": null, max };
}

function levels(scale: number): LevelResult[] {
  const hits = HITS.map((count) => Math.round(count * scale));
  const allocs = hits.reduce((a, b) => a + b, 0);
  return LEVEL_NAMES.map((name, index) => ({
    level: (index + 1) as LevelResult["level"],
    name,
    hits: hits[index]!,
    rate: hits[index]! / allocs,
    latencyNs: latency(hits[index]!, LATENCIES[index]!, 1 / scale),
  }));
}

/** One pool of one run; `scale` above 1 makes it busier and faster. */
export function examplePool(scale = 1): PoolResult {
  const all = levels(scale);
  const allocs = all.reduce((sum, level) => sum + level.hits, 0);
  return {
    allocs,
    frees: allocs - 14,
    held: 14,
    none: 12,
    failed: 0,
    leaked: 0,
    levels: all,
    latencyNs: latency(allocs, [97, 152, 9_180, 38_700, 3_481_977], 1 / scale),
    responseNs: latency(allocs, [120, 1_980, 14_200, 88_500, 4_012_881], 1 / scale),
    waits: { count: all[4]!.hits, maxDepth: 3, maxNs: 3_481_977, abandoned: 0 },
    reserve: { min: 64, current: 64, lowWater: 0, bytes: 262_144 },
    lock: { acquisitions: 157_302, contended: 1_204 },
  };
}

const PAGES: AllocatorResult = {
  allocs: 2_384_654,
  frees: 2_384_581,
  atomicFailures: 117_615,
  blockingFailures: 17_469,
  cacheHits: 2_304_112,
  magazineRounds: 64,
  reclaimed: 41_308,
  peakInUse: 4_032,
  bytes: 16_515_072,
  lock: { acquisitions: 201_340, contended: 9_871 },
};

function run(repeat: number, pools: readonly string[]): Run {
  const scale = 1 + ((repeat * 7) % 5 - 2) / 50 * (repeat > 0 ? 1 : 0);
  const each = pools.map((name) => [name, examplePool(scale)] as const);
  const allocs = each.reduce((sum, [, pool]) => sum + pool.allocs, 0);
  const first = Math.floor(allocs / 2) + 5_120;
  return {
    repeat,
    seed: 1 + repeat,
    measuredNs: 2e9,
    steady: true,
    steadyState: { verdict: "steady", reason: null, exhaustedInNs: null },
    arrivals: { due: allocs, begun: allocs },
    cells: [],
    allocsPerSecond: allocs / 2,
    pools: Object.fromEntries(each),
    allocators: { page: PAGES },
    workers: [
      { id: 0, allocs: first, startNs: 1_204, endNs: 2_000_003_310, exit: "done" },
      { id: 1, allocs: allocs - first, startNs: 2_871, endNs: 2_000_001_096, exit: "done" },
    ],
    timeline: exampleTimeline(pools),
    leaked: 0,
  };
}

/** A load that rises and falls four times, and a reserve that is used at its peaks. */
function exampleTimeline(pools: readonly string[]): Timeline {
  const moments = Array.from({ length: 41 }, (_, index) => index);
  const live = moments.map((index) => Math.round(400 - 380 * Math.cos(index / 40 * 8 * Math.PI)));
  const pool = { live, reserve: live.map((each) => Math.min(64, Math.max(0, 780 - each))) };
  return {
    atNs: moments.map((index) => index * 50e6),
    pools: Object.fromEntries(pools.map((name) => [name, pool])),
  };
}

/** A whole result. */
export function exampleResult(options: ExampleOptions = {}): Result {
  const { repeats = 1, pools = ["pages"], warnings = [EXAMPLE_WARNING] } = options;
  const runs = Array.from({ length: repeats }, (_, repeat) => run(repeat, pools));
  const spec = { over: "page", minReserve: 64, policy: "five-level" };
  return {
    schema: RESULT_SCHEMA,
    id: "20260101-000000-canonical-1",
    startedAt: "2026-01-01T00:00:00.000Z",
    partial: false,
    environment: {
      deno: "2.9.6",
      v8: "15.0.245.2",
      os: "linux",
      arch: "x86_64",
      cpu: "AMD EPYC",
      cores: 2,
      clock: { costNs: 139, grainNs: 90 },
      harness: { floorNs: 3.1 },
      revision: null,
    },
    scenario: {
      name: "canonical",
      summary: "all five levels at work: pages under a growing load, with outages",
      pools: Object.fromEntries(pools.map((name) => [name, spec])),
      workload: { kind: "open", workers: 2, duration: 2e9, warmup: 5e8 },
      pressure: { kind: "outages" },
      seed: 1,
      repeat: repeats,
    },
    warnings,
    runs,
    summary: summarize(runs),
  };
}
