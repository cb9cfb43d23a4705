import { assertEquals, assertGreater } from "@std/assert";
import { scriptedPool } from "../pools/testing/scripted_pool.ts";
import { runsOf, takeAsync } from "./bulk_taking.ts";
import { runScenario } from "./runner.ts";
import type { Scenario, TakeSpec, WorkloadSpec } from "./scenario.ts";
import { plenty, scarce } from "./testing/scenarios.ts";

const QUIETLY = { revision: null, signal: new AbortController().signal, onProgress() {} };

function taking(count: number, how: TakeSpec["how"]): Partial<WorkloadSpec> {
  return { take: [{ pool: "buffers", count, how }], hold: { kind: "constant", time: 1e6 } };
}

async function runPool(scenario: Scenario) {
  const { runs: [run] } = await runScenario(scenario, QUIETLY);
  const pool = run!.pools.buffers!;
  const hits = pool.levels.reduce((sum, level) => sum + level.hits, 0);
  assertEquals([hits, pool.leaked], [pool.allocs, 0]);
  assertEquals(pool.allocs, pool.frees + pool.held);
  return pool;
}

Deno.test("runsOf() is one call for a bulk, and one for each element that is taken by itself", () => {
  const take = [
    { pool: "a", count: 3, how: "bulk" },
    { pool: "b", count: 2, how: "each" },
    { pool: "a", count: 1, how: "bulk" },
  ] as const;
  assertEquals(runsOf(take), [3, 1, 1, 1]);
});

Deno.test("runScenario() takes bulks: each element counts at the level that served it", async () => {
  const pool = await runPool(plenty({ ...taking(4, "bulk"), inFlight: 8, asyncShare: 0.3 }));
  assertEquals([pool.levels[0]!.hits, pool.allocs % 4, pool.held % 4], [pool.allocs, 0, 0]);
});

Deno.test("runScenario() has bulks wait for scarce memory, every slow element timed", async () => {
  const pool = await runPool(scarce({
    take: [{ pool: "buffers", count: 4, how: "bulk" }],
    warmup: 0,
    asyncShare: 0.2,
    atomicShare: 0.2,
  }));
  assertGreater(pool.waits.count, 0);
  assertEquals(pool.levels[4]!.hits, pool.waits.count);
  for (const level of pool.levels.slice(1)) assertEquals(level.latencyNs.count, level.hits);
});

Deno.test("runScenario() never deadlocks on bulks of M over a dead backend", async () => {
  const changes = { workers: 3, inFlight: 2, duration: 150e6, warmup: 0 };
  const scenario = plenty({ ...taking(3, "bulk"), ...changes });
  const pools = { buffers: { ...scenario.pools.buffers!, minReserve: 3 } };
  const pool = await runPool({ ...scenario, pools, pressure: { kind: "dead" } });
  assertGreater(pool.waits.count, 0);
  assertEquals([pool.levels[0]!.hits, pool.levels[0]!.latencyNs.count], [0, 0]);
});

Deno.test("runScenario() takes several bulks and singles in one task, and gives all of them back", async () => {
  const take = [
    { pool: "buffers", count: 3, how: "bulk" },
    { pool: "buffers", count: 2, how: "each" },
    { pool: "buffers", count: 4, how: "bulk" },
  ] as const;
  const pool = await runPool(plenty({ ...taking(1, "each"), take, inFlight: 8, asyncShare: 0.3 }));
  assertEquals([pool.allocs % 9, pool.held % 9], [0, 0]);
});

Deno.test("takeAsync() is null where nothing is to be had, of one or of several", async () => {
  const made = scriptedPool({ minReserve: 2, policy: "backend-only" });
  made.backend.die();
  assertEquals([await takeAsync(made.pool, 1), await takeAsync(made.pool, 2)], [null, null]);
  made.backend.recover();
  assertEquals((await takeAsync(made.pool, 1))!.length, 1);
});

Deno.test("runScenario() turns away bulks that nothing could ever serve, and goes on", async () => {
  const scenario = plenty({ ...taking(17, "bulk"), inFlight: 1, duration: 50e6, asyncShare: 0.5 });
  const pool = await runPool({ ...scenario, pressure: { kind: "dead" } });
  assertEquals([pool.allocs, pool.reserve.current], [0, 16]);
  assertGreater(pool.failed, 0);
});
