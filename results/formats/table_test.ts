import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { getColorEnabled, stripAnsiCode } from "@std/fmt/colors";
import fc from "fast-check";
import type { LevelResult, PoolResult, Result } from "../result.ts";
import { summarize } from "../summary.ts";
import { examplePool, exampleResult, NO_LATENCY } from "../testdata/example.ts";
import { widthOf } from "./columns.ts";
import { table } from "./table.ts";

const PLAIN = { color: false, columns: 80 };

function printed(result: Result, columns = 80): string {
  const text = table.print(result, { color: false, columns });
  for (const line of text.split("\n")) {
    assert(widthOf(line) <= columns, `${widthOf(line)} columns of ${columns}: ${line}`);
    assertEquals(line, line.trimEnd());
  }
  return text;
}

/** An example whose runs all have these pools instead. */
function resultOf(pools: Record<string, PoolResult>, repeats = 1): Result {
  const result = exampleResult({ repeats, pools: Object.keys(pools) });
  const runs = result.runs.map((run) => ({ ...run, pools }));
  return { ...result, runs, summary: summarize(runs) };
}

/** A pool with every count multiplied, and its latencies as they were. */
function multiplied(pool: PoolResult, factor: number): PoolResult {
  const kept = /^(rate|level|p[0-9.]+|min|mean|max|maxNs)$/;
  const times = (key: string, value: unknown) =>
    typeof value === "number" && !kept.test(key) ? value * factor : value;
  return JSON.parse(JSON.stringify(pool, times));
}

const ONE_RUN = `\
canonical  all five levels at work: pages under a growing load, with outages
  2 workers · 2s · open load under outages · five-level policy · seed 1 · 1 run
  1.23M allocs/s

pages  over page, min reserve 64
                       hits   rate               p50    p90    p99  p99.9    max
  1 backend-atomic    2.35M  95.2% █████████▌   96ns  140ns  411ns 2.88us 61.2us
  2 reserve-half     61,234   2.5% ▎          1.24us 2.31us 6.71us 19.8us 88.1us
  3 backend-blocking 38,912   1.6% ▏          8.32us 14.9us 41.2us  120us  1.2ms
  4 reserve          17,406  0.71% ▏          9.01us 16.2us 44.8us      -  931us
  5 wait                 63 0.003% ▏           612us      -      -      - 3.48ms
    total             2.46M                     97ns  152ns 9.18us 38.7us 3.48ms
    response                                   120ns 1.98us 14.2us 88.5us 4.01ms

  reserve    64 of 64 now · low-water 0 · 256KiB
  waits      63 · at most 3 in the queue · longest 3.48ms · 0 abandoned
  lock       157,302 taken · 1,204 contended (0.77%)
  refused    12 none (atomic) · 0 failed (blocking)
  conserved  2,463,293 hits = 2,463,293 allocs
             = 2,463,279 frees + 14 held + 0 leaked

allocators
  page       2.38M allocs · 2.38M frees · 96.6% from magazines
             failed 117,615 atomic, 17,469 blocking · 41,308 reclaimed
             peak 4,032 (15.8MiB) · lock 201,340 taken, 9,871 contended (4.9%)

  workers    2 · together >99.99% of the time · 1.23M to 1.24M allocs each
  harness    floor 3.1ns a pair · clock costs 139ns · grain 90ns
  machine    2 cores · AMD EPYC · linux x86_64 · Deno 2.9.6

! clock-grain: level 1 takes less than two grains of the clock (90 ns), so its
  percentiles are steps
  → read its rate and the throughput instead, or compare p99 and above
`;

