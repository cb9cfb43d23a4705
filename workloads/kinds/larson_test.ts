import {
  assert,
  assertEquals,
  assertGreater,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { boundsOf } from "../deadlock.ts";
import { RunError } from "../runner.ts";
import { refusal, SAMPLE } from "../testdata/sample.ts";
import { only, runConserving } from "../testing/live_run.ts";
import { plenty } from "../testing/scenarios.ts";
import { larson } from "./larson.ts";

/** A load of three workers with few blocks, which change hands often. */
function handing(changes: object = {}) {
  return plenty({ kind: "larson", workers: 3, inFlight: 20, ...{ round: 500 }, ...changes });
}

Deno.test("larson loses nothing while blocks go from worker to worker", async () => {
  const { pool, run } = only(await runConserving(handing({ atomicShare: 0.3 })));
  assertGreater(pool.allocs, 10_000);
  // A set for each worker and the spare one, all full by now.
  assertEquals(pool.held, 4 * 20);
  assert(run.workers.every(({ allocs }) => allocs > 0));
});

Deno.test("larson lets workers free what others took: with a round for each block nobody keeps any", async () => {
  const { pool, run } = only(await runConserving(handing({ inFlight: 1, round: 1, workers: 2 })));
  // The three blocks there are were taken by whoever had their set last, not by who started with it.
  assertEquals(pool.held, 3);
  assertGreater(Math.min(...run.workers.map(({ allocs }) => allocs)), 1000);
});

Deno.test("larson takes blocks from several pools by the counts of take", async () => {
  const scenario = handing();
  const small = { over: "page", minReserve: 4, policy: "five-level" };
  const take = [
    { pool: "buffers", count: 3, how: "each" as const },
    { pool: "small", count: 1, how: "each" as const },
  ];
  const result = await runConserving({
    ...scenario,
    pools: { ...scenario.pools, small },
    workload: { ...scenario.workload, take },
  });
  const { buffers, small: other } = result.runs[0]!.pools;
  const share = buffers!.allocs / (buffers!.allocs + other!.allocs);
  assert(Math.abs(share - 0.75) < 0.02, `${share}`);
});

Deno.test("larson refuses pools that each worker has for itself, and callers on the event loop", () => {
  const larson = (over: string, more = "") =>
    SAMPLE.replace('"over": "inner"', `"over": "${over}"`)
      .replace('"kind": "open",', `"kind": "larson", "inFlight": 8, ${more}`)
      .replace(/"arrival"[^]*?"1ms" }/, '"warmup": 0');
  assertStringIncludes(
    refusal(larson("fresh")),
    'workload.take.0.pool: each worker has a pool "outer" of its own, since it stands on one of kind ' +
      "heap, and here one worker frees what another took: give a pool over memory that they share",
  );
  assertStringIncludes(
    refusal(larson("inner", '"asyncShare": 0.5, ')),
    "workload.asyncShare: 0.5 is not allowed: a workload of kind larson has no callers on the event " +
      "loop, so leave it out",
  );
});

Deno.test("larson never locks up over T(k-1)+1 elements and what lies in the exchange", async () => {
  const { workload, ...scenario } = handing({ inFlight: 4, round: 3, warmup: 0, duration: 150e6 });
  const deadlock = { workers: [], self: null, outlook: "dead" as const };
  const boundFor = (min: number) =>
    boundsOf(
      { ...deadlock, pools: [{ name: "buffers", min }] },
      { ...scenario, workload },
      larson,
      () => true,
    )[0];
  assertEquals(boundFor(13)?.enough, 3 * 3 + 1 + 4);
  assertEquals(boundFor(14), undefined);
  const pools = { buffers: { over: "page", minReserve: 14, policy: "five-level" } };
  const dead = { ...scenario, workload, pools, pressure: { kind: "dead" } };
  const { pool } = only(await runConserving(dead));
  assertGreater(pool.allocs, 100);
});

Deno.test("larson locks up over fewer, and the watchdog says how many are enough", async () => {
  const { workload, ...scenario } = handing({ inFlight: 4, round: 3, warmup: 0, duration: 20e9 });
  const pools = { buffers: { over: "page", minReserve: 6, policy: "five-level" } };
  const dead = { ...scenario, workload, pools, pressure: { kind: "dead" } };
  const error = await assertRejects(() => runConserving(dead), RunError);
  assertStringIncludes(error.message, 'raise the reserve of "buffers" to 14');
  const [warning] = error.result!.warnings;
  assertStringIncludes(warning!.message, "M < T(k-1)+1 + 4 that lie with nobody = 14, and M is 6");
});
