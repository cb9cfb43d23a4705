import { assert, assertEquals, assertLess, assertStringIncludes } from "@std/assert";
import { XMLParser } from "fast-xml-parser";
import jstat from "jstat";
import { Histogram } from "../histogram.ts";
import { histogramText } from "../histogram_text.ts";
import { LEVEL_NAMES, type Result } from "../result.ts";
import { exampleResult } from "../testdata/example.ts";
import { exampleHistory } from "../testdata/example_history.ts";
import { exampleJoint, exampleRecommendation, exampleSweep } from "../testdata/example_sizing.ts";
import { loadDrawing } from "./drawing.ts";
import { reportPage } from "./page.ts";

const options = { drawing: await loadDrawing(), tQuantile: jstat.studentt.inv };

/** The same result with histograms of so many samples at each level. */
function withHistograms(result: Result, samples = 20_000): Result {
  const histogram = new Histogram();
  for (let sample = 0; sample < samples; sample++) histogram.record(100 + sample * sample % 1e6);
  const text = histogramText(histogram.toData());
  const of = { levels: LEVEL_NAMES.map(() => [text, text]), response: [text, text] };
  const runs = result.runs.map((run) => ({
    ...run,
    histograms: Object.fromEntries(Object.keys(run.pools).map((name) => [name, of])),
  }));
  return { ...result, runs };
}

/** The same result with as many moments as there ever are, each of them another. */
function withMoments(result: Result): Result {
  const atNs = Array.from({ length: 200 }, (_, index) => index * 50e6 + index ** 3);
  const live = atNs.map((_, index) => index * 7919 % 1000);
  const pool = { live, reserve: live.map((each) => each % 65), minReserve: live };
  const runs = result.runs.map((run) => ({
    ...run,
    timeline: {
      atNs,
      pools: Object.fromEntries(Object.keys(run.pools).map((name) => [name, pool])),
    },
  }));
  return { ...result, runs };
}

