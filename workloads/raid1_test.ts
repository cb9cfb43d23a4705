/** The scenarios of raid1, whole, at a tenth of their length: all books kept, whatever fails, whoever frees. */
import { assertEquals, assertGreater, assertGreaterOrEqual } from "@std/assert";
import { type Allocator, ATOMIC, BLOCKING, NONE } from "../allocators/allocator.ts";
import { createComposition, joinComposition } from "../pools/composition.ts";
import { createRegion } from "../sync/mod.ts";
import { parseScenario } from "./parse_scenario.ts";
import { registered } from "./registered.ts";
import { planRun } from "./run_plan.ts";
import { assertConserved, runWhole, SHORT } from "./testing/scenario_runs.ts";

for (const workers of [1, 2, 4]) {
  Deno.test(`raid1-resync shows the inner pool's levels beside the outer's, conserved, with ${workers} workers`, async () => {
    const result = await runWhole(
      parseScenario({ name: "raid1-resync" }, { ...SHORT, workers }, registered),
    );
    assertConserved(result);
    assertEquals(result.leaked, 0);
    const { resync, "r1bio-pool": inner } = result.pools;
    for (const { levels } of [resync!, inner!]) {
      assertGreater(levels[0]!.hits, 0);
      assertGreater(levels[1]!.hits, 0);
    }
    const { page, bio, "general/128": requests, buffer } = result.allocators;
    assertGreaterOrEqual(page!.allocs, 16 * buffer!.allocs);
    assertGreaterOrEqual(bio!.allocs, buffer!.allocs);
    assertGreater(buffer!.atomicFailures, 0);
    assertGreater(requests!.atomicFailures, 0);
    assertEquals(resync!.reserve.bytes, 32 * (128 + 256 + 16 * 4096));
  });

  Deno.test(`raid1 has four back ends in one table, conserved, with ${workers} workers`, async () => {
    const result = await runWhole(
      parseScenario({ name: "raid1" }, { ...SHORT, workers }, registered),
    );
    assertConserved(result);
    assertEquals(result.leaked, 0);
    assertEquals(Object.keys(result.allocators), ["general/128", "page", "bio-slab"]);
    for (const name of ["r1bio", "bounce", "bio", "shared-bio"]) {
      const { levels } = result.pools[name]!;
      assertGreater(levels[0]!.hits, 0, name);
      assertGreater(levels[1]!.hits, 0, name);
    }
    assertGreater(result.pools["mirror-bio"]!.levels[0]!.hits, 0);
  });
}

/** The allocators behind the 18 parts of a resync buffer, in order, and which of their calls in a build is that part's. */
const PARTS = [
  { name: "general/128", call: 1 },
  { name: "bio", call: 1 },
  ...Array.from({ length: 16 }, (_, page) => ({ name: "page", call: page + 1 })),
];

/** The pools of raid1-resync in one thread, where the allocator of one part fails from that part's call on. */
function resyncWithout() {
  const { layout, shared: plan } = planRun(
    parseScenario({ name: "raid1-resync" }, {}, registered),
  );
  const calls = new Map<string, number>();
  const state: { failing: typeof PARTS[number] | null } = { failing: null };
  const layer = (inner: Allocator, name: string): Allocator => ({
    allocate(context) {
      const call = (calls.get(name) ?? 0) + 1;
      calls.set(name, call);
      const { failing } = state;
      return name === failing?.name && call >= failing.call ? NONE : inner.allocate(context);
    },
    free: (handle) => inner.free(handle),
  });
  const region = createRegion(layout, plan.memoryBytes);
  const participant = joinComposition(plan, region, 0);
  return { composition: createComposition(plan, region, participant, layer), calls, state };
}

Deno.test("raid1-resync falls back on its reserve when each of the 18 parts fails in turn, and nothing is lost", () => {
  const { composition, calls, state } = resyncWithout();
  const [resync, requests] = [composition.pool("resync"), composition.pool("r1bio-pool")];
  for (const [index, part] of PARTS.entries()) {
    state.failing = part;
    // The first part is a pool's: it fails once its reserve is out too.
    const length = index === 0 ? requests.currentReserve : 0;
    const held = Array.from({ length }, () => requests.allocate(ATOMIC));
    calls.clear();
    const handle = resync.allocate(BLOCKING);
    assertEquals([resync.currentReserve, resync.counts().hits[1]], [31, index + 1], part.name);
    const asked = Map.groupBy(PARTS.slice(0, index + 1), ({ name }) => name);
    assertEquals(calls, new Map(Array.from(asked, ([name, { length }]) => [name, length])));
    composition.check();
    resync.free(handle);
    held.forEach(requests.free);
    assertEquals([resync.currentReserve, requests.currentReserve], [32, 32]);
    assertEquals([resync, requests].map(({ name }) => composition.outstanding(name)), [0, 0]);
    composition.check();
  }
});

Deno.test("runResult() counts an element that is put together as lost by its own pool, once, and not by its parts'", async () => {
  const scenario = parseScenario(
    { name: "raid1-resync" },
    {
      ...SHORT,
      set: [
        'allocators.buffer.parts.0={"of":"r1bio-pool","count":2}',
        'pressure={"kind":"none"}',
        'workload={"kind":"closed","take":"resync","inFlight":8}',
      ],
    },
    registered,
  );
  const result = await runWhole(scenario, "leaky_worker.ts");
  assertConserved(result);
  assertEquals(
    Object.entries(result.pools).map(([name, { leaked }]) => [name, leaked]),
    [["r1bio-pool", 0], ["resync", 1]],
  );
});
