import { assert, assertEquals, assertGreaterOrEqual, assertLess } from "@std/assert";
import type { Allocator } from "../../allocators/allocator.ts";
import { createComposition, joinComposition, type Layer } from "../../pools/composition.ts";
import { planComposition } from "../../pools/composition_plan.ts";
import type { Mempool } from "../../pools/mempool.ts";
import { Histogram } from "../../results/histogram.ts";
import { createRegion, Layout } from "../../sync/mod.ts";
import { Meter } from "../meter.ts";
import { createRandom } from "../random.ts";
import { NOTHING_RECORDED } from "../report.ts";
import type { WorkloadSpec } from "../scenario.ts";
import { plenty } from "../testing/scenarios.ts";
import { closed } from "./closed.ts";
import type { Load } from "./load.ts";

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

/** A closed load in this thread, run to its end, with what it ran on. */
async function runAlone(
  changes: Partial<WorkloadSpec>,
  layer: Layer,
): Promise<{ pool: Mempool; meter: Meter; load: Load }> {
  const { memory, allocators, pools, workload } = plenty({ workers: 1, ...changes });
  const layout = new Layout();
  const spec = { memory, allocators, pools, participants: 1, asyncSlots: 1 };
  const plan = planComposition(layout, spec);
  const region = createRegion(layout, plan.memoryBytes);
  const participant = joinComposition(plan, region, 0);
  const composition = createComposition(plan, region, participant, layer);
  const pool = composition.pool("buffers");
  const phases = { warmupNs: workload.warmup, durationNs: workload.duration };
  const meter = new Meter([pool], phases, participant);
  const under = () => composition.under("buffers");
  const place = { seed: 1, worker: 0, workers: 1, maySpin: true, program: null };
  const shared = { recorded: NOTHING_RECORDED, region, places: [], sharesPools: true };
  const alone = { ...place, ...shared, under, takesOneOf: [] };
  const load = closed.start({ ...alone, workload, takes: [pool], participant, meter });
  meter.start();
  await load.run();
  return { pool, meter, load };
}

Deno.test("closed shows a planted stall of 200 us in 1 of 500 calls as p99.9 and max", async () => {
  const { pool, meter, load } = await runAlone({ duration: 4e9 }, stalling);
  load.release();
  const { levels } = meter.of(pool).toData();
  const { max, ...rest } = Histogram.from(levels[0]!).summarize();
  assert(rest["p99.9"] !== null && max !== null);
  const truthNs = STALL_MS * 1e6;
  assertGreaterOrEqual(max, truthNs);
  assertLess(Math.abs(rest["p99.9"] - truthNs) / truthNs, 0.05);
  assert(rest.p50 !== null && rest.p50 < truthNs / 10, "the stall is not smeared over all calls");
});

Deno.test("closed keeps its number of elements in flight, and gives them all back", async () => {
  const { pool, load } = await runAlone({ inFlight: 37, duration: 20e6 }, (inner) => inner);
  assertEquals(load.held().get(pool), 37);
  load.release();
  const { allocs, frees } = pool.counts();
  assertEquals(allocs, frees);
});
