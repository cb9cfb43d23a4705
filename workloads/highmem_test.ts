/** The scenario highmem, at a tenth of its length, and what its page cache does to others. */
import { assert, assertEquals, assertGreater, assertGreaterOrEqual } from "@std/assert";
import { planRun } from "./run_plan.ts";
import { lockingUp, once, runToEnd, shortened } from "./testing/short_run.ts";

for (const workers of [1, 2, 4]) {
  Deno.test(`highmem has direct reclaim serve out of the page cache, with ${workers} workers`, async () => {
    const { pools, allocators, pageCache, ...run } = await runToEnd(
      shortened("highmem", { workers, duration: "500ms" }),
    );
    const { levels } = pools.bounce!;
    assert(levels[1]!.hits > 0 && levels[2]!.hits > 0, JSON.stringify(levels));
    const { atomicFailures, reclaimed } = allocators.page!;
    assertGreaterOrEqual(atomicFailures, reclaimed);
    assertGreater(reclaimed, 0);
    assertGreater(pageCache!.reclaimed, 0);
    assertGreaterOrEqual(pageCache!.filled, pageCache!.peak);
    assertEquals(run.workers.map(({ id }) => id), [0, 1, 2, 3].slice(0, workers));
  });
}

Deno.test("hog leaves others as many free pages as it is told to", async () => {
  const scenario = shortened("highmem", { set: ["pressure.leave=400"] });
  const { pageCache } = await runToEnd(scenario);
  const { pages } = scenario.memory;
  const reserved = 64 + 16;
  assertGreater(pageCache!.peak, 0);
  assertGreaterOrEqual(pages - reserved - 400, pageCache!.peak);
});

Deno.test("hog writes dirty pages out with elements of the measured pool, which are counted and come back", async () => {
  const scenario = shortened("highmem", {
    duration: "500ms",
    // One element in reserve, and nobody who holds one while he waits for another: somebody can always go on.
    minReserve: 1,
    set: [
      'memory={"pages":64,"watermarks":{"min":0,"low":0,"high":0}}',
      "pressure.leave=0",
      "pools.isa.minReserve=0",
      "pressure.dirtyShare=1",
      "workload.take=bounce",
    ],
  });
  const { pools, workers, pageCache } = await runToEnd(scenario);
  assertGreater(pageCache!.written, 0);
  assertGreaterOrEqual(pageCache!.written, pageCache!.reclaimed, "dirty pages are refused");
  const ofLoad = workers.reduce((sum, { allocs }) => sum + allocs, 0);
  const ofAll = pools.bounce!.allocs + pools.isa!.allocs;
  assertGreaterOrEqual(ofAll - ofLoad, pageCache!.written);
});

Deno.test("hog never writes where no page is dirty, and takes no element then", async () => {
  const scenario = shortened("highmem", {
    duration: "500ms",
    set: ["pressure.dirtyShare=0"],
  });
  const { pools, workers, pageCache } = await runToEnd(scenario);
  assertEquals(pageCache!.written, 0);
  assertGreater(pageCache!.reclaimed, 0);
  const ofLoad = workers.reduce((sum, { allocs }) => sum + allocs, 0);
  assertEquals(pools.bounce!.allocs + pools.isa!.allocs, ofLoad);
});

Deno.test("hog fills by its rate", async () => {
  const scenario = shortened("highmem", {
    set: ["pressure.rate=50/s", "workload.arrival=poisson:rate=10/s"],
  });
  const { pageCache } = await runToEnd(scenario);
  assertGreater(pageCache!.filled, 0);
  // Without a rate it would have all 400 at once; with it, not even if the run took 20 times as long as it should.
  assertGreater(300, pageCache!.filled);
});

Deno.test("hog is found among those who wait for each other where it has no element to write with", async () => {
  const changes = lockingUp("bounce", [
    'memory={"pages":64,"watermarks":{"min":0,"low":0,"high":0}}',
    "pressure.leave=0",
    "pools.isa.minReserve=0",
    "pressure.dirtyShare=1",
    "workload.take=bounce",
    "workload.atomicShare=0",
    "workload.hold=constant:1h",
    "workload.arrival=constant:rate=20/s",
  ]);
  const { ending, deadlock } = await once(shortened("highmem", { ...changes, workers: 1 }));
  assertEquals(ending, "deadlock");
  const [load, hog] = deadlock!.workers;
  assertEquals([load!.pressure, hog!.pressure], [undefined, "hog"]);
  assert([load!, hog!].every(({ awaits }) => awaits[0]?.pool === "bounce"));
});

Deno.test("hog ends with a load that ends by itself", async () => {
  const scenario = shortened("sqlite", {
    duration: undefined,
    warmup: undefined,
    speed: 0,
    set: ["pressure=hog"],
  });
  assertEquals(planRun(scenario).crew, scenario.workload.workers + 1);
  const { pageCache, pools } = await runToEnd(scenario);
  assertGreater(pageCache!.peak, 0);
  assertGreater(Object.values(pools)[0]!.allocs, 0);
});
