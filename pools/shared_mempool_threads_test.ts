/** The pool as a program embeds it: made in one thread, attached by others. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { isMarked, mark } from "../allocators/testing/sentinel.ts";
import { type Crew, startCrew } from "../sync/testing/crew.ts";
import { ATOMIC, type Handle, type MempoolCounts, MisuseError, NONE, type Policy } from "./mod.ts";
import { freeAll, type Given, make, NO_RETRY, takeAll } from "./testing/embedded_pool.ts";
import { eventually, soon } from "./testing/eventually.ts";
import type { Order } from "./testing/told_mempool.ts";

/** Makes a pool and threads that have attached to it. */
async function attached(workers: number, given: Given = {}) {
  const main = make({ participants: 1 + workers, ...given });
  const crew = startCrew(new URL("./testing/told_mempool.ts", import.meta.url), workers);
  const orders = Array.from({ length: workers }, (): Order => ({
    order: "attach",
    shared: main.shared,
  }));
  assertEquals(await crew.ask<string>(orders), Array(workers).fill(main.pool.name));
  return {
    ...main,
    crew,
    [Symbol.dispose]() {
      crew[Symbol.dispose]();
      main.detach();
    },
  };
}

function told<T>(crew: Crew, worker: number, order: Order): Promise<T> {
  crew.send(worker, order);
  return crew.answer<T>(worker);
}

Deno.test("attachMempool() lets two threads work in one pool that is too small for both", async () => {
  // Five elements for two tasks that hold up to three, one by one: just enough never to lock up.
  const main = await attached(2, { minReserve: 2, memory: { pages: 5 } });
  using _ = main;
  const { pool, crew } = main;
  const churn: Order = { order: "churn", rounds: 1500, most: 3 };
  assertEquals(await crew.ask<number>([churn, churn]), [0, 0]);
  const counts = await crew.ask<MempoolCounts>([{ order: "counts" }, { order: "counts" }]);
  for (const { allocs, frees, hits, none, failed } of counts) {
    assertEquals([allocs, frees], [3000, 3000]);
    assertEquals([hits.reduce((sum, each) => sum + each), none, failed], [3000, 0, 0]);
  }
  pool.reserve.check();
  assertEquals(pool.currentReserve, 2);
  await crew.ask<void>([{ order: "detach" }, { order: "detach" }]);
  assertEquals(takeAll(pool).length, 5);
});

Deno.test("attachMempool() shares elements by their handles: taken here, read and freed there", async () => {
  const main = await attached(2);
  using _ = main;
  const { pool, crew } = main;
  const fromWorker = await told<Handle[]>(crew, 0, { order: "take", count: 3 });
  const mine = [1, 2, 3].map(() => pool.allocate());
  for (const handle of mine) mark(pool.bytes(handle), handle);
  assert(fromWorker.every((handle) => isMarked(pool.bytes(handle), handle)));
  assertEquals(new Set([...fromWorker, ...mine]).size, 6);
  const free: Order = { order: "free", handles: [...fromWorker.slice(1), ...mine.slice(1)] };
  assertEquals(await told<boolean[]>(crew, 1, free), [true, true, true, true]);
  freeAll(pool, [fromWorker[0]!, mine[0]!]);
  assertThrows(() => pool.free(fromWorker[1]!), MisuseError, "had it last (freed twice?)");
  const counts = await crew.ask<MempoolCounts>([{ order: "counts" }, { order: "counts" }]);
  assertEquals(counts.map(({ allocs, frees }) => [allocs, frees]), [[3, 0], [0, 4]]);
  assertEquals([pool.counts().allocs, pool.counts().frees], [3, 2]);
});

