/**
 * Several elements at once that somebody waits for: rules 35, 36 and the second half of 39, over a scripted back end in one
 * thread.
 */
import { assert, assertEquals, assertFalse, assertRejects, assertThrows } from "@std/assert";
import { ATOMIC, type Handle } from "../allocators/allocator.ts";
import type { Layer } from "./composition.ts";
import { resolvePolicy } from "./composition_plan.ts";
import { DestroyedError } from "./destroyed_error.ts";
import type { Mempool } from "./mempool.ts";
import { bulkOf, waitFor } from "./testing/bulks.ts";
import { eventually, soon } from "./testing/eventually.ts";
import { exhausted } from "./testing/exhausted_pool.ts";
import { composed, flatMemory, pageSpec } from "./testing/page_pool.ts";
import { scriptedPool } from "./testing/scripted_pool.ts";

Deno.test("Mempool rule 35: a blocking bulk waits in one place and is fed by frees until it has enough", () => {
  const { made, held } = exhausted({ minReserve: 3 });
  const { pool } = made;
  const free = (handle: Handle) => () => {
    assertEquals([pool.reserve.queue.count(), pool.currentReserve], [1, 0]);
    pool.free(handle);
    if (pool.reserve.queue.count() > 0) made.check();
  };
  made.duringWait(...held.map(free));
  const into = bulkOf(3);
  assert(pool.allocateBulk(into));
  assertEquals([...into].toSorted(), held.toSorted());
  assertEquals([made.counts().hits, pool.marks().maxDepth], [[0, 2, 0, 1, 3], 1]);
  made.check();
  pool.freeBulk(into);
  assertEquals(pool.currentReserve, 3);
  made.check();
});

Deno.test("Mempool rule 35: what is in the reserve already counts for a bulk that has to wait", () => {
  const made = scriptedPool({ minReserve: 4 });
  const held = made.leaveInReserve(3);
  made.backend.die();
  made.duringWait(() => made.pool.free(held[0]!));
  const into = bulkOf(4);
  assert(made.pool.allocateBulk(into));
  assertEquals([...into].toSorted(), [1, 2, 3, 4]);
  assertEquals(made.counts().hits, [0, 1, 0, 0, 4]);
  made.check();
});

Deno.test("Mempool rule 35: the queue stays first come, first served, with bulks and singles in it", async () => {
  const { made, held } = exhausted({ minReserve: 4, participants: 5 });
  const served: string[] = [];
  const enter = (name: string, side: number, count: number) =>
    waitFor(made.sides[side]!, count).then((handles) => {
      served.push(name);
      return handles;
    });
  const waits = [enter("pair", 1, 2), enter("single", 2, 1), enter("triple", 3, 3)];
  const single = made.sides[4]!.allocateAsync().then((handle) => {
    served.push("last");
    return handle;
  });
  const expected = [[], ["pair"], ["pair", "single"], ["pair", "single"]];
  for (const [index, handle] of held.entries()) {
    made.pool.free(handle);
    await soon("a turn", new Promise((turn) => setTimeout(turn, 5)));
    made.check();
    assertEquals(served, expected[index], `after ${index + 1} frees`);
  }
  made.pool.freeBulk(await soon("the pair", waits[0]!));
  await soon("the triple", waits[2]!);
  made.pool.freeBulk(await soon("the single", waits[1]!));
  await soon("the last", single);
  assertEquals(served, ["pair", "single", "triple", "last"]);
  made.check();
});

Deno.test("Mempool rule 35: two bulks that each had a part of the reserve do not deadlock: the first gets what both had", async () => {
  const made = scriptedPool({ minReserve: 4, participants: 3 });
  const { backend } = made;
  const [second, third] = [made.sides[1]!, made.sides[2]!];
  const held = made.leaveInReserve(3);
  backend.die();
  // Both go for three: the second one takes its part in the middle of the first one's attempt.
  const waits: Promise<Handle[]>[] = [];
  backend.during("blocking", () => waits.push(waitFor(third, 3)));
  waits.push(waitFor(second, 3));
  made.pool.freeBulk(held);
  const [one, other] = waits as [Promise<Handle[]>, Promise<Handle[]>];
  const firstServed = await soon("one of both", Promise.race([one, other]));
  made.check();
  made.pool.freeBulk(firstServed);
  const all = await soon("both", Promise.all([one, other]));
  made.pool.freeBulk(all.find((handles) => handles !== firstServed)!);
  assertEquals(made.pool.currentReserve, 4);
  made.check();
});

Deno.test("Mempool rule 35: a waiting bulk is completed by a recovered backend with no free at all, at level 5", () => {
  const { made } = exhausted({
    minReserve: 3,
    policy: {
      steps: ["backend-atomic", "backend-blocking", "reserve", "wait"],
      retryFrom: "backend-blocking",
      retryMs: 0,
    },
  });
  const { backend } = made;
  made.duringWait(() => backend.answer("blocking", true, false), () => backend.recover());
  assert(made.pool.allocateBulk(bulkOf(3)));
  assertEquals([made.counts().hits.at(-1), backend.out.size], [3, 6]);
  made.check();
});

