/** Waiting: rules 18 to 21, over a scripted back end in one thread. Rule 22 is in `rules_async_test.ts`. */
import { assertEquals } from "@std/assert";
import { ATOMIC, BLOCKING } from "../allocators/allocator.ts";
import { resolvePolicy } from "./composition_plan.ts";
import type { Policy } from "./policy.ts";
import { soon } from "./testing/eventually.ts";
import { exhausted } from "./testing/exhausted_pool.ts";

/** A policy whose waiters try again after a moment. */
function impatient(name: string): Policy {
  return { ...resolvePolicy(name), retryMs: 1 };
}

Deno.test("Mempool rule 18: each free serves the longest waiter, whoever that is", async () => {
  const { made, held } = exhausted({ minReserve: 5, participants: 3 });
  const callers = [2, 0, 1, 1, 2];
  const served: number[] = [];
  const waits = callers.map(async (side, place) => {
    const handle = await made.sides[side]!.allocateAsync();
    served.push(place);
    return handle;
  });
  for (const handle of held) {
    made.pool.free(handle);
    made.pool.reserve.check();
  }
  assertEquals(await soon("five waiters", Promise.all(waits)), held);
  assertEquals(served, [0, 1, 2, 3, 4]);
  assertEquals(made.counts().hits, [0, 3, 0, 2, 5]);
  made.check();
});

Deno.test("Mempool rule 18: a free wakes the waiter that it serves, and nobody else", async () => {
  const { made, held: [first, second] } = exhausted({ minReserve: 2, participants: 2 });
  const [here, there] = made.sides as [typeof made.pool, typeof made.pool];
  const woken = made.watchWakes();
  const waits = [there.allocateAsync(), here.allocateAsync()];
  const slotOf = (side: number) => [0, 1, 2, 3, 4].map((slot) => side * 5 + slot);
  here.free(first!);
  assertEquals([woken.length, slotOf(1).includes(woken[0]!)], [1, true]);
  here.free(second!);
  assertEquals([woken.length, slotOf(0).includes(woken[1]!)], [2, true]);
  assertEquals(await soon("both", Promise.all(waits)), [first!, second!]);
  made.check();
});

Deno.test("Mempool rule 18: a free hands over at once: who comes later cannot take it on the way", async () => {
  const { made, held: [handle, other] } = exhausted({ minReserve: 2, participants: 2 });
  const waits = made.sides[1]!.allocateAsync();
  made.pool.free(handle!);
  assertEquals([made.pool.currentReserve, made.pool.allocate(ATOMIC)], [0, 0]);
  made.duringWait(() => made.pool.free(other!));
  assertEquals(made.pool.allocate(BLOCKING), other!);
  assertEquals(await soon("the waiter", waits), handle!);
  made.check();
});

Deno.test("Mempool rule 19: a free between queueing up and the last look is not lost: no sleep", () => {
  const { made, held: [handle] } = exhausted({ minReserve: 1 });
  made.duringWait();
  made.reclaim = () => made.pool.free(handle!);
  assertEquals(made.pool.allocate(BLOCKING), handle!);
  assertEquals(made.counts().hits, [0, 1, 0, 0, 1]);
  made.check();
});

Deno.test("Mempool rule 19: a free between the last look and the sleep is not lost: no sleep", () => {
  const { made, held: [handle] } = exhausted({ minReserve: 1 });
  made.duringWait();
  made.reclaim = () => made.backend.during("atomic", () => made.pool.free(handle!));
  assertEquals(made.pool.allocate(BLOCKING), handle!);
  made.check();
});

Deno.test("Mempool rule 19: an element that came back to the backend meanwhile is found: level 1, no sleep", () => {
  const { made, held: [handle] } = exhausted({ minReserve: 1 });
  made.duringWait();
  made.reclaim = () => made.backend.recover();
  made.pool.allocate(BLOCKING);
  assertEquals(made.counts().hits, [1, 1, 0, 0, 0]);
  assertEquals(made.pool.reserve.queue.count(), 0);
  made.pool.free(handle!);
  made.check();
});

Deno.test("Mempool rule 19: what is handed over to a caller that the backend serves goes to the reserve", () => {
  const { made, held: [handle] } = exhausted({ minReserve: 1 });
  made.duringWait();
  made.reclaim = () => {
    made.pool.free(handle!);
    made.backend.recover();
  };
  made.pool.allocate(BLOCKING);
  assertEquals([made.pool.currentReserve, made.counts().hits], [1, [1, 1, 0, 0, 0]]);
  made.check();
});

Deno.test("Mempool rule 20: what is handed to a waiter that the backend serves goes to the next", async () => {
  const { made, held: [handle] } = exhausted({
    minReserve: 1,
    participants: 3,
    policy: impatient("five-level"),
  });
  const [free, first, second] = made.sides.map((side) => side) as typeof made.sides[0][];
  const waits = [first!.allocateAsync(), second!.allocateAsync()];
  made.backend.takeLog();
  made.backend.during("atomic", () => free!.free(handle!));
  made.backend.answer("atomic", true);
  const [one, other] = await soon("both waiters", Promise.all(waits));
  assertEquals([one === handle, other], [false, handle!]);
  assertEquals(made.counts().hits, [0, 1, 0, 0, 2]);
  made.check();
});

Deno.test("Mempool rule 20: after a waiter was served by the backend, frees still come to those behind it", async () => {
  const { made, held: [handle] } = exhausted({
    minReserve: 1,
    participants: 3,
    policy: impatient("linux"),
  });
  const [free, first, second] = made.sides.map((side) => side) as typeof made.sides[0][];
  const firstWaits = first!.allocateAsync();
  made.backend.answer("blocking", true);
  const one = await soon("the first waiter", firstWaits);
  const secondWaits = second!.allocateAsync();
  assertEquals(made.pool.reserve.queue.count(), 1);
  free!.free(one);
  assertEquals(await soon("the second waiter", secondWaits), one);
  free!.free(handle!);
  assertEquals(free!.currentReserve, 1);
  made.check();
});

Deno.test("Mempool rule 21: a waiter tries again by itself, so a recovered backend serves it with no free", async () => {
  for (const name of ["five-level", "linux", "linux-2.5", "reserve-first"]) {
    const { made } = exhausted({ minReserve: 2, policy: impatient(name) });
    made.beforeSleeps(() => made.backend.recover());
    made.pool.allocate(BLOCKING);
    made.backend.die();
    const wait = made.pool.allocateAsync();
    made.backend.recover();
    await soon(`the waiter under ${name}`, wait);
    assertEquals(made.counts().hits[4], 2, name);
    assertEquals(made.pool.currentReserve, 0);
    made.check();
  }
});

Deno.test("Mempool rule 21: before retryMs nobody tries again", () => {
  const { made, held: [handle] } = exhausted({ minReserve: 1 });
  made.duringWait(() => made.backend.takeLog(), () => {}, () => made.pool.free(handle!));
  assertEquals(made.pool.allocate(BLOCKING), handle!);
  assertEquals(made.backend.takeLog(), []);
  made.check();
});

Deno.test("Mempool.allocate() gives none to a waiter when the run is stopped, and counts it as abandoned", async () => {
  const { made } = exhausted({ minReserve: 1 });
  made.duringWait(() => made.participants[0]!.stop());
  const wait = made.pool.allocateAsync();
  assertEquals(made.pool.allocate(BLOCKING), 0);
  assertEquals(await soon("the async waiter", wait), 0);
  assertEquals([made.pool.counts().abandoned, made.pool.reserve.queue.count()], [2, 0]);
  made.check();
});
