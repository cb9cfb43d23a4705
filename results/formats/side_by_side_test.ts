import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Result } from "../result.ts";
import { exampleResult } from "../testdata/example.ts";
import { markdown } from "./markdown.ts";
import { sideBySide } from "./side_by_side.ts";
import { table } from "./table.ts";

function named(name: string, options: Parameters<typeof exampleResult>[0] = {}): Result {
  const result = exampleResult(options);
  return { ...result, scenario: { ...result.scenario, name } };
}

function rowOf(results: readonly Result[], title: string, label: string) {
  const section = sideBySide(results).sections.find((one) => one.title === title);
  return section?.rows.find(([first]) => first === label)?.slice(1);
}

Deno.test("sideBySide() calls variants by their own names, and different scenarios by the whole", () => {
  const heads = (...names: string[]) => sideBySide(names.map((name) => named(name))).heads;
  assertEquals(heads("a/five-level", "a/linux"), ["five-level", "linux"]);
  assertEquals(heads("a/five-level", "b/linux"), ["a/five-level", "b/linux"]);
  assertEquals(heads("a", "b"), ["a", "b"]);
});

Deno.test("sideBySide() has a column for each result, with counts summed over its runs", () => {
  const results = [named("a/one"), named("a/six", { repeats: 6 })];
  const hits = results.map(({ runs }) =>
    runs.reduce((sum, run) => sum + run.pools["pages"]!.waits.count, 0).toLocaleString("en-US")
  );
  assertEquals(rowOf(results, "pages", "waits"), hits);
  assertEquals(rowOf(results, "pages", "1 backend-atomic")![0], "95.2%");
  assertEquals(rowOf(results, "pages", "p99")![0], "9.18us");
  assertEquals(rowOf(results, "", "set aside"), ["256KiB", "256KiB"]);
});

Deno.test("sideBySide() has a dash where a result lacks a pool, and sums what is set aside over all pools", () => {
  const results = [named("a/one", { pools: ["x", "y"] }), named("a/two", { pools: ["y"] })];
  assertEquals(sideBySide(results).sections.slice(0, 3).map(({ title }) => title), ["", "x", "y"]);
  assertEquals(rowOf(results, "x", "p99"), ["9.18us", "-"]);
  assertEquals(rowOf(results, "", "set aside"), ["512KiB", "256KiB"]);
});

Deno.test("table.compare() lines results up, markdown.compare() makes tables of them", () => {
  const results = [named("a/one"), named("a/two|b")];
  const text = table.compare!(results, { color: false, columns: 80 });
  const lines = text.split("\n");
  assertEquals(lines[0]!.split(/ {2,}/), ["side by side", "one", "two|b"]);
  assertEquals(
    new Set(lines.filter((line) => line.includes("%")).map((line) => line.length)).size,
    1,
  );
  assertStringIncludes(
    markdown.compare!(results, { color: false, columns: 80 }),
    "|  | one | two\\|b |\n",
  );
});