Deno.test("Mempool rule 35: what a bulk behind finds in the backend, but not enough of it, goes to the head", async () => {
  const { made, held } = exhausted({ minReserve: 3, participants: 3 });
  const head = waitFor(made.sides[1]!, 3);
  made.pool.free(held[0]!);
  made.backend.answer("atomic", true, false, true, false);
  const behind = waitFor(made.sides[2]!, 3);
  assertEquals((await soon("the head", head)).length, 3);
  made.check();
  made.pool.freeBulk(held.slice(1));
  made.pool.freeBulk(await head);
  await soon("the one behind", behind);
  made.check();
});

Deno.test("Mempool rule 35: what a bulk behind finds when it looks again goes to the head as well", async () => {
  const { made, held } = exhausted({ minReserve: 3, participants: 3 });
  const head = waitFor(made.sides[1]!, 3);
  const behind = waitFor(made.sides[2]!, 3);
  made.pool.freeBulk(held.slice(0, 2));
  made.backend.answer("atomic", false, true, false);
  made.pool.reserve.queue.kick(2);
  assertEquals((await soon("the head", head)).length, 3);
  made.check();
  made.pool.freeBulk(await head);
  await soon("the one behind", behind);
  made.check();
});

Deno.test("Mempool rule 35: nothing but the wait itself looks into the reserve: enough there is no wait", () => {
  const made = scriptedPool({
    minReserve: 4,
    policy: { steps: ["backend-atomic", "wait"], retryFrom: "backend-atomic", retryMs: 60_000 },
  });
  made.duringWait();
  made.backend.answer("atomic", true, false);
  assert(made.pool.allocateBulk(bulkOf(5 - 1)));
  assertEquals([made.counts().hits, made.pool.currentReserve], [[1, 3, 0, 0, 0], 1]);
  made.check();
});

Deno.test("Mempool rule 35: a bulk that aborts gives what it has collected to the one behind", async () => {
  const { made, held } = exhausted({ minReserve: 3, participants: 3 });
  const abort = new AbortController();
  const into = bulkOf(3);
  const gone = made.sides[1]!.allocateBulkAsync(into, { signal: abort.signal });
  const behind = waitFor(made.sides[2]!, 2);
  made.pool.free(held[0]!);
  made.pool.free(held[1]!);
  made.check();
  abort.abort();
  await assertRejects(() => soon("the aborted one", gone), DOMException, "abort");
  assertEquals((await soon("the one behind", behind)).toSorted(), held.slice(0, 2).toSorted());
  assertEquals([...into], [0, 0, 0]);
  made.check();
});

Deno.test("Mempool rule 35: aborted in the moment in which it is complete, a bulk passes everything on", async () => {
  const { made, held } = exhausted({ minReserve: 2, participants: 2 });
  const abort = new AbortController();
  const gone = made.sides[1]!.allocateBulkAsync(bulkOf(2), { signal: abort.signal });
  made.pool.freeBulk(held);
  abort.abort();
  await assertRejects(() => soon("the aborted one", gone), DOMException, "abort");
  assertEquals([made.pool.currentReserve, made.held], [2, 0]);
  made.check();
});

Deno.test("Mempool rule 35: more waiting bulks than slots hold nothing while they wait for one", async () => {
  const { made, held } = exhausted({ minReserve: 4, asyncSlots: 1, participants: 2 });
  const [here, there] = [made.sides[0]!, made.sides[1]!];
  const first = waitFor(here, 4);
  made.backend.answer("atomic", true, true, false);
  const second = waitFor(here, 3);
  // What the second took went to the first, which now lacks two.
  assertEquals([made.held, here.reserve.queue.collected()], [4, 2]);
  there.freeBulk(held.slice(0, 2));
  there.freeBulk(await soon("the first", first));
  await soon("the second", second);
  made.check();
});

Deno.test("Mempool rule 35: a stopped run ends the wait of a bulk, and what it had goes back", () => {
  const { made, held } = exhausted({ minReserve: 3 });
  made.duringWait(() => made.pool.free(held[0]!), () => made.participants[0]!.stop());
  const into = bulkOf(3);
  assertFalse(made.pool.allocateBulk(into));
  assertEquals([made.pool.currentReserve, made.pool.counts().abandoned], [1, 1]);
  made.check();
});

Deno.test("Mempool rule 35: a bulk that comes after the stop does not wait, and what it found goes back", () => {
  const { made, held } = exhausted({ minReserve: 3 });
  made.pool.freeBulk(held.slice(1));
  made.participants[0]!.stop();
  made.duringWait();
  assertFalse(made.pool.allocateBulk(bulkOf(3)));
  assertEquals([made.pool.currentReserve, made.pool.counts().abandoned], [2, 0]);
  made.check();
});

