import { assertEquals } from "@std/assert";
import { resolve } from "node:path";
import { parseScenario } from "./parse_scenario.ts";
import { registered } from "./registered.ts";
import { replayTemplate } from "./replay_template.ts";

/** The pools of a template for blocks of these sizes, each allocated so often. */
function poolsFor(...sizes: readonly (readonly [size: number, count: number])[]): string[] {
  return Object.keys(replayTemplate("t", new Map(sizes))["pools"] as object);
}

Deno.test("replayTemplate() is a sound scenario with a pool for each size class", () => {
  const raw = replayTemplate("traces/t.csv.gz", new Map([[20_000, 1], [100, 3], [120, 5]]));
  const scenario = parseScenario({ label: "replay", raw }, { speed: "0.5x" }, registered);
  assertEquals(scenario.summary, "the replay of t.csv.gz, a pool for each size class");
  assertEquals(scenario.workload.trace, resolve("traces/t.csv.gz"));
  assertEquals(scenario.workload.speed, 0.5);
  assertEquals(scenario.workload.take.map(({ pool }) => pool), ["size-128", "size-32768"]);
  const pool = { over: "general", policy: "five-level" };
  assertEquals(scenario.pools["size-128"], { ...pool, objectBytes: 128, minReserve: 32 });
  assertEquals(scenario.pools["size-32768"], { ...pool, objectBytes: 32_768, minReserve: 4 });
});

Deno.test("replayTemplate() takes pages where no sizes are known, and the smallest class where some are not", () => {
  assertEquals(poolsFor([0, 9]), ["size-4096"]);
  assertEquals(poolsFor([0, 9], [300, 1]), ["size-8", "size-384"]);
});

Deno.test("replayTemplate() does without the classes that cost the least, never without the largest", () => {
  const powers = Array.from({ length: 9 }, (_, power) => [2 ** (power + 3), 1000] as const);
  assertEquals(poolsFor(...powers), [
    ...["size-16", "size-32", "size-64", "size-128", "size-256", "size-512", "size-1024"],
    "size-2048",
  ]);
  const rare = powers.map(([size, count]) => [size, size === 1024 ? 1 : count] as const);
  assertEquals(poolsFor(...rare).includes("size-1024"), false);
  assertEquals(poolsFor(...powers.slice(0, 8), [2 ** 20, 1]).at(-1), "size-1048576");
});

Deno.test("replayTemplate() fits its memory with blocks up to the largest, and beyond", () => {
  const sizes = Array.from({ length: 24 }, (_, power) => [2 ** power, 1] as const);
  parseScenario({ label: "replay", raw: replayTemplate("t", new Map(sizes)) }, {}, registered);
});
