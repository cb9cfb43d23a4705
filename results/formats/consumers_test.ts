/**
 * What others make of the exports: each is read by a parser that was not written here, or by the published schema of its
 * readers, and every number that comes out agrees with the result to 0.1 %.
 *
 * The formats of HdrHistogram are in hdr_test.ts, read by hdr-histogram-js; gobench has no reader for JavaScript.
 *
 * @module
 */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { parse as parseCsv } from "@std/csv";
import { Ajv } from "ajv";
import { parseHTML } from "linkedom";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import parsePrometheus from "parse-prometheus-text-format";
import { measureRows } from "../measures.ts";
import { LEVEL_NAMES, type Result } from "../result.ts";
import { exampleResult } from "../testdata/example.ts";
import { exampleRecommendation, exampleSweep } from "../testdata/example_sizing.ts";
import { csv as recommendationCsv } from "../recommendation_formats/csv.ts";
import { csv as sweepCsv } from "../sweep_formats/csv.ts";
import { bencher } from "./bencher.ts";
import { csv } from "./csv.ts";
import { githubBigger, githubSmaller } from "./github_benchmark.ts";
import { markdown } from "./markdown.ts";
import { prometheus } from "./prometheus.ts";

const OPTIONS = { color: false, columns: 80 };

/** A name that every format has to quote in its own way, and two pools, so that nothing is mixed up. */
const POOLS = ['a "b", *c*|d\\e', "bvec"];

const one = exampleResult({ pools: POOLS });

function assertAgrees(found: number, expected: number, what: string): void {
  assertAlmostEquals(found, expected, Math.abs(expected) / 1000, what);
}

/** The value of a measure, by pool, part and measure; of one run there is one. */
function valueOf(result: Result, pool: string | null, part: string | null, name: string): number {
  const row = measureRows(result).find((each) =>
    each.pool === pool && each.part === part && each.measure.name === name
  );
  assert(row !== undefined, `${pool} ${part} ${name}`);
  return row.values[0]!;
}

/** What the parser makes of a family. */
interface Family {
  readonly name: string;
  readonly type: string;
  readonly metrics: readonly {
    readonly value: string;
    readonly labels: Readonly<Record<string, string>>;
  }[];
}

