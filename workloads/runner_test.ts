import {
  assert,
  assertEquals,
  assertGreater,
  assertGreaterOrEqual,
  assertLess,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { conserved } from "../results/conservation.ts";
import type { Result } from "../results/result.ts";
import { runOnce } from "./coordinator.ts";
import { planRun } from "./run_plan.ts";
import { runResult } from "./run_result.ts";
import { RunError, type RunOptions, runScenario } from "./runner.ts";
import type { Scenario } from "./scenario.ts";
import { plenty, scarce } from "./testing/scenarios.ts";

const QUIETLY: RunOptions = {
  signal: new AbortController().signal,
  onProgress() {},
  revision: null,
};

function assertConserved(result: Result): void {
  for (const run of result.runs) {
    for (const pool of Object.values(run.pools)) assertEquals(conserved(pool), null);
    assertEquals(run.leaked, 0);
  }
}

function runWithWorker(scenario: Scenario, module: string) {
  const workerUrl = new URL(`./testing/${module}`, import.meta.url);
  const { signal } = QUIETLY;
  return runOnce(scenario, { seed: 1, program: null, signal, onProgress() {}, workerUrl });
}

Deno.test("runScenario() takes no pool lock in the normal case, and conserves", async () => {
  const result = await runScenario(plenty(), QUIETLY);
  assertConserved(result);
  const pool = result.runs[0]!.pools.buffers!;
  assertEquals(pool.lock.acquisitions, 0);
  assertEquals(pool.levels[0]!.hits, pool.allocs);
  assertEquals(pool.held, 128);
  const { lock, cacheHits, allocs, magazineRounds } = result.runs[0]!.allocators.page!;
  assertGreater(magazineRounds!, 0);
  assertGreater(
    lock.acquisitions,
    0,
    "the depot's lock is counted, so that nothing is merely moved",
  );
  assertGreater(cacheHits / allocs, 0.9);
});

Deno.test("runScenario() shows the levels of scarce memory, with every slow event timed", async () => {
  const result = await runScenario(scarce({ warmup: 0 }), QUIETLY);
  assertConserved(result);
  const pool = result.runs[0]!.pools.buffers!;
  assertGreater(pool.lock.acquisitions, 0);
  assertGreater(pool.levels[1]!.hits, 0);
  for (const level of pool.levels.slice(1)) assertEquals(level.latencyNs.count, level.hits);
  assertEquals(pool.levels[4]!.hits, pool.waits.count);
  assertGreater(pool.responseNs!.count, 0);
});

Deno.test("runScenario() with debug poisons, checks, conserves and has nothing to tell of who behaves", async () => {
  for (const scenario of [plenty({ duration: 50e6 }), scarce({ warmup: 0, duration: 100e6 })]) {
    const debugged = { ...scenario, debug: true };
    assertEquals(planRun(debugged).shared.spec.debug, true);
    const result = await runScenario(debugged, QUIETLY);
    assertConserved(result);
    assertGreater(result.runs[0]!.pools.buffers!.allocs, 0);
  }
});

Deno.test("runScenario() runs its workers at the same time", async () => {
  const { workers } = (await runScenario(plenty(), QUIETLY)).runs[0]!;
  assertEquals(workers.length, 2);
  const lastStart = Math.max(...workers.map(({ startNs }) => startNs));
  const firstEnd = Math.min(...workers.map(({ endNs }) => endNs));
  assertLess(lastStart, firstEnd);
  assert(workers.every(({ allocs }) => allocs > 0));
});

for (
  const pressure of [
    { kind: "fail", atomic: 0.3, blocking: 0.3 },
    { kind: "outages", up: 20e6, down: 10e6 },
    { kind: "dead" },
  ]
) {
  Deno.test(`runScenario() conserves under ${pressure.kind}`, async () => {
    const scenario = scarce({ atomicShare: 0.2, asyncShare: 0.2, workers: 3 });
    const result = await runScenario({ ...scenario, pressure }, QUIETLY);
    assertConserved(result);
    const { levels } = result.runs[0]!.pools.buffers!;
    assertGreater(levels[1]!.hits + levels[3]!.hits + levels[4]!.hits, 0);
    if (pressure.kind === "dead") assertEquals(levels[0]!.hits + levels[2]!.hits, 0);
  });
}

Deno.test("runScenario() conserves inner and outer pools", async () => {
  const scenario = scarce({ atomicShare: 0.2 });
  const inner = { over: "page", minReserve: 6, policy: "five-level" };
  const outer = { over: "inner", minReserve: 4, policy: "linux" };
  const pools = { inner, buffers: outer };
  for (const pressure of [{ kind: "none" }, { kind: "outages", up: 10e6, down: 10e6 }]) {
    const result = await runScenario({ ...scenario, pools, pressure }, QUIETLY);
    assertConserved(result);
    assertGreater(result.runs[0]!.pools.inner!.allocs, 0);
  }
});

Deno.test("runScenario() gives each worker its own pool where the allocator cannot be shared", async () => {
  const allocators = { fresh: { kind: "heap", objectBytes: 4096 } };
  const pools = { buffers: { over: "fresh", minReserve: 8, policy: "five-level" } };
  const result = await runScenario({ ...plenty(), allocators, pools }, QUIETLY);
  assertConserved(result);
  const run = result.runs[0]!;
  assertEquals(run.pools.buffers!.reserve.min, 16);
  const { cacheHits, magazineRounds } = run.allocators.fresh!;
  assertEquals([cacheHits, magazineRounds], [0, 0]);
  assertGreaterOrEqual(run.allocators.fresh!.peakInUse, 128);
});

Deno.test("runScenario() repeats with one seed after the other", async () => {
  const result = await runScenario({ ...plenty({ workers: 1 }), repeat: 2, seed: 7 }, QUIETLY);
  assertEquals(result.runs.map(({ seed }) => seed), [7, 8]);
  assertEquals(result.summary.repeats, 2);
  assertConserved(result);
});

Deno.test("runScenario() that is interrupted returns what it measured, marked partial", async () => {
  const controller = new AbortController();
  const scenario = plenty({ duration: 60e9 });
  const onProgress = ({ doneNs }: { doneNs: number }) => {
    if (doneNs > 100e6) controller.abort();
  };
  const result = await runScenario(scenario, { ...QUIETLY, signal: controller.signal, onProgress });
  assert(result.partial);
  assertEquals(result.runs[0]!.workers.map(({ exit }) => exit), ["interrupted", "interrupted"]);
  assertGreater(result.runs[0]!.pools.buffers!.allocs, 0);
  assertConserved(result);
});

Deno.test("runScenario() refuses a reserve that the memory cannot fill", async () => {
  const pools = { buffers: { over: "page", minReserve: 9999, policy: "five-level" } };
  const error = await assertRejects(() => runScenario({ ...plenty(), pools }, QUIETLY));
  assertStringIncludes(String(error), 'mempool "buffers"');
});

Deno.test("runOnce() reads a lost element from the owner table", async () => {
  const scenario = plenty();
  const outcome = await runWithWorker(scenario, "leaky_worker.ts");
  const run = runResult(scenario, outcome, { repeat: 0, seed: 1 });
  assertEquals(run.leaked, 1);
  const pool = run.pools.buffers!;
  assertEquals(pool.allocs, pool.frees + pool.held + 1);
  assertEquals(conserved(pool), null);
});

Deno.test("runScenario() ends a replay that nobody can bring forward", async () => {
  const text = "t_ns,op,id,size,worker\n0,a,1,64,0\n1000,a,2,64,0\n2000,a,3,64,0\n";
  const trace = await Deno.makeTempFile({ suffix: ".csv" });
  await Deno.writeTextFile(trace, text);
  const pools = { buffers: { over: "page", minReserve: 2, policy: "five-level" } };
  const workload = { kind: "replay", trace, workers: 1, warmup: 0, inFlight: 1 };
  const scenario = { ...plenty(workload), pools, pressure: { kind: "dead" } };
  try {
    const error = await assertRejects(() => runScenario(scenario, QUIETLY), RunError);
    assertStringIncludes(error.message, "no progress");
    assertEquals(error.result!.runs[0]!.pools.buffers!.held, 2);
    assertConserved(error.result!);
  } finally {
    await Deno.remove(trace);
  }
});
