/** M that follows demand in runs with real workers: up where the back end fails, down when it does not, with everything accounted for. */
import { assert, assertEquals, assertLess } from "@std/assert";
import { conserved } from "../results/conservation.ts";
import type { Run } from "../results/result.ts";
import { HANG_MS } from "../sync/testing/crew.ts";
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
    allocators: { page: { kind: "page" }, fresh: { kind: "heap", objectBytes: 4096 } },
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

/**
 * Runs until one has seen M at twice what it was at least, and then below that: when the outage comes, and how much of it the
 * workers see, is for the machine to say.
 */
async function runWithTide(pools: Record<string, object>, take: string): Promise<Run> {
  const startMs = performance.now();
  for (;;) {
    const seen = await run(pools, take);
    const { min, peakMin } = seen.pools[take]!.reserve;
    if (peakMin! >= 4 && min < peakMin!) return seen;
    assertLess(
      performance.now(),
      startMs + HANG_MS,
      `M ended at ${min}, its most was ${peakMin ?? min}`,
    );
  }
}

/** A pool to be watched, with M from 2 up. */
function bounded(over: string) {
  return { over, minReserve: 2, maxReserve: 100, policy: QUICK };
}

Deno.test("runScenario() has M of an adaptive pool go up in an outage and come down in the calm after it", async () => {
  const { pools, allocators } = await runWithTide({ buffers: bounded("page") }, "buffers");
  const { reserve, held } = pools["buffers"]!;
  assertEquals([reserve.current, reserve.bytes], [reserve.min, 4096 * reserve.min]);
  // What the reserve has more than in the beginning was allocated, too.
  const { allocs, frees } = allocators["page"]!;
  assertEquals(allocs - frees, held + reserve.current - 2);
});

Deno.test("runScenario() has M of a pool that each worker has for itself come down, too", async () => {
  const { pools } = await runWithTide({ buffers: bounded("fresh") }, "buffers");
  assert(pools["buffers"]!.allocs > 0);
});

Deno.test("runScenario() accounts for what an adaptive pool gives back to the pool that it stands on", async () => {
  const { pools: { inner, outer } } = await runWithTide(
    { inner: { over: "page", minReserve: 1 }, outer: bounded("inner") },
    "outer",
  );
  assertEquals(inner!.held, outer!.held + outer!.reserve.current - 2);
});
