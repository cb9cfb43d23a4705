/** Waiting on the event loop: rule 22, over a scripted back end in one thread. */
import { assertEquals, assertRejects } from "@std/assert";
import { ATOMIC, BLOCKING, type Handle } from "../allocators/allocator.ts";
import { eventually, soon } from "./testing/eventually.ts";
import { exhausted } from "./testing/exhausted_pool.ts";

/** Adds each caller's name to `served` when it is. */
function recordOrder() {
  const served: string[] = [];
  const record = async (name: string, wait: Promise<Handle>) => {
    const handle = await wait;
    served.push(name);
    return handle;
  };
  return { served, record };
}

Deno.test("Mempool rule 22: a blocking caller stands behind the async ones that came before it", async () => {
  const { made, held } = exhausted({ minReserve: 3 });
  const { pool } = made;
  const { served, record } = recordOrder();
  const waits = ["first", "second"].map((name) => record(name, pool.allocateAsync()));
  made.duringWait(...held.map((handle) => () => pool.free(handle)));
  assertEquals(pool.allocate(BLOCKING), held[2]!);
  served.push("blocking");
  assertEquals(await soon("both", Promise.all(waits)), held.slice(0, 2));
  assertEquals(served, ["blocking", "first", "second"]);
  made.check();
});

Deno.test("Mempool rule 22: an async caller stands behind the blocking one that came before it", async () => {
  const { made, held } = exhausted({ minReserve: 2, participants: 2 });
  const [here, there] = [made.sides[0]!, made.sides[1]!];
  const waits: Promise<Handle>[] = [];
  made.duringWait(
    () => waits.push(there.allocateAsync()),
    () => here.free(held[0]!),
  );
  assertEquals(here.allocate(BLOCKING), held[0]!);
  here.free(held[1]!);
  assertEquals(await soon("the async caller", waits[0]!), held[1]!);
  made.check();
});

Deno.test("Mempool rule 22: an abort takes an async waiter out: the next free goes to the one behind it", async () => {
  const { made, held: [handle] } = exhausted({ minReserve: 1, participants: 2 });
  const abort = new AbortController();
  const gone = made.sides[1]!.allocateAsync({ signal: abort.signal });
  const behind = made.sides[1]!.allocateAsync();
  assertEquals(made.pool.reserve.queue.count(), 2);
  const woken = made.watchWakes();
  abort.abort(new RangeError("changed my mind"));
  assertEquals(woken.length, 1);
  await assertRejects(() => soon("the aborted one", gone), RangeError, "changed my mind");
  assertEquals(made.pool.reserve.queue.count(), 1);
  made.pool.free(handle!);
  assertEquals(await soon("the one behind", behind), handle!);
  assertEquals(made.counts().allocs, 2);
  made.check();
});

Deno.test("Mempool rule 22: aborted in the moment of its grant, it passes the element on to the one behind", async () => {
  const { made, held: [handle] } = exhausted({ minReserve: 1, participants: 2 });
  const abort = new AbortController();
  const gone = made.sides[1]!.allocateAsync({ signal: abort.signal });
  const behind = made.sides[1]!.allocateAsync();
  made.pool.free(handle!);
  abort.abort();
  await assertRejects(() => soon("the aborted one", gone), DOMException, "abort");
  assertEquals(await soon("the one behind", behind), handle!);
  made.check();
});

Deno.test("Mempool rule 22: aborted in the moment of its grant with nobody behind, the element is in the reserve", async () => {
  const { made, held: [handle] } = exhausted({ minReserve: 1 });
  const abort = new AbortController();
  const gone = made.pool.allocateAsync({ signal: abort.signal });
  made.pool.free(handle!);
  abort.abort();
  await assertRejects(() => soon("the aborted one", gone), DOMException, "abort");
  assertEquals([made.pool.currentReserve, made.held], [1, 0]);
  made.check();
});

