import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { examplePool, exampleResult } from "../testdata/example.ts";
import { markdown } from "./markdown.ts";

const OPTIONS = { color: false, columns: 80 };

Deno.test("markdown prints a pool's levels as a GitHub table", () => {
  assertStringIncludes(
    markdown.print(exampleResult(), OPTIONS),
    `### pages

over page, min reserve 64

| level | hits | rate | p50 | p90 | p99 | p99.9 | max |
| :-- | --: | --: | --: | --: | --: | --: | --: |
| 1 backend-atomic | 2.35M | 95.2% | 96ns | 140ns | 411ns | 2.88us | 61.2us |
| 2 reserve-half | 61,234 | 2.5% | 1.24us | 2.31us | 6.71us | 19.8us | 88.1us |
| 3 backend-blocking | 38,912 | 1.6% | 8.32us | 14.9us | 41.2us | 120us | 1.2ms |
| 4 reserve | 17,406 | 0.71% | 9.01us | 16.2us | 44.8us | - | 931us |
| 5 wait | 63 | 0.003% | 612us | - | - | - | 3.48ms |
| total | 2.46M |  | 97ns | 152ns | 9.18us | 38.7us | 3.48ms |
| response |  |  | 120ns | 1.98us | 14.2us | 88.5us | 4.01ms |

- reserve: 64 of 64 now · low-water 0 · 256KiB
`,
  );
});

Deno.test("markdown says how large a reserve was meanwhile, where it moved", () => {
  const result = exampleResult();
  const pool = examplePool();
  const grown = { ...pool, reserve: { ...pool.reserve, peakMin: 512 } };
  const runs = result.runs.map((run) => ({ ...run, pools: { pages: grown } }));
  assertStringIncludes(
    markdown.print({ ...result, runs }, OPTIONS),
    "- reserve: 64 of 64 now · low-water 0 · 256KiB · up to 512 meanwhile\n",
  );
});

Deno.test("markdown has intervals where there are several runs", () => {
  const text = markdown.print(exampleResult({ repeats: 6 }), OPTIONS);
  assertStringIncludes(text, "| over the runs | median | low | high |");
  assertStringIncludes(text, "| p99 | 9.18us | 8.83us | 9.56us |");
  assert(!markdown.print(exampleResult(), OPTIONS).includes("over the runs"));
});

Deno.test("markdown lets no name become markup, and every table row has as many cells", () => {
  const text = markdown.print(exampleResult({ pools: ["a|b\n<img> *c*"] }), OPTIONS);
  assertStringIncludes(text, "### a\\|b \\<img> \\*c\\*\n");
  const levels = text.split("\n").filter((line) => line.startsWith("| "));
  assertEquals(new Set(levels.map((line) => line.split("|").length)).size, 1);
});

Deno.test("markdown makes what is wrong stand out", () => {
  const result = exampleResult();
  const [run] = result.runs;
  const pools = { pages: { ...examplePool(), leaked: 1 } };
  const text = markdown.print({ ...result, runs: [{ ...run!, pools }] }, OPTIONS);
  assertStringIncludes(text, "- BROKEN: **2463293 allocs do not match 2463294");
});

Deno.test("markdown ends with the warnings and their advice", () => {
  const { warnings } = exampleResult();
  const text = markdown.print(exampleResult(), OPTIONS);
  assert(text.endsWith(`${warnings[0]!.advice}\n`));
  assertStringIncludes(text, "> **clock-grain**: ");
});
