/** The scenarios of raid1, whole, at a tenth of their length: all books kept, whatever fails, whoever frees. */
import { assertEquals, assertGreater, assertGreaterOrEqual } from "@std/assert";
import { conserved } from "../results/conservation.ts";
import type { Run } from "../results/result.ts";
import { runOnce } from "./coordinator.ts";
import { parseScenario } from "./parse_scenario.ts";
import { registered } from "./registered.ts";
import { runResult } from "./run_result.ts";
import type { Scenario } from "./scenario.ts";

const SHORT = { duration: "300ms", warmup: 0 };

async function run(scenario: Scenario, worker?: string): Promise<Run> {
  const signal = new AbortController().signal;
  const workerUrl = worker === undefined ? {} : {
    workerUrl: new URL(`./testing/${worker}`, import.meta.url),
  };
  const settings = { seed: 1, program: null, signal, onProgress() {}, ...workerUrl };
  const outcome = await runOnce(scenario, settings);
  outcome.composition.check();
  return runResult(scenario, outcome, { repeat: 0, seed: 1 });
}

function assertConserved({ pools }: Run): void {
  for (const [name, pool] of Object.entries(pools)) assertEquals(conserved(pool), null, name);
}

for (const workers of [1, 2, 4]) {
  Deno.test(`raid1-resync shows the inner pool's levels beside the outer's, conserved, with ${workers} workers`, async () => {
    const result = await run(
      parseScenario({ name: "raid1-resync" }, { ...SHORT, workers }, registered),
    );
    assertConserved(result);
    assertEquals(result.leaked, 0);
    const { resync, "r1bio-pool": inner } = result.pools;
    for (const { levels } of [resync!, inner!]) {
      assertGreater(levels[0]!.rate, 0.5);
      assertGreater(levels[1]!.hits, 0);
    }
    const { page, bio, "general/128": requests, buffer } = result.allocators;
    assertGreaterOrEqual(page!.allocs, 16 * buffer!.allocs);
    assertGreaterOrEqual(bio!.allocs, buffer!.allocs);
    assertGreater(buffer!.atomicFailures, 0);
    assertGreater(requests!.atomicFailures, 0);
    assertEquals(resync!.reserve.bytes, 32 * (128 + 256 + 16 * 4096));
  });

  Deno.test(`raid1 has four back ends in one table, conserved, with ${workers} workers`, async () => {
    const result = await run(parseScenario({ name: "raid1" }, { ...SHORT, workers }, registered));
    assertConserved(result);
    assertEquals(result.leaked, 0);
    assertEquals(Object.keys(result.allocators), ["general/128", "page", "bio-slab"]);
    for (const name of ["r1bio", "bounce", "bio", "shared-bio"]) {
      const { levels } = result.pools[name]!;
      assertGreater(levels[0]!.rate, 0.5, name);
      assertGreater(levels[1]!.hits, 0, name);
    }
    assertGreater(result.pools["mirror-bio"]!.levels[0]!.rate, 0.9);
  });
}

Deno.test("runResult() counts an element that is put together as lost by its own pool, once, and not by its parts'", async () => {
  const scenario = parseScenario(
    { name: "raid1-resync" },
    {
      ...SHORT,
      set: [
        'allocators.buffer.parts.0={"of":"r1bio-pool","count":2}',
        'pressure={"kind":"none"}',
        'workload={"kind":"closed","take":"resync","inFlight":8}',
      ],
    },
    registered,
  );
  const result = await run(scenario, "leaky_worker.ts");
  assertConserved(result);
  assertEquals(
    Object.entries(result.pools).map(([name, { leaked }]) => [name, leaked]),
    [["r1bio-pool", 0], ["resync", 1]],
  );
});
