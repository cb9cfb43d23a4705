import { assert, assertEquals, assertGreaterOrEqual, assertLess } from "@std/assert";
import type { Allocator } from "../../allocators/allocator.ts";
import { createComposition, joinComposition } from "../../pools/composition.ts";
import { planComposition } from "../../pools/composition_plan.ts";
import type { Mempool } from "../../pools/mempool.ts";
import { Histogram } from "../../results/histogram.ts";
import { createRegion, Layout, type Participant } from "../../sync/mod.ts";
import { Meter } from "../meter.ts";
import { createRandom } from "../random.ts";
import { plenty } from "../testing/scenarios.ts";
import { closed } from "./closed.ts";

const STALL_MS = 0.2;
const ONE_IN = 500;

/** An allocator that stalls in a random one of 500 allocations. */
function stalling(inner: Allocator): Allocator {
  const random = createRandom(3, 0);
  return {
    allocate(context) {
      if (random.below(ONE_IN) === 0) {
        const untilMs = performance.now() + STALL_MS;
        while (performance.now() < untilMs);
      }
      return inner.allocate(context);
    },
    free: (handle) => inner.free(handle),
  };
}

/** The pool of a scenario in this thread, and its meter. */
function alone(scenario = plenty({ workers: 1, duration: 1.6e9 }), layer = stalling): {
  pool: Mempool;
  meter: Meter;
  participant: Participant;
} {
  const { memory, allocators, pools, workload } = scenario;
  const layout = new Layout();
  const spec = { memory, allocators, pools, participants: 1, asyncSlots: 1 };
  const plan = planComposition(layout, spec);
  const region = createRegion(layout, plan.memoryBytes);
  const participant = joinComposition(plan, region, 0);
  const composition = createComposition(plan, region, participant, layer);
  const phases = { warmupNs: workload.warmup, durationNs: workload.duration };
  const meter = new Meter(composition.pools, phases, participant);
  return { pool: composition.pool("buffers"), meter, participant };
}

Deno.test("closed shows a planted stall of 200 us in 1 of 500 calls as p99.9 and max", async () => {
  const { pool, meter, participant } = alone();
  const { workload } = plenty({ workers: 1, duration: 1.6e9 });
  const load = closed.start({
    workload,
    seed: 1,
    worker: 0,
    workers: 1,
    takes: [pool],
    participant,
    meter,
    maySpin: true,
    program: null,
  });
  meter.start();
  await load.run();
  load.release();
  const { levels } = meter.of(pool).toData();
  const { count, max, ...rest } = Histogram.from(levels[0]!).summarize();
  assertGreaterOrEqual(count, 10_000);
  assert(rest["p99.9"] !== null && max !== null);
  const truthNs = STALL_MS * 1e6;
  assertGreaterOrEqual(max, truthNs);
  assertLess(Math.abs(rest["p99.9"] - truthNs) / truthNs, 0.05);
  assert(rest.p50 !== null && rest.p50 < truthNs / 10, "the stall is not smeared over all calls");
});

Deno.test("closed keeps its number of elements in flight, and gives them all back", async () => {
  const workload = { ...plenty().workload, workers: 1, inFlight: 37, duration: 20e6, warmup: 0 };
  const { pool, meter, participant } = alone({ ...plenty(), workload }, (inner) => inner);
  const load = closed.start({
    workload,
    seed: 1,
    worker: 0,
    workers: 1,
    takes: [pool],
    participant,
    meter,
    maySpin: true,
    program: null,
  });
  meter.start();
  await load.run();
  assertEquals(load.held().get(pool), 37);
  load.release();
  const { allocs, frees } = pool.counts();
  assertEquals(allocs, frees);
});
