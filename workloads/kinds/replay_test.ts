import { assert, assertEquals, assertGreater, assertLess, assertStringIncludes } from "@std/assert";
import { assertRejects } from "@std/assert";
import { InputError } from "../input_error.ts";
import type { Result } from "../../results/result.ts";
import { only, runConserving } from "../testing/live_run.ts";
import { plenty } from "../testing/scenarios.ts";
import { withFile } from "../traces/made_up.ts";
import type { Scenario, WorkloadSpec } from "../scenario.ts";

const HEADER = "t_ns,op,id,size,worker\n";

/** Replays a trace over a reserve that must carry it alone. */
function replayed(
  content: string,
  minReserve: number,
  changes: Partial<WorkloadSpec> = {},
  more: Partial<Scenario> = {},
): Promise<Result> {
  return withFile(content, (trace) => {
    const workload = { kind: "replay", trace, workers: 1, warmup: 0, inFlight: 1, ...changes };
    const pools = { buffers: { over: "page", minReserve, policy: "five-level" } };
    const scenario = { ...plenty(workload), pools, pressure: { kind: "dead" } };
    return runConserving({ ...scenario, ...more });
  });
}

/** Bursts: `peak` elements every 20 ms, taken by one worker and freed by the other 5 ms later. */
function bursts(peak: number, count: number): string {
  const lines: string[] = [];
  for (let burst = 0; burst < count; burst++) {
    for (let i = 0; i < peak; i++) lines.push(`${burst * 20e6 + i * 1e4},a,${i},64,taker`);
    for (let i = 0; i < peak; i++) lines.push(`${burst * 20e6 + 5e6 + i * 1e4},f,${i},,freer`);
  }
  return HEADER + lines.join("\n") + "\n";
}

Deno.test("replay with one worker never waits where the reserve is the recorded peak", async () => {
  const { pool } = only(await replayed(bursts(40, 20), 40));
  assertEquals([pool.allocs, pool.frees, pool.held, pool.waits.count], [800, 800, 0, 0]);
});

Deno.test("replay plays events in their recorded order, however late it is", async () => {
  // So fast that everything is late from the start: were frees done first, no more than one would ever be live.
  const { pool } = only(await replayed(bursts(40, 20), 40, { speed: 1e6 }));
  assertEquals([pool.reserve.lowWater, pool.waits.count], [0, 0]);
});

Deno.test("replay lets what was freed by another be freed by another", async () => {
  const { pool, run } = only(await replayed(bursts(40, 20), 40, { workers: 2 }));
  assertEquals([pool.allocs, pool.frees, pool.held], [800, 800, 0]);
  assertEquals(run.workers.map(({ allocs }) => allocs), [800, 0]);
  assertEquals(run.workers.map(({ exit }) => exit), ["done", "done"]);
});

Deno.test("replay shows what cannot be served in time as waits, and keeps to the recorded time", async () => {
  for (const workers of [1, 2, 3]) {
    const { pool, run } = only(await replayed(bursts(40, 20), 20, { workers }));
    assertEquals([pool.allocs, pool.frees, pool.held], [800, 800, 0], `${workers} workers`);
    assertGreater(pool.waits.count, 0);
    assertGreater(pool.responseNs!.max!, 1e6);
    // The second half of the last burst is served 5 ms late, on a machine that has time for it.
    assertGreater(run.measuredNs, 19 * 20e6);
  }
});

Deno.test("replay as fast as possible loses nothing between workers, and takes no recorded time", async () => {
  const { pool, run } = only(await replayed(bursts(40, 200), 40, { workers: 3, speed: 0 }));
  assertEquals([pool.allocs, pool.frees, pool.held], [8000, 8000, 0]);
  assertEquals(pool.responseNs!.count, 0);
  assertLess(run.measuredNs, 200 * 20e6);
});

Deno.test("replay by speed plays the recorded time so much faster", async () => {
  const { run } = only(await replayed(bursts(5, 30), 5, { workers: 2, speed: 10 }));
  assertGreater(run.measuredNs, 29 * 2e6);
  assertLess(run.measuredNs, 29 * 20e6);
});

Deno.test("replay that is interrupted counts once what lies between two workers", async () => {
  const content = `${HEADER}0,a,1,64,x\n0,a,2,64,x\n60000000000,f,1,,y\n60000000000,f,2,,y\n`;
  await withFile(content, async (trace) => {
    const controller = new AbortController();
    const { runScenario } = await import("../runner.ts");
    const scenario = plenty({ kind: "replay", trace, workers: 2, warmup: 0, inFlight: 1 });
    const onProgress = ({ doneNs }: { doneNs: number }) => {
      if (doneNs > 200e6) controller.abort();
    };
    const result = await runScenario(scenario, {
      signal: controller.signal,
      onProgress,
      revision: null,
    });
    const { pool } = only(result);
    assertEquals([pool.allocs, pool.frees, pool.held, pool.leaked], [2, 0, 2, 0]);
  });
});

Deno.test("replay of pools that each worker has for itself leaves each element to its own worker", async () => {
  const allocators = { fresh: { kind: "heap", objectBytes: 64 } };
  const pools = { buffers: { over: "fresh", minReserve: 40, policy: "five-level" } };
  const more = { allocators, pools, pressure: { kind: "none" } };
  const { pool } = only(await replayed(bursts(40, 5), 40, { workers: 2 }, more));
  assertEquals([pool.allocs, pool.frees], [200, 200]);
});

Deno.test("replay serves sizes from the classes of one allocator", async () => {
  const content = `${HEADER}0,a,1,20,x\n0,a,2,100,x\n1,a,3,3000,x\n2,f,1,,x\n2,f,2,,x\n2,f,3,,x\n`;
  const pool = (objectBytes: number) => ({
    over: "general",
    objectBytes,
    minReserve: 1,
    policy: "linux",
  });
  const more = {
    allocators: { general: { kind: "size-class" } },
    pools: { small: pool(32), middle: pool(128), buffers: pool(4096) },
  };
  const take = ["small", "middle", "buffers"].map((name) => ({
    pool: name,
    count: 1,
    how: "each" as const,
  }));
  const { runs } = await replayed(content, 0, { take }, more);
  assertEquals(Object.values(runs[0]!.pools).map(({ allocs }) => allocs), [1, 1, 1]);
});

Deno.test("replay refuses, before it starts, a size that no pool has", async () => {
  const content = `${HEADER}0,a,1,20,x\n9,f,1,,x\n10,a,1,9000,x\n`;
  const error = await assertRejects(() => replayed(content, 1), InputError);
  assertStringIncludes(error.message, "an element of 9000 bytes is recorded, the largest pool");
  assert(!error.message.includes("\n"));
});
