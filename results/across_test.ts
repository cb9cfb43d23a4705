import { assertEquals, assertThrows } from "@std/assert";
import {
  allocatorAcross,
  allocatorNames,
  pageCacheAcross,
  poolAcross,
  poolNames,
} from "./across.ts";
import { conserved } from "./conservation.ts";
import type { PoolResult, Run } from "./result.ts";
import { examplePool, exampleResult, NO_LATENCY } from "./testdata/example.ts";

function runsOf(...pools: PoolResult[]): Run[] {
  const [run] = exampleResult().runs;
  return pools.map((pool, repeat) => ({ ...run!, repeat, pools: { pages: pool } }));
}

Deno.test("poolAcross() gives one run back as it is", () => {
  const { runs } = exampleResult();
  assertEquals(poolAcross(runs, "pages"), runs[0]!.pools["pages"]!);
});

Deno.test("poolAcross() adds counts up, so that they are still conserved", () => {
  const pools = [examplePool(1), examplePool(1.1), examplePool(0.9)];
  const across = poolAcross(runsOf(...pools), "pages");
  assertEquals(across.allocs, pools.reduce((total, pool) => total + pool.allocs, 0));
  assertEquals(across.held, 42);
  assertEquals(conserved(across), null);
});

Deno.test("poolAcross() keeps extremes and takes the median of percentiles", () => {
  const [low, middle, high] = [examplePool(1.1), examplePool(1), examplePool(0.9)];
  const across = poolAcross(runsOf(high, low, middle), "pages");
  assertEquals(across.latencyNs.p99, middle.latencyNs.p99);
  assertEquals(across.latencyNs.min, low.latencyNs.min);
  assertEquals(across.latencyNs.max, high.latencyNs.max);
  assertEquals(across.responseNs?.p50, middle.responseNs?.p50);
});

Deno.test("poolAcross() keeps the lowest reserve, the deepest queue and the longest wait", () => {
  const pool = examplePool();
  const calm = {
    ...pool,
    reserve: { ...pool.reserve, lowWater: 40 },
    waits: { count: 1, maxDepth: 1, maxNs: 5, abandoned: 2 },
  };
  const across = poolAcross(runsOf(pool, calm), "pages");
  assertEquals(across.reserve.lowWater, 0);
  assertEquals(across.waits, { count: 64, maxDepth: 3, maxNs: 3_481_977, abandoned: 2 });
});

Deno.test("poolAcross() keeps the most that a reserve grew to, where it grew in any run", () => {
  const pool = examplePool();
  const grown = (peakMin: number) => ({ ...pool, reserve: { ...pool.reserve, peakMin } });
  assertEquals(poolAcross(runsOf(grown(80), pool, grown(256), pool), "pages").reserve.peakMin, 256);
  assertEquals("peakMin" in poolAcross(runsOf(pool, pool), "pages").reserve, false);
});

Deno.test("poolAcross() weights means by their samples", () => {
  const pool = examplePool();
  const [few, many] = [{ count: 1, mean: 500 }, { count: 3, mean: 100 }].map((latency) => ({
    ...pool,
    latencyNs: { ...pool.latencyNs, ...latency },
  }));
  assertEquals(poolAcross(runsOf(few!, many!), "pages").latencyNs.mean, 200);
});

Deno.test("poolAcross() asks only the runs that hit a level for its percentiles", () => {
  const pool = examplePool();
  const levels = pool.levels.map((level) =>
    level.level === 5 ? { ...level, hits: 0, rate: 0, latencyNs: NO_LATENCY } : level
  );
  const across = poolAcross(runsOf(pool, { ...pool, levels }), "pages");
  assertEquals(across.levels[4]!.latencyNs.p50, pool.levels[4]!.latencyNs.p50);
});

Deno.test("poolAcross() claims no percentile that one of the runs lacks", () => {
  const pool = examplePool();
  const short = { ...pool, latencyNs: { ...pool.latencyNs, p99: null } };
  assertEquals(poolAcross(runsOf(pool, short), "pages").latencyNs.p99, null);
});

Deno.test("allocatorAcross() adds counts up and keeps the peak", () => {
  const { runs } = exampleResult({ repeats: 3 });
  const page = runs[0]!.allocators["page"]!;
  const across = allocatorAcross(runs, "page");
  assertEquals(across.allocs, 3 * page.allocs);
  assertEquals(across.lock.contended, 3 * page.lock.contended);
  assertEquals(across.peakInUse, page.peakInUse);
  assertEquals(across.magazineRounds, page.magazineRounds);
});

Deno.test("poolNames() and allocatorNames() are those of all runs, each once", () => {
  const { runs } = exampleResult({ repeats: 2, pools: ["bio", "bvec-16"] });
  assertEquals(poolNames(runs), ["bio", "bvec-16"]);
  assertEquals(allocatorNames(runs), ["page"]);
});

Deno.test("poolAcross() and allocatorAcross() refuse a name that no run has", () => {
  const { runs } = exampleResult();
  assertThrows(() => poolAcross(runs, "bio"), RangeError, '"bio"');
  assertThrows(() => allocatorAcross(runs, "slab"), RangeError, '"slab"');
});

Deno.test("pageCacheAcross() adds up what a page cache did, keeps its peak, and is null where there was none", () => {
  const [run] = exampleResult().runs;
  const pageCache = { peak: 7, filled: 20, written: 3, reclaimed: 5 };
  const runs = [
    { ...run!, pageCache },
    { ...run!, pageCache: { ...pageCache, peak: 6, written: 4 } },
  ];
  assertEquals(pageCacheAcross(runs), { peak: 7, filled: 40, written: 7, reclaimed: 10 });
  assertEquals(pageCacheAcross([run!]), null);
});

Deno.test("poolAcross() adds up the bursts of failure that runs saw, and keeps the longest", () => {
  const failures = { bursts: 2, allocs: 9, totalNs: 5, longestNs: 4, seenNs: 10 };
  const pools = [failures, { ...failures, longestNs: 7 }]
    .map((each) => ({ ...examplePool(1), failures: each }));
  assertEquals(poolAcross(runsOf(...pools), "pages").failures, {
    ...{ bursts: 4, allocs: 18, totalNs: 10, longestNs: 7, seenNs: 20 },
  });
});