const HEAD_AND_POOL_OF_SIX_RUNS = `\
canonical  all five levels at work: pages under a growing load, with outages
  2 workers · 2s · open load under outages · five-level policy · seed 1 · 6 runs
  1.23M allocs/s · 1.18M to 1.28M with 96.9% confidence
  Counts are sums over the runs, percentiles their medians, extremes are kept.

pages  over page, min reserve 64
                        hits   rate              p50    p90    p99  p99.9    max
  1 backend-atomic     14.1M  95.2% ████████▋   96ns  140ns  411ns 2.88us 63.8us
  2 reserve-half     367,404   2.5% ▎         1.24us 2.31us 6.71us 19.8us 91.8us
  3 backend-blocking 233,472   1.6% ▏         8.32us 14.9us 41.2us  120us 1.25ms
  4 reserve          104,436  0.71% ▏         9.01us 16.2us 44.8us      -  970us
  5 wait                 378 0.003% ▏          612us      -      -      - 3.63ms
    total              14.8M                    97ns  152ns 9.18us 38.7us 3.63ms
    response                                   120ns 1.98us 14.2us 88.5us 4.18ms

  6 runs rate 1 rate 2 rate 3 rate 4 rate 5   p50    p99  p99.9    max
  median  95.2%   2.5%   1.6%  0.71% 0.003%  97ns 9.18us 38.7us 3.48ms
  low     95.2%   2.5%   1.6%  0.71% 0.003%  93ns 8.83us 37.2us 3.35ms
  high    95.2%   2.5%   1.6%  0.71% 0.003% 101ns 9.56us 40.3us 3.63ms

  reserve    64 of 64 now · low-water 0 · 256KiB
  waits      378 · at most 3 in the queue · longest 3.48ms · 0 abandoned
  lock       943,812 taken · 7,224 contended (0.77%)
  refused    72 none (atomic) · 0 failed (blocking)
  conserved  14,779,758 hits = 14,779,758 allocs
             = 14,779,674 frees + 84 held + 0 leaked
`;

Deno.test("table prints one run", () => {
  assertEquals(printed(exampleResult()), ONE_RUN);
});

Deno.test("table prints six runs as sums, medians and intervals", () => {
  const text = printed(exampleResult({ repeats: 6 }));
  assertEquals(text.slice(0, text.indexOf("\nallocators")), HEAD_AND_POOL_OF_SIX_RUNS);
});

Deno.test("table says how many runs an interval needs where there are too few", () => {
  const text = printed(exampleResult({ repeats: 5 }));
  assertStringIncludes(text, "an interval needs at least 6 runs");
  assertStringIncludes(text, "  median ");
  assert(!text.includes("  low "));
});

Deno.test("table with colours is the same text", () => {
  const result = exampleResult({ repeats: 6 });
  const colored = table.print(result, { ...PLAIN, color: true });
  assertEquals(stripAnsiCode(colored), table.print(result, PLAIN));
  if (getColorEnabled()) assertNotEquals(colored, stripAnsiCode(colored));
});

Deno.test("table keeps to its columns with long names, wide characters and huge counts", () => {
  const name = fc.oneof(
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 200 }),
    fc.lorem({ maxCount: 20 }),
  ).map((name) => `<${name}>`);
  const columns = fc.integer({ min: 60, max: 130 });
  const factor = fc.constantFrom(0, 1, 1e3, 1e9);
  const repeats = fc.constantFrom(1, 2, 6, 20);
  fc.assert(fc.property(name, columns, factor, repeats, (name, columns, factor, repeats) => {
    const result = resultOf({ [name]: multiplied(examplePool(), factor) }, repeats);
    const scenario = { ...result.scenario, name, summary: name };
    printed({ ...result, scenario }, columns);
  }));
});

Deno.test("table takes 80 columns where there is no terminal", () => {
  const result = exampleResult();
  assertEquals(table.print(result, { color: false, columns: 0 }), table.print(result, PLAIN));
});

Deno.test("table breaks a conservation too long for its line and cuts nothing off", () => {
  const huge = multiplied(examplePool(), 1e9);
  assertStringIncludes(printed(resultOf({ huge }), 60).replace(/\n +/g, " "), "held + 0 leaked\n");
  assert(!printed(resultOf({ huge }), 60).includes("…"));
});

