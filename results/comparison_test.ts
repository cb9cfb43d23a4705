import { assert, assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import jstat from "jstat";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { compareResults, type Comparison } from "./comparison.ts";
import type { Result } from "./result.ts";
import { exampleResult } from "./testdata/example.ts";

const tQuantile = jstat.studentt.inv;

/** Normal draws by a seed (Box and Muller 1958). */
function normals(seed: number): () => number {
  const generator = xoroshiro128plus(seed);
  const uniform = () => ((generator.next() >>> 0) + 0.5) / 2 ** 32;
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** A result whose repeats have these throughputs, and no pool. */
function throughputs(values: readonly number[], changes: Partial<Result> = {}): Result {
  const result = exampleResult({ repeats: values.length, warnings: [] });
  const runs = result.runs.map((run, index) => ({
    ...run,
    allocsPerSecond: values[index]!,
    pools: {},
  }));
  return { ...result, runs, ...changes };
}

function compared(base: readonly number[], head: readonly number[]): Comparison {
  return compareResults([throughputs(base)], [throughputs(head)], { tQuantile });
}

const STEADY = [100, 100.1, 99.9, 100.05, 99.95];

function scaled(factor: number): number[] {
  return STEADY.map((value) => value * factor);
}

Deno.test("compareResults() tells same, faster and slower apart by the margin", () => {
  const cases: readonly (readonly [factor: number, verdict: Comparison["verdict"]])[] = [
    [1, "same"],
    [1.02, "same"],
    [0.98, "same"],
    [1.1, "faster"],
    [0.9, "slower"],
  ];
  for (const [factor, verdict] of cases) {
    const { rows: [row], verdict: whole } = compared(STEADY, scaled(factor));
    assertEquals([row!.verdict, whole], [verdict, verdict]);
    assertAlmostEquals(row!.change, factor - 1, 1e-9);
    assert(row!.low! <= row!.change && row!.change <= row!.high!);
  }
});

Deno.test("compareResults() takes what is lower to be better for latencies", () => {
  const pools = (p99: number) => {
    const result = exampleResult({ repeats: 4, warnings: [] });
    const runs = result.runs.map((run, index) => {
      const pages = run.pools["pages"]!;
      const latencyNs = { ...pages.latencyNs, p99: p99 * (1 + index / 1000) };
      return { ...run, pools: { pages: { ...pages, latencyNs } } };
    });
    return { ...result, runs };
  };
  const { rows } = compareResults([pools(1000)], [pools(1300)], { tQuantile });
  const row = rows.find(({ part, measure }) => part === "total" && measure === "p99");
  assertEquals(row!.verdict, "slower");
});

Deno.test("compareResults() cannot tell where the noise is larger than the difference", () => {
  const { rows: [row] } = compared([100, 140, 70, 120], [90, 130, 60, 125]);
  assertEquals(row!.verdict, "cannot tell");
  assertGreater(row!.detectable!, 0.3);
});

Deno.test("compareResults() cannot tell from fewer than three repeats, and says so", () => {
  const { rows: [row], warnings, verdict } = compared([100, 101], [50, 51]);
  assertEquals([row!.verdict, row!.low, verdict], ["cannot tell", null, "cannot tell"]);
  assertEquals(warnings.map(({ code }) => code), ["few-repeats"]);
});

Deno.test("compareResults() puts the repeats of several results of a side together", () => {
  const options = { tQuantile };
  const [a, b] = [throughputs(STEADY), throughputs(scaled(0.8))];
  const { base, rows: [row] } = compareResults([a, a], [b], options);
  assertEquals([base.repeats, base.ids.length, row!.verdict], [10, 2, "slower"]);
});

Deno.test("compareResults() says what makes results incomparable, and what only weakens them", () => {
  const base = throughputs(STEADY);
  const { environment, scenario } = base;
  const cases: readonly (readonly [Partial<Result>, string, boolean])[] = [
    [{ environment: { ...environment, cpu: "other" } }, "other-machine", false],
    [{ environment: { ...environment, deno: "3.0.0" } }, "other-deno", true],
    [{ scenario: { ...scenario, pressure: { kind: "none" } } }, "other-scenario", false],
    [{ startedAt: "2026-01-02T00:00:00Z" }, "apart", true],
    [{ partial: true }, "partial", true],
    [{ scenario: { ...scenario, seed: 7, name: "x" } }, "", true],
  ];
  for (const [changes, code, comparable] of cases) {
    const head = throughputs(STEADY, changes);
    const comparison = compareResults([base], [head], { tQuantile });
    assertEquals(comparison.warnings.map((warning) => warning.code), code === "" ? [] : [code]);
    assertEquals(comparison.comparable, comparable);
  }
});

Deno.test("compareResults() leaves out what never happened on either side, and what has no margin", () => {
  const result = exampleResult({ repeats: 4 });
  const { rows } = compareResults([result], [result], { tQuantile });
  assert(rows.every(({ measure }) => measure !== "max"));
  const { rows: own } = compareResults([result], [result], { tQuantile, margins: { max: 0.5 } });
  assert(own.length > 0 && own.every(({ measure }) => measure === "max"));
});

Deno.test("compareResults() says which rows one side alone has, a throughput of 0 among them", () => {
  const codes = (base: Result, head: Result) =>
    compareResults([base], [head], { tQuantile }).warnings.map(({ code, message }) =>
      `${code}: ${message}`
    );
  const stuck = throughputs([...STEADY.slice(1), 0]);
  const sentence = "is not compared: missing, or 0, in a repeat of one side and not of the other";
  assertEquals(codes(throughputs(STEADY), stuck), [`one-sided-rows: throughput ${sentence}`]);
  assertEquals(codes(stuck, stuck), []);
  const whole = exampleResult({ repeats: 5, warnings: [] });
  const [found] = codes(whole, {
    ...whole,
    runs: whole.runs.map((run) => ({ ...run, pools: {} })),
  });
  assert(found?.startsWith("one-sided-rows: "), found);
  assert(/\d+ rows, such as pages total p50, are not compared/.test(found ?? ""), found);
});

/** How often a comparison of noisy sides comes to a verdict. */
function shareOf(verdict: string, factor: number, trials: number): number {
  const draw = normals(7);
  const side = (scale: number) =>
    Array.from({ length: 8 }, () => 1e6 * scale * Math.exp(0.03 * draw()));
  let count = 0;
  for (let trial = 0; trial < trials; trial++) {
    if (compared(side(1), side(factor)).verdict === verdict) count++;
  }
  return count / trials;
}

Deno.test("compareResults() calls identical sides slower in hardly any of a thousand comparisons", () => {
  assertLess(shareOf("slower", 1, 1000), 0.03);
});

Deno.test("compareResults() sees a slow-down of a tenth through a noise of 3 %", () => {
  assertGreater(shareOf("slower", 0.9, 300), 0.95);
});

Deno.test("compareResults() sees what it says that it would have seen in about 8 of 10 comparisons", () => {
  const draw = normals(11);
  const side = (scale: number) =>
    Array.from({ length: 8 }, () => 1e6 * scale * Math.exp(0.06 * draw()));
  let seen = 0;
  const trials = 400;
  for (let trial = 0; trial < trials; trial++) {
    const { rows: [row] } = compared(side(1), side(1));
    const again = compared(side(1), side(1 - row!.detectable!));
    if (again.verdict === "slower") seen++;
  }
  assertGreater(seen / trials, 0.7);
  assertLess(seen / trials, 0.9);
});

Deno.test("compareResults() keeps to its confidence over all rows together", () => {
  const draw = normals(13);
  const noisy = () => {
    const result = exampleResult({ repeats: 6, warnings: [] });
    const runs = result.runs.map((run) => {
      const pages = run.pools["pages"]!;
      const scale = () => Math.exp(0.2 * draw());
      const { p50, p90, p99 } = { p50: 100 * scale(), p90: 200 * scale(), p99: 400 * scale() };
      const levels = pages.levels.map((level) => ({
        ...level,
        latencyNs: { ...level.latencyNs, p50: 100 * scale(), p90: 200 * scale() },
      }));
      const latencyNs = { ...pages.latencyNs, p50, p90, p99 };
      return {
        ...run,
        allocsPerSecond: 1e6 * scale(),
        pools: { pages: { ...pages, levels, latencyNs } },
      };
    });
    return { ...result, runs };
  };
  const trials = 300;
  let wrong = 0;
  for (let trial = 0; trial < trials; trial++) {
    const { rows } = compareResults([noisy()], [noisy()], { tQuantile });
    const random = rows.filter(({ unit, part }) => unit !== "share" && part !== "response");
    if (random.some(({ verdict }) => verdict === "slower" || verdict === "faster")) wrong++;
  }
  assertLess(wrong / trials, 0.08);
});
