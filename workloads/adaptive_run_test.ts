/** M that follows demand in runs with real workers: up where the back end fails, down when it does not, with everything accounted for. */
import { assertEquals, assertGreater, assertGreaterOrEqual, assertLess } from "@std/assert";
import { conserved } from "../results/conservation.ts";
import type { Run } from "../results/result.ts";
import { parseScenario } from "./parse_scenario.ts";
import { registered } from "./registered.ts";
import { runScenario } from "./runner.ts";

/** Adapts fast enough for a short run; else as the policy does. */
const QUICK = {
  steps: ["backend-atomic", { reserve: { atLeast: 0.5 } }, "backend-blocking", "reserve", "wait"],
  adapt: { windowMs: 20 },
};

/** Calm, then one outage, then calm for the rest of the run. */
const ONE_OUTAGE = { kind: "outages", up: "500ms", down: "30ms" };

async function run(pools: Record<string, object>, take: string): Promise<Run> {
  const raw = {
    memory: { pages: 1024, watermarks: { min: 16, low: 20, high: 24 } },
    allocators: { page: { kind: "page" } },
    pools,
    workload: {
      kind: "open",
      take,
      workers: 2,
      duration: "950ms",
      warmup: 0,
      arrival: { kind: "poisson", rate: "4000/s" },
      hold: { kind: "exponential", mean: "3ms" },
    },
    pressure: ONE_OUTAGE,
  };
  const scenario = parseScenario({ label: "burst", raw }, {}, registered);
  const signal = new AbortController().signal;
  const { runs } = await runScenario(scenario, { signal, onProgress() {}, revision: null });
  for (const [name, pool] of Object.entries(runs[0]!.pools)) {
    assertEquals(conserved(pool), null, name);
  }
  assertEquals(runs[0]!.leaked, 0);
  return runs[0]!;
}

Deno.test("runScenario() has M of an adaptive pool go up in an outage and come down in the calm after it", async () => {
  const { pools, allocators } = await run(
    { buffers: { over: "page", minReserve: 2, maxReserve: 100, policy: QUICK } },
    "buffers",
  );
  const { reserve, held } = pools["buffers"]!;
  assertGreaterOrEqual(reserve.peakMin!, 4);
  assertLess(reserve.min, reserve.peakMin!);
  assertEquals([reserve.current, reserve.bytes], [reserve.min, 4096 * reserve.min]);
  // What the reserve has more than in the beginning was allocated, too.
  const { allocs, frees } = allocators["page"]!;
  assertEquals(allocs - frees, held + reserve.current - 2);
});

Deno.test("runScenario() accounts for what an adaptive pool gives back to the pool that it stands on", async () => {
  const { pools } = await run(
    {
      inner: { over: "page", minReserve: 1 },
      outer: { over: "inner", minReserve: 2, maxReserve: 100, policy: QUICK },
    },
    "outer",
  );
  const { inner, outer } = pools;
  assertGreater(outer!.reserve.peakMin!, outer!.reserve.min);
  assertEquals(inner!.held, outer!.held + outer!.reserve.current - 2);
});
