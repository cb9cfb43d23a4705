import { assertEquals, assertGreaterOrEqual } from "@std/assert";
import { ATOMIC, BLOCKING } from "../allocators/allocator.ts";
import { LevelLatencies } from "./stats.ts";
import { eventually } from "./testing/eventually.ts";
import { exhausted } from "./testing/exhausted_pool.ts";
import { allocation, startFleet } from "./testing/fleet.ts";
import { flatMemory, pagePool } from "./testing/page_pool.ts";

Deno.test("Mempool.stats() counts over all participants, with what their fast paths have not folded yet", () => {
  const { sides } = pagePool({ memory: flatMemory(1024), minReserve: 4, participants: 3 });
  const pools = sides.map((side) => side.pool("pool"));
  const held = pools.map((pool) => Array.from({ length: 5 }, () => pool.allocate(ATOMIC)));
  pools[0]!.free(held[1]![0]!);
  for (const { stats } of pools.map((pool) => ({ stats: pool.stats() }))) {
    const { allocs, frees, hits } = stats.counts;
    assertEquals([allocs, frees, hits], [15, 1, [15, 0, 0, 0, 0]]);
    assertEquals([stats.marks.min, stats.marks.current, stats.waiting], [4, 4, 0]);
    assertEquals(stats.latencyNs, null);
  }
  const sums = pools.map((pool) => pool.counts()).reduce(
    (sum, { cacheHits }) => sum + cacheHits,
    0,
  );
  assertEquals(pools[0]!.stats().counts.cacheHits, sums);
});

Deno.test("Mempool.stats() shows levels, waits and low water, and is plain data", () => {
  const { made, held } = exhausted({ minReserve: 2, participants: 2 });
  made.pool.observeLatencies();
  made.duringWait(() => {
    assertEquals(made.sides[1]!.stats().waiting, 1);
    made.sides[1]!.free(held[0]!);
  });
  made.pool.allocate(BLOCKING);
  made.pool.allocate(ATOMIC);
  const stats = made.sides[0]!.stats();
  assertEquals(structuredClone(stats), stats);
  const { hits, none, maxWaitNs } = stats.counts;
  assertEquals([hits, none, stats.marks.lowWater, stats.waiting], [[0, 2, 0, 0, 1], 1, 0, 0]);
  assertEquals([2, 3, 4, 5].map((level) => stats.latencyNs![level as 2].count), [0, 0, 0, 1]);
  assertGreaterOrEqual(stats.latencyNs![5].max!, Math.floor(maxWaitNs));
});

Deno.test("Mempool.observeLatencies() reads no clock for what level 1 serves, refills included", () => {
  const { sides: [one] } = pagePool({ memory: flatMemory(1024), minReserve: 4 });
  const pool = one!.pool("pool");
  pool.observeLatencies();
  const { now } = performance;
  let reads = 0;
  performance.now = () => {
    reads++;
    return now.call(performance);
  };
  try {
    for (let time = 0; time < 1020; time++) pool.allocate(ATOMIC);
    assertEquals([pool.counts().hits, reads], [[1020, 0, 0, 0, 0], 0]);
    pool.allocate(ATOMIC);
    assertEquals([pool.counts().hits[1], reads], [1, 2]);
  } finally {
    performance.now = now;
  }
});

Deno.test("LevelLatencies keeps the levels apart", () => {
  const latencies = new LevelLatencies();
  for (const level of [2, 3, 4, 5] as const) {
    for (let time = 1; time < level; time++) latencies.record(level, 100 * level);
  }
  const summary = latencies.summarize()!;
  assertEquals([2, 3, 4, 5].map((level) => summary[level as 2].count), [1, 2, 3, 4]);
});

Deno.test("Mempool.stats() has the longest wait of all participants", async () => {
  const { made, held } = exhausted({ minReserve: 2, participants: 3 });
  const waits = made.sides.slice(1).map((side) => side.allocateAsync());
  made.pool.freeBulk(held);
  await Promise.all(waits);
  const longest = Math.max(...made.sides.map((side) => side.counts().maxWaitNs));
  assertEquals(made.pool.stats().counts.maxWaitNs, longest);
});

Deno.test("Mempool.stats() of one thread shows what the others do while they are at it", async () => {
  using fleet = await startFleet({
    workers: 2,
    gated: true,
    memory: flatMemory(64),
    minReserve: 2,
  });
  const held = fleet.leaveInReserve(0);
  fleet.tell(1, allocation(1, BLOCKING));
  await eventually("a worker waits", () => fleet.pool.stats().waiting === 1);
  fleet.pool.free(held[0]!);
  await fleet.answer(1);
  const { counts } = fleet.pool.stats();
  assertEquals([counts.allocs, counts.frees, counts.hits[4]], [3, 1, 1]);
});
