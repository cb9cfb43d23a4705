/** The scenario of the reservation inside the allocator, whole, at a tenth of its length: what its comment says is to be seen. */
import { assertEquals, assertGreater, assertRejects, assertStringIncludes } from "@std/assert";
import { conserved } from "../results/conservation.ts";
import type { Run } from "../results/result.ts";
import type { Overrides } from "./overrides.ts";
import { parseVariants } from "./parse_scenario.ts";
import { registered } from "./registered.ts";
import { RunError, runInterleaved, runScenario } from "./runner.ts";

const OPTIONS = { signal: new AbortController().signal, onProgress() {}, revision: null };

function variants(overrides: Overrides) {
  const [mempools, floor] = parseVariants({ name: "reservation" }, overrides, registered);
  return [mempools!, floor!] as const;
}

function assertConserved({ pools, leaked }: Run): void {
  for (const [name, pool] of Object.entries(pools)) assertEquals(conserved(pool), null, name);
  assertEquals(leaked, 0);
}

for (const workers of [1, 2, 4]) {
  Deno.test(`reservation runs on mempools and on a floor of the slab, both conserved, with ${workers} workers`, async () => {
    const scenarios = variants({ duration: "350ms", warmup: 0, workers });
    const results = await runInterleaved(
      scenarios.map((scenario) => ({ scenario, options: OPTIONS })),
    );
    assertEquals(results.map(({ scenario }) => scenario.name), [
      "reservation/five-level",
      "reservation/allocator-reservation",
    ]);
    const runs = results.map((result) => result.runs[0]!);
    for (const run of runs) {
      assertConserved(run);
      for (const { reserve, levels } of Object.values(run.pools)) {
        assertEquals(reserve.current, reserve.min);
        // How much of it falls into outages is for the machine to say.
        assertGreater(levels[0]!.hits, 0);
        assertGreater(levels[1]!.hits + levels[3]!.hits, 0);
      }
    }
    // A reserve of the pool's own leaves the allocator's lock alone.
    const [alone, taken] = runs.map((run) => run.allocators["object"]!.lock.acquisitions);
    assertGreater(taken!, 3 * alone!);
  });
}

/** Many requests at work, and the reserves alone to serve them. */
const ALONE = {
  set: [
    ...["pressure=dead", "workload.asyncShare=0.9", "workload.atomicShare=0"],
    "workload.arrival.rate=16000/s",
  ],
  warmup: 0,
};

Deno.test("reservation locks up where requests of the first stage have what the second one set aside, and mempools go on", async () => {
  const [mempools] = variants({ ...ALONE, duration: "1s" });
  const { runs: [run] } = await runScenario(mempools, OPTIONS);
  assertConserved(run!);
  assertEquals([run!.pools["modest"]!.waits.count, run!.pools["modest"]!.waits.abandoned], [0, 0]);
  // When it comes to that is for chance to say: after two seconds most often, and seldom much later.
  const [, floor] = variants({ ...ALONE, duration: "5m" });
  const error = await assertRejects(() => runScenario(floor, OPTIONS), RunError);
  assertStringIncludes(error.message, "deadlock: no progress");
});
