/** What a mempool tells about itself, and elements for a block. */
import { assertEquals, assertGreater, assertThrows } from "@std/assert";
import { ATOMIC, BLOCKING } from "../allocators/allocator.ts";
import { soon } from "./testing/eventually.ts";
import { exhausted } from "./testing/exhausted_pool.ts";
import { flatMemory, pagePool } from "./testing/page_pool.ts";
import { scriptedPool } from "./testing/scripted_pool.ts";

const EAGER = [true, false];

for (const eager of EAGER) {
  Deno.test(`Mempool.observe() ${eager ? "eagerly" : "lazily"} sees levels 2 to 5 once each, and level 1 never`, async () => {
    const made = scriptedPool({ minReserve: 3 });
    const { pool, backend } = made;
    const seen: number[] = [];
    pool.observe(
      { record: (level, latencyNs) => void (latencyNs >= 0 && seen.push(level)) },
      eager,
    );
    pool.allocate(ATOMIC);
    backend.serves = { atomic: false, blocking: true };
    pool.allocate(BLOCKING);
    pool.allocate(BLOCKING);
    pool.allocate(BLOCKING);
    backend.die();
    const last = pool.allocate(BLOCKING);
    made.duringWait(() => pool.free(last));
    const again = pool.allocate(BLOCKING);
    const wait = pool.allocateAsync();
    pool.free(again);
    await soon("the async caller", wait);
    assertEquals(seen, [2, 2, 3, 4, 5, 5]);
    assertEquals(made.counts().hits, [1, 2, 1, 1, 2]);
    pool.observe(null);
    pool.free(3);
    pool.allocate(ATOMIC);
    assertEquals(seen.length, 6);
    made.check();
  });
}

Deno.test("Mempool.observe() sees no level 1 where that comes late, as in reserve-first", () => {
  const made = scriptedPool({ minReserve: 1, policy: "reserve-first" });
  const seen: number[] = [];
  made.pool.observe({ record: (level) => void seen.push(level) });
  made.pool.allocate(BLOCKING);
  made.pool.allocate(BLOCKING);
  assertEquals([seen, made.counts().hits], [[2], [1, 1, 0, 0, 0]]);
  made.check();
});

Deno.test("Mempool.observe() measures a wait from the entry of its allocation", async () => {
  const { made, held: [handle] } = exhausted({ minReserve: 1 });
  const latencies: number[] = [];
  made.pool.observe({ record: (_, latencyNs) => void latencies.push(latencyNs) });
  const startMs = performance.now();
  const wait = made.pool.allocateAsync();
  await new Promise((turn) => setTimeout(turn, 2));
  const queuedMs = performance.now();
  made.pool.free(handle!);
  await soon("the async caller", wait);
  assertEquals(latencies.length, 1);
  assertGreater(latencies[0]! / 1e6, queuedMs - startMs - 1);
  assertGreater(made.pool.counts().maxWaitNs, 0);
  made.check();
});

Deno.test("Mempool.counts() tells the magazine's hits from the backend's", () => {
  const { sides: [composition] } = pagePool({ memory: flatMemory(64), minReserve: 2 });
  const pool = composition!.pool("pool");
  const held = Array.from({ length: 9 }, () => pool.allocate());
  held.forEach(pool.free);
  const { allocs, frees, hits, cacheHits, backendAllocs, backendFrees } = pool.counts();
  assertEquals([allocs, frees, hits], [9, 9, [9, 0, 0, 0, 0]]);
  assertEquals([cacheHits, backendAllocs, backendFrees], [6, 9, 9]);
  pool.resetCounts();
  assertEquals(pool.counts(), {
    allocs: 0,
    frees: 0,
    hits: [0, 0, 0, 0, 0],
    none: 0,
    failed: 0,
    abandoned: 0,
    maxWaitNs: 0,
    cacheHits: 0,
    backendAllocs: 0,
    backendFrees: 0,
  });
});

Deno.test("Mempool.counts() has what a poisoned free puts into the reserve as no free of the backend", () => {
  const made = scriptedPool({ minReserve: 2 });
  const [handle] = made.leaveInReserve(1);
  made.pool.free(handle!);
  const { frees, backendFrees } = made.pool.counts();
  assertEquals([frees, backendFrees], [1, 0]);
  made.check();
});

Deno.test("Mempool.marks() has M, N, the least N and the most waiters since the last reset", async () => {
  const { made, held } = exhausted({ minReserve: 3 });
  const wait = made.pool.allocateAsync();
  for (const handle of held) made.pool.free(handle);
  await soon("the async caller", wait);
  const { min, current, lowWater, maxDepth, elementBytes } = made.pool.marks();
  assertEquals([min, current, lowWater, maxDepth, elementBytes], [3, 2, 0, 1, 64]);
  made.pool.reserve.resetCounts();
  const after = made.pool.marks();
  assertEquals([after.lowWater, after.maxDepth, after.lock.acquisitions], [2, 0, 0]);
});

Deno.test("Mempool.drain() gives back what this worker has cached", () => {
  const { sides: [composition] } = pagePool({ memory: flatMemory(64), minReserve: 2 });
  const pool = composition!.pool("pool");
  pool.free(pool.allocate());
  assertEquals([pool.drain(), pool.drain()], [2, 0]);
  composition!.check();
});

Deno.test("Mempool.take() gives an element for a block, and frees it once at its end", () => {
  const made = scriptedPool({ minReserve: 2 });
  {
    using element = made.pool.take();
    element.bytes.fill(7);
    assertEquals(element.bytes.length, made.pool.elementBytes);
    assertEquals([...made.pool.bytes(element.handle)], Array(64).fill(7));
    assertEquals(made.held, 1);
    element[Symbol.dispose]();
    assertEquals(made.held, 0);
  }
  assertEquals(made.counts().frees, 1);
  made.check();
});

Deno.test("Mempool.take() throws where there is none, under a policy that does not wait", () => {
  const made = scriptedPool({ minReserve: 1, policy: "backend-only" });
  made.backend.die();
  assertThrows(() => made.pool.take(), Error, 'Cannot take an element as "test" has none left');
  made.check();
});
