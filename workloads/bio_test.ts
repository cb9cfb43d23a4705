/** The scenario of bios and their arrays, whole, at a tenth of its length. */
import { assertEquals, assertGreater, assertGreaterOrEqual } from "@std/assert";
import { parseScenario } from "./parse_scenario.ts";
import { registered } from "./registered.ts";
import { assertConserved, runWhole, SHORT } from "./testing/scenario_runs.ts";

const VECTORS = [1, 4, 16, 64, 128, 256];

for (const workers of [1, 2, 4]) {
  Deno.test(`bio takes a bio and one array with each task, conserved, with ${workers} workers`, async () => {
    const scenario = parseScenario({ name: "bio" }, { ...SHORT, workers }, registered);
    const run = await runWhole(scenario);
    assertConserved(run);
    assertEquals(run.leaked, 0);
    const { bio } = run.pools;
    const arrays = VECTORS.map((vectors) => run.pools[`bvec-${vectors}`]!);
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value);
    assertEquals(sum(arrays.map(({ allocs }) => allocs)), bio!.allocs);
    assertEquals(sum(arrays.map(({ held }) => held)), bio!.held);
    assertGreater(bio!.levels[0]!.hits, 0);
    assertGreater(bio!.levels[1]!.hits, 0);
    assertGreater(arrays[0]!.allocs, arrays[1]!.allocs);
    assertGreater(arrays[1]!.allocs, sum(arrays.slice(2).map(({ allocs }) => allocs)));
    assertEquals(
      arrays.map(({ reserve }) => reserve.bytes),
      VECTORS.map((each) => 256 * 16 * each),
    );
  });
}

Deno.test("bio waits for bios with today's reserve of 2, and goes on", async () => {
  const set = ["pools.bvec-256.minReserve=2"];
  const run = await runWhole(
    parseScenario({ name: "bio" }, { ...SHORT, minReserve: 2, set }, registered),
  );
  assertConserved(run);
  const { bio, "bvec-256": largest } = run.pools;
  assertEquals([bio!.reserve.min, largest!.reserve.min, run.leaked], [2, 2, 0]);
  assertGreater(bio!.waits.count, 0);
  assertGreaterOrEqual(bio!.waits.count, largest!.waits.count);
});