Deno.test("Mempool rule 35: a waiting bulk is refused once M has shrunk below it", async () => {
  const { made, held } = exhausted({
    minReserve: 3,
    participants: 2,
    policy: { ...resolvePolicy("five-level"), retryMs: 60_000 },
  });
  const wait = waitFor(made.sides[1]!, 3);
  made.pool.free(held[0]!);
  const refused = assertRejects(() => soon("the bulk", wait), Error, "only up to 2");
  made.pool.resize(2);
  await refused;
  assertEquals([made.pool.currentReserve, made.pool.reserve.queue.count()], [1, 0]);
  made.pool.reserve.check();
});

Deno.test("Mempool rules 33 and 35: a destroyed pool refuses bulks, those that wait as well, and keeps nothing", async () => {
  const { made, held } = exhausted({ minReserve: 3, participants: 2 });
  const wait = waitFor(made.sides[1]!, 3);
  made.pool.free(held[0]!);
  const told = assertRejects(() => soon("the bulk", wait), DestroyedError);
  made.pool.destroy({ force: true });
  await told;
  assertThrows(() => made.pool.allocateBulk(bulkOf(1)), DestroyedError);
  assertThrows(() => made.pool.freeBulk(held.slice(1)), DestroyedError, "free 2 elements into");
  assertEquals([made.held, made.backend.out.size], [0, 0]);
});

Deno.test("Mempool rule 36: a free of several serves those who wait before the reserve", async () => {
  const { made, held } = exhausted({ minReserve: 4, participants: 3 });
  const waits = [waitFor(made.sides[1]!, 2), waitFor(made.sides[2]!, 1)];
  const { queue } = made.pool.reserve;
  const { wake } = queue;
  const woken: number[] = [];
  queue.wake = (slot) => {
    woken.push(slot);
    wake(slot);
  };
  made.pool.freeBulk(held);
  assertEquals(woken.length, 2);
  assertEquals(made.pool.currentReserve, 1);
  assertEquals((await soon("both", Promise.all(waits))).flat().length, 3);
  made.check();
});

for (const tasks of [2, 3]) {
  for (const each of [2, 3]) {
    Deno.test(`Mempool rule 39: ${tasks} that take ${each} as one bulk never deadlock at M = ${each}`, async () => {
      const made = scriptedPool({ minReserve: each, participants: tasks });
      made.backend.die();
      let rounds = 0;
      const work = async (pool: Mempool) => {
        for (let round = 0; round < 50; round++) {
          pool.freeBulk(await waitFor(pool, each));
          rounds++;
        }
      };
      await soon("everybody", Promise.all(made.sides.map(work)));
      assertEquals([rounds, made.pool.currentReserve], [50 * tasks, each]);
      made.check();
    });
  }
}

for (const [when, retryMs, calls] of [["queues up", 60_000, 1], ["tries again", 0, 2]] as const) {
  Deno.test(`Mempool rule 35: a bulk whose back end throws when it ${when} leaves the queue, and loses nothing`, () => {
    const policy = { ...resolvePolicy("five-level"), retryMs };
    const { made, held } = exhausted({ minReserve: 3, policy });
    const { pool, backend } = made;
    made.duringWait(() => pool.free(held[0]!));
    // The calls before serve nothing, then one serves, and the next one throws.
    backend.answer("atomic", ...Array(calls).fill(false), true);
    for (let call = 0; call <= calls; call++) backend.during("atomic", () => {});
    backend.during("atomic", () => {
      throw new Error("it burns");
    });
    assertThrows(() => pool.allocateBulk(bulkOf(3)), Error, "it burns");
    assertEquals([pool.reserve.queue.count(), made.held, backend.out.size], [0, 3, 3]);
    made.check();
  });
}

Deno.test("Mempool rule 35: what a waiting bulk has of the backend so far is the pool's, and out with nobody", async () => {
  let isDown = false;
  const layer: Layer = ({ allocate, free }) => ({
    allocate: (context) => isDown ? 0 : allocate(context),
    free,
  });
  const policy = { ...resolvePolicy("five-level"), retryMs: 1 };
  const spec = pageSpec({ memory: flatMemory(3), minReserve: 2, policy });
  const { sides: [composition] } = composed(spec, layer);
  const pool = composition!.pool("pool");
  isDown = true;
  const held = [pool.allocate(ATOMIC), pool.allocate(ATOMIC)];
  const bulk = waitFor(pool, 2);
  isDown = false;
  await eventually("the bulk has one", () => pool.reserve.queue.collected() === 1);
  composition!.check();
  pool.free(held[0]!);
  pool.freeBulk(await soon("the bulk", bulk));
  pool.free(held[1]!);
  composition!.check();
});
