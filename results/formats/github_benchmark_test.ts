import { assert, assertEquals } from "@std/assert";
import { exampleResult } from "../testdata/example.ts";
import type { Result } from "../result.ts";
import { githubBigger, githubSmaller } from "./github_benchmark.ts";

const OPTIONS = { color: false, columns: 80 };

/** What the action reads of an entry, and nothing else. */
interface Entry {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly range?: string;
  readonly extra: string;
}

function entries(text: string): Entry[] {
  return JSON.parse(text);
}

Deno.test("githubSmaller has the latencies of each pool and level, in nanoseconds", () => {
  const [entry] = entries(githubSmaller.print(exampleResult(), OPTIONS)).filter(({ name }) =>
    name === "canonical/pages/reserve p99"
  );
  assertEquals([entry!.value, entry!.unit], [44_800, "ns"]);
});

Deno.test("githubBigger has the throughput alone", () => {
  const only = entries(githubBigger.print(exampleResult(), OPTIONS));
  assertEquals(only.map(({ name, unit }) => [name, unit]), [["canonical throughput", "ops/s"]]);
});

Deno.test("githubSmaller leaves out what can be 0, which the action cannot compare", () => {
  const names = entries(githubSmaller.print(exampleResult(), OPTIONS)).map(({ name }) => name);
  assert(names.length > 10 && !names.some((name) => name.includes("rate")));
  const result = exampleResult();
  const stopped: Result = {
    ...result,
    runs: result.runs.map((run) => ({ ...run, allocsPerSecond: 0 })),
  };
  assertEquals(entries(githubBigger.print(stopped, OPTIONS)), []);
});

Deno.test("githubSmaller gives a range only where there are repeats enough, else says how many are missing", () => {
  const [few] = entries(githubSmaller.print(exampleResult({ repeats: 2 }), OPTIONS));
  assertEquals(few!.range, undefined);
  assert(few!.extra.includes("no interval: that needs 6 runs"));
  const [enough] = entries(githubSmaller.print(exampleResult({ repeats: 6 }), OPTIONS));
  assert(/^\d+ to \d+$/.test(enough!.range!) && !enough!.extra.includes("no interval"));
});

Deno.test("githubSmaller.join() makes one array of several results", () => {
  const text = githubSmaller.print(exampleResult(), OPTIONS);
  assertEquals(entries(githubSmaller.join!([text, text])).length, 2 * entries(text).length);
});
