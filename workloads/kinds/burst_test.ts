import { assert, assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import { only, runConserving } from "../testing/live_run.ts";
import { plenty } from "../testing/scenarios.ts";

/** A wave of 25 periods of 20 ms, of workers * inFlight elements. */
function wave(changes: object = {}) {
  return plenty({
    kind: "burst",
    workers: 2,
    inFlight: 10,
    warmup: 0,
    duration: 500e6,
    ...{ on: 10e6, off: 10e6, phases: "square" },
    ...changes,
  });
}

Deno.test("burst wants inFlight elements for each worker in every wave, and none in between", async () => {
  const { pool, run } = only(await runConserving(wave()));
  const waves = run.measuredNs / 20e6;
  // Where the machine is busy, whole waves may go by unnoticed.
  assertLess(pool.allocs, 20 * (waves + 1) + 1);
  assertGreater(pool.allocs, 20 * waves / 4);
  assertEquals(pool.responseNs!.count, pool.allocs);
});

Deno.test("burst is served without a wait by a reserve of its amplitude, and not by half of it", async () => {
  const waits = async (minReserve: number) => {
    const pools = { buffers: { over: "page", minReserve, policy: "five-level" } };
    const scenario = { ...wave(), pools, pressure: { kind: "dead" } };
    return only(await runConserving(scenario)).pool.waits.count;
  };
  assertEquals(await waits(20), 0);
  assertGreater(await waits(10), 10);
});

Deno.test("burst with holds replaces what ends while it is on", async () => {
  const { pool, run } = only(await runConserving(wave({ hold: { kind: "constant", time: 1e6 } })));
  // 10 places for each worker, each used some ten times in each wave.
  assertGreater(pool.allocs, 20 * (run.measuredNs / 20e6));
});

Deno.test("burst with markov phases has waves of all lengths, the same for all workers", async () => {
  const { pool, run } = only(await runConserving(wave({ phases: "markov" })));
  assertGreater(pool.allocs, 20);
  const [one, other] = run.workers.map(({ allocs }) => allocs);
  assert(Math.abs(one! - other!) <= one! / 2 + 20, `${one} and ${other}`);
  assertAlmostEquals(run.arrivals!.begun, pool.allocs, 20);
});