/** The parser puts all series of a summary into one, so that summaries are read as plain samples here. */
function familiesOf(text: string): Family[] {
  const parse = parsePrometheus as (text: string) => Family[];
  assert(parse(text).some(({ type }) => type === "SUMMARY"));
  return parse(text.replaceAll(/^(# TYPE \S+) summary$/gm, "$1 untyped"));
}

Deno.test("prometheus is read by parse-prometheus-text-format, and its numbers agree", () => {
  const families = familiesOf(prometheus.print(one, OPTIONS));
  // Without its type a family is begun anew wherever another name comes between.
  const family = (name: string) => families.filter((each) => each.name === `mempool_bench_${name}`);
  const samples = (name: string) => family(name).flatMap(({ metrics }) => metrics);
  assertEquals(family("hits_total").map(({ type }) => type), ["COUNTER"]);
  assertEquals(samples("hits_total").length, POOLS.length * 5);
  for (const { labels: { pool, level }, value } of samples("hits_total")) {
    const { levels } = one.runs[0]!.pools[pool!]!;
    assertAgrees(Number(value), levels.find(({ name }) => name === level)!.hits, "hits");
  }
  const latencyOf = ({ pool, level }: Readonly<Record<string, string>>) => {
    const result = one.runs[0]!.pools[pool!]!;
    return (result.levels.find(({ name }) => name === level) ?? result).latencyNs;
  };
  const quantiles = samples("latency_seconds");
  assert(quantiles.length > 30, `${quantiles.length}`);
  for (const { labels, value } of quantiles) {
    const key = `p${Number((100 * Number(labels["quantile"])).toPrecision(6))}` as "p99";
    assertAgrees(Number(value) * 1e9, latencyOf(labels)[key]!, `${labels["level"]} ${key}`);
  }
  for (const { labels, value } of samples("latency_seconds_count")) {
    assertEquals(Number(value), latencyOf(labels).count);
  }
});

Deno.test("csv is read by a parser of RFC 4180, and its numbers agree", () => {
  const rows = parseCsv(csv.print(one, OPTIONS), { skipFirstRow: true });
  assertEquals(rows.length, POOLS.length * 6);
  for (const row of rows) {
    const pool = one.runs[0]!.pools[row["pool"]!]!;
    const level = pool.levels.find(({ name }) => name === row["name"]);
    const { latencyNs } = level ?? pool;
    assertAgrees(Number(row["hits"]), level?.hits ?? pool.allocs, "hits");
    for (const key of ["p50", "p99", "p99.9", "max"] as const) {
      const text = row[`latency_${key}_ns`]!;
      if (latencyNs[key] === null) assertEquals(text, "");
      else assertAgrees(Number(text), latencyNs[key], `${row["name"]} ${key}`);
    }
  }
});

Deno.test("csv of recommendations and sweeps is read by a parser of RFC 4180, and its numbers agree", () => {
  const recommendation = exampleRecommendation();
  const points = parseCsv(recommendationCsv.print(recommendation, OPTIONS), { skipFirstRow: true });
  assertEquals(points.length, recommendation.curve.length);
  for (const [index, { minReserve, missRate, bytes }] of recommendation.curve.entries()) {
    const row = points[index]!;
    assertEquals([row["min_reserve"], row["bytes"]], [`${minReserve}`, `${bytes}`]);
    assertAgrees(Number(row["miss_rate"]), missRate, `${minReserve}`);
  }
  const sweep = exampleSweep();
  const rows = parseCsv(sweepCsv.print(sweep, OPTIONS), { skipFirstRow: true });
  assertEquals(rows.length, sweep.rows.length);
  for (const [index, { settings, missRate }] of sweep.rows.entries()) {
    assertEquals(rows[index]!["policy"], settings["policy"]);
    assertAgrees(Number(rows[index]!["miss_rate"]), missRate, `${index}`);
  }
});

/** What github-action-benchmark reads of an entry: its interface BenchmarkResult. */
const GITHUB = {
  type: "array",
  items: {
    type: "object",
    properties: {
      name: { type: "string", minLength: 1 },
      value: { type: "number" },
      unit: { type: "string" },
      range: { type: "string" },
      extra: { type: "string" },
    },
    required: ["name", "value", "unit"],
    additionalProperties: false,
  },
};

Deno.test("githubSmaller and githubBigger have what the action reads, and their numbers agree", () => {
  type Entries = { readonly name: string; readonly value: number }[];
  const isValid = new Ajv().compile<Entries>(GITHUB);
  const [smaller = [], bigger = []] = [githubSmaller, githubBigger].map((format): Entries => {
    const entries: unknown = JSON.parse(format.print(one, OPTIONS));
    assert(isValid(entries), JSON.stringify(isValid.errors));
    return entries;
  });
  assertAgrees(bigger[0]!.value, valueOf(one, null, null, "throughput"), "throughput");
  const rows = measureRows(one).filter(({ measure: { unit } }) => unit === "ns");
  assertEquals(smaller.length, rows.length);
  for (const [index, { measure, values }] of rows.entries()) {
    assert(smaller[index]!.name.endsWith(` ${measure.name}`), smaller[index]!.name);
    assertAgrees(smaller[index]!.value, values[0]!, smaller[index]!.name);
  }
});

Deno.test("bencher's numbers agree", () => {
  const benchmarks: Record<string, Record<string, { value: number }>> = JSON.parse(
    bencher.print(one, OPTIONS),
  );
  assertAgrees(benchmarks["canonical"]!["throughput"]!.value, one.runs[0]!.allocsPerSecond, "rate");
  let seen = 0;
  for (const part of ["total", "response", ...LEVEL_NAMES]) {
    for (const [measure, { value }] of Object.entries(benchmarks[`canonical/bvec/${part}`]!)) {
      const name = measure.replace("latency-", "").replace("p99-9", "p99.9").replace(/^hit-/, "");
      assertAgrees(value, valueOf(one, "bvec", part, name), `${part} ${measure}`);
      seen++;
    }
  }
  assert(seen > 30, `${seen}`);
});

/** "2.46M", "9.18us", "95.2%" as a number in base units. */
function numberOf(text: string): number {
  const [, digits = "", unit = ""] = text.match(/^([\d.,]+)([a-zA-Z%]*)$/) ?? [];
  const units: Record<string, number> = { us: 1e3, ms: 1e6, s: 1e9, M: 1e6, G: 1e9, "%": 0.01 };
  return Number(digits.replaceAll(",", "")) * (units[unit] ?? 1);
}

Deno.test("markdown is read by micromark as GitHub's, and its numbers agree as far as they are printed", () => {
  const html = micromark(markdown.print(one, OPTIONS), {
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
  const { document } = parseHTML(`<main>${html}</main>`) as unknown as {
    document: {
      querySelectorAll(selector: string): Iterable<{
        textContent: string;
        querySelectorAll(selector: string): Iterable<{ textContent: string }>;
      }>;
    };
  };
  const heads = Array.from(document.querySelectorAll("h3"), ({ textContent }) => textContent);
  assertEquals(heads.filter((head) => POOLS.includes(head)), POOLS);
  const rows = Array.from(
    document.querySelectorAll("tbody tr"),
    (row) => Array.from(row.querySelectorAll("td"), ({ textContent }) => textContent.trim()),
  ).filter(([first]) => /^[1-5] /.test(first!));
  assertEquals(rows.length, POOLS.length * 5);
  for (const [index, [name, hits, rate, p50, , p99]] of rows.entries()) {
    const pool = one.runs[0]!.pools[POOLS[Math.floor(index / 5)]!]!;
    const level = pool.levels.find((each) => `${each.level} ${each.name}` === name)!;
    // Three digits are printed, of rates near 0 or 1 fewer.
    const agrees = (text: string, value: number | null, share: number) =>
      value === null
        ? assertEquals(text, "-")
        : assertAlmostEquals(numberOf(text), value, value * share, text);
    agrees(hits!, level.hits, 0.005);
    agrees(rate!, level.rate, 0.2);
    agrees(p50!, level.latencyNs.p50, 0.005);
    agrees(p99!, level.latencyNs.p99, 0.005);
  }
});