Deno.test("Mempool rule 22: a timeout takes an async waiter out with no element lost", async () => {
  const { made, held: [handle] } = exhausted({ minReserve: 1 });
  const late = made.pool.allocateAsync({ signal: AbortSignal.timeout(1) });
  await assertRejects(() => soon("the late one", late), DOMException, "timeout");
  assertEquals(made.pool.reserve.queue.count(), 0);
  made.pool.free(handle!);
  assertEquals(made.pool.currentReserve, 1);
  made.check();
});

Deno.test("Mempool rule 22: aborted before it asks, an async caller takes nothing, not even what is there", async () => {
  const { made, held: [handle] } = exhausted({ minReserve: 1 });
  made.pool.free(handle!);
  const signal = AbortSignal.abort(new RangeError("too late"));
  await assertRejects(() => made.pool.allocateAsync({ signal }), RangeError, "too late");
  assertEquals([made.pool.currentReserve, made.held], [1, 0]);
  made.check();
});

Deno.test("Mempool rule 22: more async waiters than slots are served in the order in which they came", async () => {
  const { made, held } = exhausted({ minReserve: 7, asyncSlots: 2 });
  const { served, record } = recordOrder();
  const waits = held.map((_, place) => record(`${place}`, made.pool.allocateAsync()));
  assertEquals(made.pool.reserve.queue.count(), 2);
  for (const handle of held) {
    const before = served.length;
    made.pool.free(handle);
    await eventually("one more is served", () => served.length > before);
  }
  assertEquals(await soon("all waiters", Promise.all(waits)), held);
  assertEquals(served, held.map((_, place) => `${place}`));
  assertEquals(made.pool.marks().maxDepth, 2);
  made.check();
});

Deno.test("Mempool rule 22: who comes in the moment in which a slot is free stands behind those who wait for one", async () => {
  const { made, held } = exhausted({ minReserve: 3, asyncSlots: 1 });
  const { served, record } = recordOrder();
  const newcomer: Promise<Handle>[] = [];
  const first = record("first", made.pool.allocateAsync()).then((handle) => {
    newcomer.push(record("newcomer", made.pool.allocateAsync()));
    return handle;
  });
  const second = record("second", made.pool.allocateAsync());
  made.pool.free(held[0]!);
  await soon("the first", first);
  for (const handle of held.slice(1)) made.pool.free(handle);
  await soon("all", Promise.all([second, ...newcomer]));
  assertEquals(served, ["first", "second", "newcomer"]);
  made.check();
});

Deno.test("Mempool rule 22: one that aborts while it waits for a slot does not hold up those behind it", async () => {
  const { made, held: [first, second] } = exhausted({ minReserve: 2, asyncSlots: 1 });
  const abort = new AbortController();
  const waits = [made.pool.allocateAsync()];
  const gone = made.pool.allocateAsync({ signal: abort.signal });
  waits.push(made.pool.allocateAsync());
  abort.abort();
  await assertRejects(() => soon("the aborted one", gone), DOMException, "abort");
  made.pool.free(first!);
  assertEquals(await soon("the one with the slot", waits[0]!), first!);
  made.pool.free(second!);
  assertEquals(await soon("the one behind", waits[1]!), second!);
  made.check();
});

Deno.test("Mempool rule 22: one that aborts in the moment in which it gets a slot passes that on", async () => {
  const { made, held: [first, second] } = exhausted({ minReserve: 2, asyncSlots: 1 });
  const abort = new AbortController();
  const has = made.pool.allocateAsync().then((handle) => {
    abort.abort();
    return handle;
  });
  const gone = made.pool.allocateAsync({ signal: abort.signal });
  const behind = made.pool.allocateAsync();
  const rejects = assertRejects(() => soon("the aborted one", gone), DOMException, "abort");
  made.pool.free(first!);
  assertEquals(await soon("the one with the slot", has), first!);
  await rejects;
  made.pool.free(second!);
  assertEquals(await soon("the one behind", behind), second!);
  assertEquals(made.pool.allocate(ATOMIC), 0);
  made.check();
});