Deno.test("table prints a pool that did nothing, with - for what is not known", () => {
  const idle: PoolResult = {
    ...multiplied(examplePool(), 0),
    levels: examplePool().levels.map((level): LevelResult => ({
      ...level,
      hits: 0,
      rate: 0,
      latencyNs: NO_LATENCY,
    })),
    latencyNs: NO_LATENCY,
    responseNs: null,
  };
  const text = printed(resultOf({ idle }));
  assert(/ {2}5 wait +0 +0% +- +- +- +- +-\n/.test(text));
  assertStringIncludes(text, "waits      0 · 0 abandoned\n");
  assertStringIncludes(text, "lock       0 taken · 0 contended\n");
  assertStringIncludes(text, "0 hits = 0 allocs = 0 frees + 0 held + 0 leaked");
  assert(!text.includes("response"));
});

Deno.test("table says so where a pool is not conserved, and in which run", () => {
  const broken = { ...examplePool(), leaked: 1 };
  const sentence = /BROKEN +(run 0: )?2463293 allocs do not match 2463294/;
  assert(sentence.test(printed(resultOf({ broken }))));
  assertStringIncludes(printed(resultOf({ broken }, 2)), "BROKEN     run 0: ");
});

Deno.test("table shows a partial result without a single run", () => {
  const result = { ...exampleResult({ repeats: 0 }), partial: true };
  const text = printed(result);
  assertStringIncludes(text, "nothing was measured");
  assertStringIncludes(text, "partial: stopped before its end");
});

Deno.test("table counts workers that did not end as they should", () => {
  const result = exampleResult();
  const [run] = result.runs;
  const workers = run!.workers.map((worker) => ({ ...worker, exit: "died" as const }));
  assertStringIncludes(printed({ ...result, runs: [{ ...run!, workers }] }), "2 died");
});

Deno.test("table says where runs were not steady", () => {
  const result = exampleResult({ repeats: 2 });
  const runs = result.runs.map((run) => ({ ...run, steady: run.repeat > 0 }));
  assertStringIncludes(printed({ ...result, runs }), "not steady in 1 of 2 runs");
});

Deno.test("table says what a page cache did beside the allocators, where there was one", () => {
  const result = exampleResult();
  const pageCache = { peak: 326, filled: 4310, written: 1108, reclaimed: 4033 };
  const runs = result.runs.map((run) => ({ ...run, pageCache }));
  assertStringIncludes(
    printed({ ...result, runs }),
    "\n  page cache  4,310 pages filled · 4,033 reclaimed · 1,108 written out\n",
  );
  assert(!printed(result).includes("page cache"));
});

Deno.test("table says that a run lived on what was left, and for how long that would have lasted", () => {
  const result = exampleResult();
  const steadyState = { verdict: "draining" as const, reason: "it falls", exhaustedInNs: 3.2e9 };
  const runs = result.runs.map((run) => ({ ...run, steady: false, steadyState }));
  const said = printed({ ...result, runs });
  assertStringIncludes(said, "draining, exhausted in about 3.2s");
  assertEquals(said.includes("not steady"), false);
});

Deno.test("table prints the cells of a grid on lines as long as in DPDK's test, to be laid beside it", () => {
  const result = exampleResult();
  const cell = { pool: "pages", cache: 256, cores: 2, getBulk: 4, putBulk: 8, keep: 32 };
  const runs = result.runs.map((run) => ({ ...run, cells: [{ ...cell, pairsPerSecond: 9000 }] }));
  assertStringIncludes(
    table.print({ ...result, runs }, { color: false, columns: 80 }),
    "\nmempool_autotest cache=256 cores=2 n_get_bulk=4 n_put_bulk=8 n_keep=32 constant_n=0 " +
      "rate_persec=9000 rate_persec_core=4500\n",
  );
});
