/** The rules that concern several callers, with real workers over shared pages. Rule 26 is in `passing_test.ts`. */
import { assertEquals, assertNotEquals } from "@std/assert";
import { ATOMIC, BLOCKING, type Handle } from "../allocators/allocator.ts";
import type { Policy } from "./policy.ts";
import { eventually } from "./testing/eventually.ts";
import { allocation, type Fleet, type FleetOptions, startFleet } from "./testing/fleet.ts";
import { flatMemory } from "./testing/page_pool.ts";

const MEMORY = flatMemory(64);

/** Workers over 64 pages, behind a gate unless said otherwise. */
function start(options: Pick<FleetOptions, "workers" | "minReserve"> & Partial<FleetOptions>) {
  return startFleet({ gated: true, memory: MEMORY, ...options });
}

/** Hits by level, over all workers. */
async function hitsOf(fleet: Fleet): Promise<number[]> {
  const counts = await fleet.counts();
  return [0, 1, 2, 3, 4].map((level) => counts.reduce((sum, { hits }) => sum + hits[level]!, 0));
}

/** Has the test free elements. */
function free(fleet: Fleet, handles: readonly Handle[]): void {
  for (const handle of handles) fleet.pool.free(handle);
}

Deno.test("Mempool rules 7 and 25: workers in the normal case never take the pool's lock, N stays M", async () => {
  using fleet = await start({ workers: 2, minReserve: 4, gated: false });
  await fleet.askAll({ do: "replace", keep: 8, rounds: 20_000 });
  assertEquals([fleet.pool.currentReserve, fleet.pool.reserve.lock.acquisitions()], [4, 0]);
  assertEquals(await hitsOf(fleet), [2 * 20_008, 0, 0, 0, 0]);
  await fleet.check();
});

Deno.test("Mempool rule 13: workers at level 3 leave N as it is and never take the pool's lock", async () => {
  using fleet = await start({ workers: 2, minReserve: 4 });
  const taken = fleet.leaveInReserve(1);
  fleet.gate.fail({ atomic: true, blocking: false });
  const locked = fleet.pool.reserve.lock.acquisitions();
  const held = (await fleet.askAll<Handle[]>(allocation(20, BLOCKING))).flat();
  assertEquals(fleet.pool.reserve.lock.acquisitions(), locked);
  assertEquals([fleet.pool.currentReserve, await hitsOf(fleet)], [1, [0, 3, 40, 0, 0]]);
  await fleet.check();
  free(fleet, [...taken, ...held]);
  await fleet.check();
});

Deno.test("Mempool rule 16: an element that another worker frees during a failing level 3 is found: no sleep", async () => {
  using fleet = await start({ workers: 2, minReserve: 1 });
  const [handle] = fleet.leaveInReserve(0);
  fleet.gate.stopAt(BLOCKING, 1);
  fleet.tell(1, allocation(1, BLOCKING));
  await fleet.gate.stopped(BLOCKING);
  await fleet.ask(2, { do: "free", handles: [handle!] });
  fleet.gate.release(BLOCKING);
  assertEquals(await fleet.answer(1), [handle!]);
  assertEquals([await hitsOf(fleet), fleet.pool.marks().maxDepth], [[0, 2, 0, 0, 0], 0]);
  await fleet.check();
});

Deno.test("Mempool rule 16: the same where nothing but the wait itself looks into the reserve", async () => {
  const policy: Policy = {
    steps: ["backend-atomic", "backend-blocking", "wait"],
    retryFrom: "backend-atomic",
    retryMs: 60_000,
  };
  using fleet = await start({ workers: 2, minReserve: 1, policy });
  fleet.gate.die();
  const [handle] = await fleet.ask<Handle[]>(2, allocation(1, BLOCKING));
  fleet.gate.stopAt(BLOCKING, 1);
  fleet.tell(1, allocation(1, BLOCKING));
  await fleet.gate.stopped(BLOCKING);
  await fleet.ask(2, { do: "free", handles: [handle!] });
  fleet.gate.release(BLOCKING);
  assertEquals(await fleet.answer(1), [handle!]);
  assertEquals(fleet.pool.marks().maxDepth, 0);
  await fleet.check();
});