Deno.test("reportPage() has every pool's levels in a table beside the picture", () => {
  const page = reportPage([exampleResult({ pools: ["bio", "bvec"] })], options);
  assertEquals(page.match(/<caption>levels of (bio|bvec)<\/caption>/g)?.length, 2);
  assertEquals(page.match(/<th scope="row">4 reserve<\/th><td>17,406<\/td>/g)?.length, 2);
  // Who served, and for each pool its latencies, its live elements and its reserve.
  assertEquals(page.match(/<figure>/g)?.length, 1 + 2 * 3);
  assertEquals(page.match(/role="img" tabindex="0" aria-label="[^"]{20,}"/g)?.length, 1 + 2 * 3);
});

Deno.test("reportPage() refers to nothing outside itself", () => {
  const page = reportPage([withHistograms(exampleResult())], options);
  const links = page.replaceAll("http://www.w3.org/", "").match(
    /(https?:)?\/\/[a-z]|@import|url\(/g,
  );
  assertEquals(links?.filter((each) => each !== "//") ?? [], []);
  assert(!/<(link|img|iframe|script src)/.test(page));
});

Deno.test("reportPage() of ten results is less than 1 MiB", () => {
  const results = Array.from({ length: 10 }, (_, index) => ({
    ...withMoments(withHistograms(exampleResult({ repeats: 6, pools: ["bio", "bvec"] }))),
    id: `r${index}`,
    startedAt: `2026-01-0${index % 9 + 1}T00:00:00Z`,
  }));
  const page = reportPage(results, options);
  assertLess(new TextEncoder().encode(page).length, 2 ** 20);
  assertStringIncludes(page, "canonical: from result to result");
});

Deno.test("reportPage() lets no name or sentence become markup", () => {
  const evil = `<b onclick="x">'&</b></style></script>`;
  const result = exampleResult({
    pools: [evil],
    warnings: [{ code: evil, message: evil, advice: evil }],
  });
  const page = reportPage([{ ...result, scenario: { ...result.scenario, name: evil } }], options);
  assert(!page.includes("<b onclick"));
  assertEquals(page.match(/<\/script>/g)?.length, 1);
});

Deno.test("reportPage() is well-formed apart from its style and script", () => {
  const page = reportPage(
    [withHistograms(exampleResult({ repeats: 6 })), exampleResult()],
    options,
  );
  const body = page.slice(page.indexOf("<main>"), page.indexOf("</main>") + 7)
    .replaceAll(/<(br|input)([^>]*)>/g, "<$1$2/>")
    .replaceAll(/<style>[^]*?<\/style>/g, "");
  const parsed = new XMLParser({ ignoreAttributes: false }).parse(body, true);
  assertEquals(Object.keys(parsed), ["main"]);
});

Deno.test("reportPage() draws a line for each level with samples enough, from histograms or summaries", () => {
  const strokes = (page: string) => new Set(page.match(/stroke="var\(--level-\d\)"/g) ?? []).size;
  assertEquals(strokes(reportPage([withHistograms(exampleResult())], options)), 5);
  assertEquals(strokes(reportPage([exampleResult()], options)), 5);
  assertEquals(strokes(reportPage([withHistograms(exampleResult(), 3)], options)), 0);
});

Deno.test("reportPage() has live elements and reserve over time, with their bounds in words and in a table", () => {
  const page = reportPage([exampleResult({ repeats: 2 })], options);
  assertStringIncludes(page, "<figcaption>pages: live elements over time, run 1 of 2</figcaption>");
  assertStringIncludes(page, "over time, run 1 of 2, 2s: live from 20 to 780");
  assertStringIncludes(page, "min reserve 64 throughout; reserve from 0 to 64");
  assertStringIncludes(page, "<caption>pages over time: 12 of 41 moments</caption>");
  assertStringIncludes(page, '<th scope="row">2s</th><td>20</td><td>64</td><td>64</td>');
  const [run] = exampleResult().runs;
  const { timeline: _, ...older } = run!;
  const without = reportPage([{ ...exampleResult(), runs: [older] }], options);
  assert(!without.includes("over time"));
});

Deno.test("reportPage() takes recommendations and sweeps between results", () => {
  const documents = [exampleSweep(), exampleResult(), exampleRecommendation()];
  const page = reportPage(documents, options);
  assertEquals(Array.from(page.matchAll(/<section id="([a-z]+)-/g), ([, kind]) => kind), [
    "sweep",
    "result",
    "recommendation",
  ]);
  assertStringIncludes(page, "reserve 16: 0.39% (0.20% to 0.78%), recommended");
  assertStringIncludes(page, "<strong>min_nr = 16, because");
  assertStringIncludes(page, '<th scope="row">16</th><td>recommended</td>');
  // One of the two that never end is drawn upon the other.
  assertStringIncludes(page, "8 of 14 combinations are on the front: min-reserve 0, policy");
});

Deno.test("reportPage() has the front of several pools together, with the choice on it", () => {
  const page = reportPage([exampleJoint()], options);
  assertEquals(page.match(/<figure>/g)?.length, 2);
  assertStringIncludes(page, "4 combinations are on the front, the target is 1.0%");
  assertStringIncludes(page, "recommended: reserves 14/4: 312KiB, 1.2% miss");
  assertStringIncludes(page, '<th scope="row">bvec</th><td>4</td><td>256KiB</td>');
  assertStringIncludes(page, "14/4 ◆");
});

Deno.test("reportPage() draws the front of what a sweep can tell, and nothing of nothing", () => {
  const sweep = exampleSweep();
  const never = { p50: null, p99: null, "p99.9": null, max: null };
  const rows = sweep.rows.map((row) => ({ ...row, tailNs: never }));
  assertStringIncludes(
    reportPage([{ ...sweep, rows }], options),
    "share that misses against bytes",
  );
  assert(!reportPage([{ ...sweep, rows: [] }], options).includes("<figure>"));
  const { curve: _, ...bare } = exampleRecommendation();
  assert(!reportPage([{ ...bare, curve: [] }], options).includes("<figure>"));
});

Deno.test("reportPage() names the revision with which a change began, and shows only the newest in full", () => {
  const throughput = (index: number) => index < 20 ? 1 : 0.9;
  const page = reportPage(exampleHistory({ results: 40, throughput }).toReversed(), options);
  assertEquals(page.match(/<section id="result-/g)?.length, 10);
  assertStringIncludes(page, "30 older results are shown in their history alone");
  assert(/<th scope="row">throughput<\/th><td>r20<\/td>.*?<td>slower<\/td>/.test(page));
  assert(/throughput over 40 results, from [^"]*: slower, -1\d\.\d%, from r20 on"/.test(page));
  // Also where it might have begun elsewhere, the picture and the table name the same revision.
  const smaller = (index: number) => index < 20 ? 1 : 0.95;
  const vague = reportPage(exampleHistory({ results: 40, throughput: smaller }), options);
  const [, began, from] =
    vague.match(/<th scope="row">throughput<\/th><td>(r\d+)<\/td><td>(r\d+) \.\. /) ?? [];
  assert(began !== undefined && began !== from);
  assert(new RegExp(`>-\\d\\.\\d% from ${began}</text>`).test(vague));
  assertStringIncludes(
    reportPage(exampleHistory({ results: 4 }), options),
    "cannot tell: 4 results",
  );
});

Deno.test("reportPage() shows a result without a run", () => {
  assertStringIncludes(
    reportPage([exampleResult({ repeats: 0 })], options),
    "nothing was measured",
  );
});