Deno.test("Mempool.allocate() sleeps in a worker until this thread frees, first come first served", async () => {
  const main = await attached(2);
  using _ = main;
  const { pool, crew } = main;
  const handles = takeAll(pool);
  const answers: Promise<Handle[]>[] = [];
  for (const worker of [0, 1]) {
    answers.push(told<Handle[]>(crew, worker, { order: "take", count: 1 }));
    await eventually(`worker ${worker} waits`, () => pool.reserve.queue.count() === worker + 1);
  }
  const [first, second] = [handles.pop()!, handles.pop()!];
  pool.free(first);
  assertEquals(await answers[0], [first]);
  pool.free(second);
  assertEquals(await answers[1], [second]);
  const [counts] = await crew.ask<MempoolCounts>([{ order: "counts" }]);
  assertEquals(counts!.hits, [0, 0, 0, 0, 1]);
});

Deno.test("Mempool.allocateAsync() waits in two threads at once, and a worker's free serves this one", async () => {
  const main = await attached(2);
  using _ = main;
  const { pool, crew } = main;
  const held = await told<Handle[]>(crew, 0, { order: "take", count: 5 });
  const rest = takeAll(pool);
  const there = told<Handle[]>(crew, 1, { order: "take-async", count: 2 });
  await eventually("two wait there", () => pool.reserve.queue.count() === 2);
  const here = pool.allocateAsync();
  await told<boolean[]>(crew, 0, { order: "free", handles: held.slice(0, 3) });
  assertEquals(await there, held.slice(0, 2));
  assertEquals(await soon("this thread", here), held[2]!);
  freeAll(pool, [...held.slice(0, 3), ...rest]);
  pool.reserve.check();
});

/** Steps without reclaim: only who waits asks others for what they have cached. */
const NO_RECLAIM: Policy = {
  steps: ["backend-atomic", "reserve", "wait"],
  retryFrom: "backend-atomic",
  retryMs: 600_000,
};

for (const take of ["take", "take-async"] as const) {
  for (const free of ["free", "free-and-compute"] as const) {
    for (const [name, policy] of Object.entries({ NO_RETRY, NO_RECLAIM })) {
      Deno.test(`Mempool gives a worker's ${take} what another ${free}d into its cache, under ${name}`, async () => {
        const main = await attached(2, { minReserve: 0, policy });
        using _ = main;
        const { pool, crew } = main;
        const cached = await told<Handle[]>(crew, 0, { order: "take", count: 2 });
        takeAll(pool);
        const whole = await told<boolean[]>(crew, 0, { order: free, handles: cached, waiters: 1 });
        assertEquals(whole, [true, true]);
        assertEquals(
          pool.allocate(ATOMIC),
          NONE,
          "the worker has all that is left in its magazine",
        );
        const [handle] = await told<Handle[]>(crew, 1, { order: take, count: 1 });
        assert(cached.includes(handle!));
        if (free === "free-and-compute") assertEquals(await crew.answer(0), "computed");
      });
    }
  }
}

Deno.test("Mempool serves two who wait out of one cache, though the first to be served never calls it again", async () => {
  const main = await attached(3, { minReserve: 0, policy: NO_RECLAIM, memory: { pages: 256 } });
  using _ = main;
  const { pool, crew } = main;
  const cached = await told<Handle[]>(crew, 0, { order: "take", count: 4 });
  takeAll(pool);
  const free: Order = { order: "free-and-compute", handles: cached, waiters: 2 };
  assertEquals(await told<boolean[]>(crew, 0, free), [true, true, true, true]);
  const served = [1, 2].map((worker) => told<Handle[]>(crew, worker, { order: "take", count: 1 }));
  assertEquals(new Set((await Promise.all(served)).flat()).size, 2);
  assertEquals(await crew.answer(0), "computed");
});

Deno.test("MempoolSide.detach() gives back what the thread has cached, and keeps what it has out", async () => {
  const main = await attached(1, { minReserve: 0 });
  using _ = main;
  const { pool, crew } = main;
  const taken = await told<Handle[]>(crew, 0, { order: "take", count: 4 });
  await told<boolean[]>(crew, 0, { order: "free", handles: taken.slice(1) });
  await told<void>(crew, 0, { order: "detach" });
  const mine = takeAll(pool);
  assertEquals([mine.length, mine.includes(taken[0]!)], [63, false]);
  freeAll(pool, [...mine, taken[0]!]);
  assertEquals(takeAll(pool).length, 64);
});