Deno.test("Mempool rule 18: frees serve three sleeping workers in the order in which they came", async () => {
  using fleet = await start({ workers: 3, minReserve: 3 });
  for (let round = 0; round < 4; round++) {
    const held = fleet.leaveInReserve(0);
    for (const worker of [3, 1, 2]) await fleet.queueUp(worker);
    free(fleet, held);
    for (const [place, worker] of [3, 1, 2].entries()) {
      assertEquals(await fleet.answer(worker), [held[place]!], `worker ${worker}`);
    }
    await fleet.check();
    free(fleet, held);
  }
});

Deno.test("Mempool rule 19: a free between queueing up and sleeping is not lost", async () => {
  using fleet = await start({ workers: 2, minReserve: 1 });
  const [handle] = fleet.leaveInReserve(0);
  fleet.gate.stopAt(ATOMIC, 2);
  fleet.tell(1, allocation(1, BLOCKING));
  await fleet.gate.stopped(ATOMIC);
  assertEquals(fleet.pool.reserve.queue.count(), 1);
  await fleet.ask(2, { do: "free", handles: [handle!] });
  assertEquals([fleet.pool.reserve.queue.count(), fleet.pool.currentReserve], [0, 0]);
  fleet.gate.release(ATOMIC);
  assertEquals(await fleet.answer(1), [handle!]);
  await fleet.check();
});

Deno.test("Mempool rule 20: what is handed to a worker that the backend serves goes to the next sleeper", async () => {
  using fleet = await start({ workers: 2, minReserve: 1, retryMs: [1, 60_000] });
  const [handle] = fleet.leaveInReserve(0);
  await fleet.queueUp(1);
  await fleet.queueUp(2);
  fleet.gate.stopAt(BLOCKING, 1);
  await fleet.gate.stopped(BLOCKING);
  free(fleet, [handle!]);
  fleet.gate.fail({ atomic: true, blocking: false });
  fleet.gate.release(BLOCKING);
  assertNotEquals(await fleet.answer(1), [handle!]);
  assertEquals(await fleet.answer(2), [handle!]);
  assertEquals(await hitsOf(fleet), [0, 1, 0, 0, 2]);
  await fleet.check();
});

Deno.test("Mempool rule 21: sleeping workers are served by a recovered backend with no free at all", async () => {
  using fleet = await start({ workers: 3, minReserve: 2, retryMs: [5, 5, 5] });
  fleet.leaveInReserve(0);
  await fleet.queueUp(1);
  await fleet.queueUp(2, "async");
  await fleet.queueUp(3);
  await eventually("worker 3 sleeps", () => fleet.composition.participant.isStuck(3));
  fleet.gate.recover();
  await Promise.all([1, 2, 3].map((worker) => fleet.answer(worker)));
  assertEquals(await hitsOf(fleet), [0, 2, 0, 0, 3]);
  assertEquals((await fleet.counts()).reduce((sum, { frees }) => sum + frees, 0), 0);
  await fleet.check();
});

Deno.test("Mempool rule 21: a worker that tries again in vain keeps its place", async () => {
  using fleet = await start({ workers: 2, minReserve: 2, retryMs: [1, 60_000] });
  const held = fleet.leaveInReserve(0);
  await fleet.queueUp(1);
  await fleet.queueUp(2);
  fleet.gate.stopAt(BLOCKING, 5);
  await fleet.gate.stopped(BLOCKING);
  fleet.gate.release(BLOCKING);
  free(fleet, held);
  assertEquals([await fleet.answer(1), await fleet.answer(2)], held.map((handle) => [handle]));
  await fleet.check();
});

Deno.test("Mempool rule 22: blocking and async waiters of several workers share one queue; an abort leaves it", async () => {
  using fleet = await start({ workers: 3, minReserve: 3 });
  const [first, second, third] = fleet.leaveInReserve(0);
  await fleet.queueUp(1);
  await fleet.queueUp(2, "async");
  await fleet.queueUp(3);
  await fleet.queueUp(2, "async");
  fleet.tell(2, { do: "abort" });
  assertEquals(await fleet.answer(2), "aborted");
  assertEquals(fleet.pool.reserve.queue.count(), 3);
  free(fleet, [first!, second!, third!]);
  assertEquals(await fleet.answer(1), [first!]);
  assertEquals(await fleet.answer(3), [second!]);
  assertEquals(await fleet.answer(2), third!);
  await fleet.check();
});
