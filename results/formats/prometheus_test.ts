import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { exampleResult } from "../testdata/example.ts";
import { prometheus } from "./prometheus.ts";

const OPTIONS = { color: false, columns: 80 };

/** One sample: its full name, its labels, its value. */
interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const SAMPLE = /^([a-z_:][\w:]*)\{((?:[a-z_]\w*="(?:[^"\\\n]|\\["\\n])*",?)*)\} (\S+)$/i;

/** Reads a text as https://prometheus.io/docs/instrumenting/exposition_formats/ has it; throws at what is not. */
function read(text: string): { samples: Sample[]; types: Record<string, string> } {
  const types: Record<string, string> = {};
  const samples: Sample[] = [];
  let family = "";
  for (const line of text.split("\n").slice(0, -1)) {
    const [, kind, name = "", rest = ""] = line.match(/^# (HELP|TYPE) (\S+) (.*)$/) ?? [];
    if (kind === "TYPE") types[name] = rest;
    if (kind === "HELP") {
      assert(types[name] === undefined, `${name} comes twice`);
      family = name;
    }
    if (kind !== undefined) continue;
    const [, sample, labels, value] = line.match(SAMPLE) ?? [];
    assert(sample?.startsWith(family), `not of ${family}: ${line}`);
    const pairs = Array.from(labels!.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g), ([, key, text]) => {
      const escapes: Record<string, string> = { n: "\n" };
      return [
        key!,
        text!.replaceAll(/\\(.)/g, (_, char: string) => escapes[char] ?? char),
      ] as const;
    });
    samples.push({ name: sample!, labels: Object.fromEntries(pairs), value: Number(value) });
  }
  assert(samples.every(({ value }) => Number.isFinite(value)));
  return { samples, types };
}

Deno.test("prometheus gives hits by pool and level, as the result has them", () => {
  const result = exampleResult({ pools: ["bio", "bvec"] });
  const { samples, types } = read(prometheus.print(result, OPTIONS));
  const hits = samples.filter(({ name }) => name === "mempool_bench_hits_total");
  assertEquals([hits.length, types["mempool_bench_hits_total"]], [2 * 5, "counter"]);
  for (const { labels: { pool, level }, value } of hits) {
    const { levels } = result.runs[0]!.pools[pool!]!;
    assertEquals(value, levels.find(({ name }) => name === level)!.hits);
  }
});

Deno.test("prometheus gives latencies in seconds, and only the percentiles that were claimed", () => {
  const { samples, types } = read(prometheus.print(exampleResult(), OPTIONS));
  assertEquals(types["mempool_bench_latency_seconds"], "summary");
  const reserve = samples.filter(({ labels }) => labels["level"] === "reserve");
  const quantiles = reserve.filter(({ labels }) => labels["quantile"] !== undefined);
  assertEquals(quantiles.map(({ labels }) => labels["quantile"]), ["0.5", "0.9", "0.99"]);
  assertAlmostEquals(quantiles[2]!.value, 44.8e-6, 44.8e-9);
  const count = reserve.find(({ name }) => name === "mempool_bench_latency_seconds_count");
  assertEquals(count!.value, 17_406);
});

Deno.test("prometheus.join() names each family once, with the samples of all results", () => {
  const names = ["a", 'b "c"\n\\d'];
  const texts = names.map((name) => {
    const result = exampleResult();
    return prometheus.print({ ...result, scenario: { ...result.scenario, name } }, OPTIONS);
  });
  const { samples } = read(prometheus.join!(texts));
  const hits = samples.filter(({ name }) => name === "mempool_bench_hits_total");
  assertEquals(hits.length, 2 * 5);
  assertEquals([...new Set(hits.map(({ labels }) => labels["scenario"]!))], names);
});
