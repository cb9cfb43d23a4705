import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Histogram } from "../histogram.ts";
import { binsOf, histogramText } from "../histogram_text.ts";
import { LEVEL_NAMES, type Result } from "../result.ts";
import { exampleResult } from "../testdata/example.ts";
import { hdr } from "./hdr.ts";
import { hlog } from "./hdr_log.ts";
import { hgrm } from "./hdr_percentiles.ts";

const OPTIONS = { color: false, columns: 80 };

await Promise.all([hlog.load!(), hgrm.load!()]);

/** A histogram of many latencies between 100 ns and 10 ms. */
function latencies(step: number): string {
  const histogram = new Histogram();
  for (let value = 100; value < 1e7; value *= 1 + step / 1000) histogram.record(value);
  return histogramText(histogram.toData());
}

/** A result of two workers, who were served at levels 1 and 5 only. */
function recordedResult(repeats = 1): Result {
  const result = exampleResult({ repeats });
  const levels = LEVEL_NAMES.map((_, index) =>
    index === 0 ? [latencies(3), latencies(7)] : index === 4 ? ["", latencies(11)] : ["", ""]
  );
  const histograms = { pages: { levels, response: ["", ""] } };
  return { ...result, runs: result.runs.map((run) => ({ ...run, histograms })) };
}

/** The percentile of bins by nearest rank. */
function percentileOf(text: string, percent: number): number {
  const bins = binsOf(text);
  let left = Math.ceil(percent / 100 * bins.reduce((sum, [, samples]) => sum + samples, 0));
  return bins.find(([, samples]) => (left -= samples) <= 0)![0];
}

Deno.test("hlog is read by HistogramLogReader, with a tag for pool, level and worker", () => {
  const text = hlog.print(recordedResult(), OPTIONS);
  const reader = new (hdr().HistogramLogReader)(text);
  const tags: string[] = [];
  for (let next = reader.nextIntervalHistogram(); next !== null;) {
    const histogram = next as import("hdr-histogram-js").Histogram;
    tags.push(histogram.tag);
    const [step] =
      { "pages/backend-atomic/0": [3], "pages/backend-atomic/1": [7] }[histogram.tag] ?? [11];
    for (const percent of [50, 90, 99, 99.9]) {
      const expected = percentileOf(latencies(step!), percent);
      assertAlmostEquals(histogram.getValueAtPercentile(percent), expected, expected / 1000);
    }
    next = reader.nextIntervalHistogram();
  }
  assertEquals(tags, ["pages/backend-atomic/0", "pages/backend-atomic/1", "pages/wait/1"]);
});

Deno.test("hlog puts the runs behind each other", () => {
  const lines = hlog.print(recordedResult(2), OPTIONS).split("\n").filter((line) =>
    line.startsWith("Tag=pages/wait/1,")
  );
  const [first, second] = lines.map((line) => line.split(",").slice(1, 3).map(Number));
  assertEquals(lines.length, 2);
  assertAlmostEquals(second![0]!, first![0]! + first![1]!, 0.01);
});

Deno.test("hgrm has a distribution for each level that served, over all workers and runs", () => {
  const text = hgrm.print(recordedResult(2), OPTIONS);
  const sections = text.split(/^(?=#\[canonical\/)/m);
  assertEquals(sections.map((section) => section.split("\n")[0]), [
    "#[canonical/pages/backend-atomic]",
    "#[canonical/pages/wait]",
  ]);
  const rows = sections[1]!.split("\n").filter((line) => /^\s+[\d.]+\s+[01]\.\d+\s+\d+/.test(line))
    .map((line) => line.trim().split(/\s+/).map(Number));
  const total = 2 * binsOf(latencies(11)).reduce((sum, [, samples]) => sum + samples, 0);
  assertEquals(rows.at(-1)![2], total);
  const median = rows.find(([, share]) => share! >= 0.5)![0]!;
  const expected = percentileOf(latencies(11), 50);
  assertAlmostEquals(median, expected, expected / 1000 + 1);
});

Deno.test("hlog and hgrm of a result without histograms are valid, and empty", () => {
  const reader = new (hdr().HistogramLogReader)(hlog.print(exampleResult(), OPTIONS));
  assertEquals(reader.nextIntervalHistogram(), null);
  assert(hgrm.print(exampleResult(), OPTIONS).startsWith("#"));
});
