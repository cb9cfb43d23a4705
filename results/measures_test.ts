import { assert, assertEquals } from "@std/assert";
import { MEASURE_NAMES, measureRows } from "./measures.ts";
import type { Result } from "./result.ts";
import { exampleResult } from "./testdata/example.ts";

Deno.test("measureRows() has a value for each repeat in every row", () => {
  const rows = measureRows(exampleResult({ repeats: 3, pools: ["bio", "bvec"] }));
  assert(rows.every(({ values }) => values.length === 3));
  assertEquals(rows[0]!.measure.name, "throughput");
  const pools = new Set(rows.map(({ pool }) => pool));
  assertEquals([...pools], [null, "bio", "bvec"]);
});

Deno.test("measureRows() knows no measure that is not listed", () => {
  for (const { measure } of measureRows(exampleResult())) {
    assert(MEASURE_NAMES.includes(measure.name));
  }
});

Deno.test("measureRows() leaves out what some repeat could not claim", () => {
  const result = exampleResult({ repeats: 2 });
  const hasP99 = (of: Result) =>
    measureRows(of).some(({ part, measure }) => part === "reserve" && measure.name === "p99");
  assert(hasP99(result));
  const [first, second] = result.runs;
  const pages = second!.pools["pages"]!;
  const levels = pages.levels.map((level) => ({
    ...level,
    latencyNs: { ...level.latencyNs, p99: null },
  }));
  const poorer = { ...second!, pools: { pages: { ...pages, levels } } };
  assert(!hasP99({ ...result, runs: [first!, poorer] }));
});

Deno.test("measureRows() has nothing of a result without runs", () => {
  assertEquals(measureRows(exampleResult({ repeats: 0 })), []);
});
