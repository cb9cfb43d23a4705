import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { estimate, REPEATS_FOR_INTERVAL, summarize } from "./summary.ts";
import { exampleResult } from "./testdata/example.ts";

Deno.test("estimate() takes the middle value, or half way between the middle two", () => {
  assertEquals(estimate([3, 1, 2]).median, 2);
  assertEquals(estimate([4, 1, 2, 3]).median, 2.5);
  assertEquals(estimate([]).median, 0);
});

Deno.test("estimate() gives no interval below 6 repeats", () => {
  for (let repeats = 0; repeats < REPEATS_FOR_INTERVAL; repeats++) {
    const { low, high, confidence } = estimate(Array(repeats).fill(1));
    assertEquals([low, high, confidence], [null, null, null]);
  }
});

Deno.test("estimate() matches the tabulated sign-test intervals", () => {
  const tabulated = [[6, 1, 0.96875], [8, 1, 0.9921875], [9, 2, 0.9609375], [20, 6, 0.958611]];
  for (const [repeats, depth, confidence] of tabulated as [number, number, number][]) {
    const found = estimate(Array.from({ length: repeats }, (_, index) => index + 1));
    assertEquals([found.low, found.high], [depth, repeats + 1 - depth]);
    assertAlmostEquals(found.confidence!, confidence, 1e-6);
  }
});

Deno.test("estimate() keeps the median inside an interval of 95 % or more, however many repeats", () => {
  const values = fc.array(fc.double({ noNaN: true, min: 0, max: 1e12 }), {
    minLength: 6,
    maxLength: 2000,
  });
  fc.assert(fc.property(values, (values) => {
    const { median, low, high, confidence } = estimate(values);
    assert(low! <= median && median <= high!);
    assert(confidence! >= 0.95 && confidence! < 1);
  }));
});

Deno.test("estimate() covers the true median as often as it says", () => {
  let covered = 0;
  const draw = fc.noBias(fc.array(fc.maxSafeNat(), { minLength: 9, maxLength: 9 }));
  const draws = fc.sample(draw, { numRuns: 4000, seed: 1 });
  for (const values of draws) {
    const { low, high } = estimate(values);
    const truth = Number.MAX_SAFE_INTEGER / 2;
    if (low! <= truth && truth <= high!) covered++;
  }
  assertAlmostEquals(covered / draws.length, 0.9609, 0.015);
});

Deno.test("summarize() takes medians over the runs, per pool and level", () => {
  const { runs } = exampleResult({ repeats: 7 });
  const summary = summarize(runs);
  const [name] = Object.keys(runs[0]!.pools);
  const middle = (values: number[]) => values.toSorted((a, b) => a - b)[3]!;
  const results = runs.map((run) => run.pools[name!]!);
  assertEquals(summary.repeats, 7);
  assertEquals(summary.allocsPerSecond.median, middle(runs.map((run) => run.allocsPerSecond)));
  assertEquals(
    summary.pools[name!]!.rates.map((rate) => rate.median),
    [0, 1, 2, 3, 4].map((index) => middle(results.map((pool) => pool.levels[index]!.rate))),
  );
  assertEquals(
    summary.pools[name!]!.p99!.median,
    middle(results.map((pool) => pool.latencyNs.p99!)),
  );
});

Deno.test("summarize() has no estimate of a percentile that some run could not claim", () => {
  const [first, ...rest] = exampleResult({ repeats: 6 }).runs;
  const [name] = Object.keys(first!.pools);
  const pool = first!.pools[name!]!;
  const short = { ...pool, latencyNs: { ...pool.latencyNs, "p99.9": null } };
  const summary = summarize([{ ...first!, pools: { [name!]: short } }, ...rest]);
  assertEquals(summary.pools[name!]!["p99.9"], null);
  assert(summary.pools[name!]!.p99 !== null);
});

Deno.test("summarize() of no runs is an empty summary", () => {
  const none = { median: 0, low: null, high: null, confidence: null };
  assertEquals(summarize([]), { repeats: 0, allocsPerSecond: none, pools: {} });
});
