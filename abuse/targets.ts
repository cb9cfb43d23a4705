/**
 * What is abused, by name: scenario files, traces, stored results, the store itself and the command line, each with the
 * commands that read it.
 *
 * @module
 */
import { parse } from "@std/jsonc";
import fc from "fast-check";
import { gzipSync } from "node:zlib";
import { exampleResult } from "../results/testdata/example.ts";
import * as comparisonFormats from "../results/comparison_formats/mod.ts";
import * as recommendationFormats from "../results/recommendation_formats/mod.ts";
import * as resultFormats from "../results/formats/mod.ts";
import { Store } from "../results/store.ts";
import { builtinNames, readBuiltin } from "../workloads/scenarios/mod.ts";
import type { Attempt } from "./attempt.ts";
import { commandLines } from "./command_lines.ts";
import { damagedBytes, damagedDocument, damagedText } from "./mutants.ts";

const scenarioTexts = builtinNames().map((name) => readBuiltin(name).text);
const scenarios = scenarioTexts.map((text) => parse(text));
/** As bench --json writes them: with pools of two kinds, and none. */
const results = [exampleResult(), exampleResult({ repeats: 3, pools: ["bio", "bvec"] })]
  .map((result) => JSON.parse(JSON.stringify(result)));
const goodResult = JSON.stringify(results[0]);

const rows = (row: (index: number) => string) => Array.from({ length: 60 }, (_, i) => row(i));
const traces: readonly string[] = [
  "t_ns,op,id,size,worker,hold_ns,n\n" +
  rows((i) => `${i * 50},${i % 2 ? "f" : "a"},${i >> 1},64,w${i % 3},,\n`).join(""),
  "start_us,end_us,bytes\n" + rows((i) => `${i * 5},${i * 5 + i % 40},64\n`).join(""),
  rows((i) => JSON.stringify({ start: i, end: i + i % 7, size: 10 }) + "\n").join(""),
];

/** The command that the mutant in `file` is given to; the rest of the files stand by. */
function readBy(
  file: string,
  content: fc.Arbitrary<string | Uint8Array>,
  commands: readonly (readonly string[])[],
  options: { readonly runs: boolean; readonly beside?: Attempt["files"] },
): fc.Arbitrary<Attempt> {
  const { runs, beside = {} } = options;
  return fc.record({ content, command: fc.constantFrom(...commands) }).map(
    ({ content, command }) => ({ files: { ...beside, [file]: content }, lines: [command], runs }),
  );
}

const scenario = fc.oneof(damagedText(scenarioTexts), damagedDocument(scenarios));
const result = fc.oneof(
  damagedText(results.map((each) => JSON.stringify(each))),
  damagedDocument(results),
);

/** A store with one result in it. */
function goodStore(): Uint8Array {
  const file = Deno.makeTempFileSync();
  {
    using store = Store.open(file, { write: true });
    store.save(results[0]);
  }
  const bytes = Deno.readFileSync(file);
  Deno.removeSync(file);
  return bytes;
}

const BRIEF = ["--duration", "5ms", "--warmup", "0", "--workers", "1", "--repeat", "1"];
const each = (name: string, values: readonly string[]) => values.map((value) => [name, value]);

/** All of them. */
export const TARGETS: Readonly<Record<string, fc.Arbitrary<Attempt>>> = {
  "scenario": readBy("s.jsonc", scenario, [
    ["bench", "@s.jsonc"],
    ["bench", "@s.jsonc", ...BRIEF, "--min-reserve", "3", "--policy", "linux"],
    ["sweep", "@s.jsonc", "--vary", "min-reserve=0,1..4", "--vary", "workload.hold.mean=1ms,2ms"],
    ["recommend", "@s.jsonc"],
    ["tune", "@s.jsonc"],
  ], { runs: false }),
  // Sizing one takes ten seconds, so that recommend is only let look at it.
  "scenario simulated": readBy("s.jsonc", scenario, [
    ["sweep", "@s.jsonc", "--vary", "min-reserve=0,2", "--simulate", ...BRIEF],
  ], { runs: true }),
  "scenario run": readBy("s.jsonc", scenario, [["bench", "@s.jsonc", ...BRIEF]], { runs: true }),
  "trace": readBy("t.csv", damagedText(traces), [
    ["trace", "info", "@t.csv"],
    ["trace", "info", "@t.csv", "--json", "--spread", "--unfinished", "hold"],
    ["trace", "convert", "@t.csv", "-o", "@out.ndjson.gz"],
    ["trace", "cut", "@t.csv", "--from", "10us", "--to", "1ms"],
    ["trace", "cut", "@t.csv", "--first", "7", "--hold", "constant:1ms"],
    ["recommend", "--trace", "@t.csv"],
  ], { runs: true }),
  "trace for a run": readBy("t.csv", damagedText(traces), [
    ["bench", "--trace", "@t.csv"],
    ["tune", "--trace", "@t.csv"],
    ["bench", "sqlite", "--trace", "@t.csv", "--speed", "2x"],
  ], { runs: false }),
  "packed trace": readBy(
    "t.csv.gz",
    fc.constantFrom(...traces).chain((text) => damagedBytes(new Uint8Array(gzipSync(text)))),
    [["trace", "info", "@t.csv.gz"], ["recommend", "--trace", "@t.csv.gz"]],
    { runs: true },
  ),
  "result": readBy("r.json", result, [
    ...each("--format", Object.keys(comparisonFormats))
      .map((format) => ["compare", "@good.json", "@r.json", ...format]),
    ["compare", "@r.json", "@good.json", "--gate", "--anyway"],
    ["report", "@r.json", "@good.json"],
    ["history", "import", "@r.json"],
    ...each("--format", Object.keys(recommendationFormats))
      .map((format) => ["recommend", "--result", "@r.json", "--max-reserve", "64", ...format]),
  ], { runs: true, beside: { "good.json": goodResult } }),
  "result shown": fc.record({
    content: result,
    format: fc.constantFrom(...Object.keys(resultFormats)),
  }).map(({ content, format }) => ({
    files: { "r.json": content },
    lines: [
      ["history", "import", "@r.json", "--store", "@h.db"],
      ["history", "list", "--store", "@h.db"],
      ["history", "show", results[0].id, "--store", "@h.db", "--format", format],
    ],
    runs: true,
  })),
  "store": damagedBytes(goodStore()).map((content) => ({
    files: { "h.db": content, "r.json": goodResult },
    lines: [
      ["history", "list", "--store", "@h.db"],
      ["history", "export", "--store", "@h.db"],
      ["history", "rm", results[0].id, "--store", "@h.db"],
      ["history", "import", "@r.json", "--store", "@h.db"],
    ],
    runs: true,
  })),
  "command line": commandLines({
    "s.jsonc": scenarioTexts[0]!,
    "r.json": goodResult,
    "t.csv": traces[0]!,
    "garbage.db": "SQLite format 3\0" + "x".repeat(2000),
  }),
};
