/** Several elements at once that are had, refused or freed at once: rules 35 and 36, over a scripted back end in one thread. */
import { assert, assertEquals, assertFalse, assertRejects, assertThrows } from "@std/assert";
import { ATOMIC, BLOCKING, NONE } from "../allocators/allocator.ts";
import { MisuseError } from "../allocators/owner_table.ts";
import { DestroyedError } from "./destroyed_error.ts";
import { RefusedError } from "./refused_error.ts";
import { bulkOf, waitFor } from "./testing/bulks.ts";
import { composed, flatMemory, pageSpec } from "./testing/page_pool.ts";
import { type ScriptedPool, scriptedPool } from "./testing/scripted_pool.ts";

Deno.test("Mempool rule 35: a backend that has all serves a bulk at level 1, each element counted, without the lock", () => {
  const made = scriptedPool({ minReserve: 4 });
  for (const context of [ATOMIC, BLOCKING] as const) {
    const into = bulkOf(3);
    assert(made.pool.allocateBulk(into, context));
    assertEquals([new Set(into).size, made.backend.takeLog()], [3, Array(3).fill("atomic")]);
  }
  assertEquals([made.counts().hits, made.locked, made.held], [[6, 0, 0, 0, 0], 0, 6]);
  made.check();
});

Deno.test("Mempool rule 35: an empty bulk is served with nothing", () => {
  const made = scriptedPool({ minReserve: 0 });
  made.backend.die();
  assert(made.pool.allocateBulk(bulkOf(0)));
  made.pool.freeBulk([]);
  made.check();
});

Deno.test("Mempool rule 35: each step serves what the steps before it left missing", () => {
  const made = scriptedPool({ minReserve: 5 });
  const { pool, backend } = made;
  backend.answer("atomic", true, true, false);
  backend.answer("blocking", true, false);
  const into = bulkOf(8);
  assert(pool.allocateBulk(into));
  // 2 at hand; 5, 4, 3 while at least half full; 1 after reclaim; 2, 1 at any fill.
  assertEquals([...into], [6, 7, 5, 4, 3, 8, 2, 1]);
  assertEquals(made.counts().hits, [2, 3, 1, 2, 0]);
  assertEquals(backend.takeLog(), ["atomic", "atomic", "atomic", "blocking", "blocking"]);
  made.check();
  pool.freeBulk(into);
  assertEquals(pool.currentReserve, 5);
  made.check();
});

Deno.test("Mempool rule 35: where elements are not tracked no two are waited for: a bulk is served at once or refused", () => {
  let isDown = false;
  const { sides: [one] } = composed({
    ...pageSpec({ memory: flatMemory(1), minReserve: 0 }),
    allocators: { nothing: { kind: "null" } },
    pools: { pool: { over: "nothing", minReserve: 2, policy: "five-level" } },
  }, ({ allocate, free }) => ({
    allocate: (context) => isDown ? NONE : allocate(context),
    free,
  }));
  const pool = one!.pool("pool");
  const into = bulkOf(3);
  assert(pool.allocateBulk(into));
  pool.freeBulk(into);
  isDown = true;
  assert(pool.allocateBulk(bulkOf(2)));
  assertThrows(() => pool.allocateBulk(bulkOf(2)), RefusedError);
  assertEquals(pool.reserve.queue.maxDepth(), 0);
});

/** Bulks that are not served, and what they count as. */
const UNSERVED = [
  { context: ATOMIC, policy: "five-level", none: 1, failed: 0 },
  { context: ATOMIC, policy: "backend-only", none: 1, failed: 0 },
  { context: BLOCKING, policy: "backend-only", none: 0, failed: 1 },
] as const;

for (const { context, policy, none, failed } of UNSERVED) {
  const who = context === ATOMIC ? "an atomic" : "a blocking";
  Deno.test(`Mempool rule 35: ${who} bulk under ${policy} that is not had whole takes nothing: all goes back where it came from`, () => {
    const made = scriptedPool({ minReserve: 3 + none, policy });
    const { pool, backend } = made;
    made.duringWait();
    made.leaveInReserve(3);
    const before = backend.out.size;
    backend.answer("atomic", true, true, false);
    backend.answer("blocking", false);
    backend.takeLog();
    const into = bulkOf(6).fill(9);
    assertFalse(pool.allocateBulk(into, context));
    assertEquals([...into], Array(6).fill(0));
    assertEquals([pool.currentReserve, backend.out.size], [3, before]);
    const freed = backend.takeLog().filter((call) => call.startsWith("free"));
    assertEquals(freed.length, 2);
    const counts = made.counts();
    assertEquals([counts.none, counts.failed, counts.hits[0]], [none, failed, 0]);
    made.check();
    // What went back to the reserve lies there as before.
    backend.die();
    if (policy === "five-level") {
      assertEquals([1, 2, 3].map(() => pool.allocate(ATOMIC)), [3, 2, 1]);
    }
  });
}

Deno.test("Mempool rule 35: more than M with a dead backend is refused with an error, and nothing is taken", () => {
  const made = scriptedPool({ minReserve: 3 });
  made.duringWait();
  made.backend.die();
  assertThrows(
    () => made.pool.allocateBulk(bulkOf(4)),
    Error,
    'Cannot allocate 4 elements at once from "test" as its backend has not enough of them now, ' +
      "and only up to 3 can be waited for",
  );
  assertEquals([made.pool.currentReserve, made.counts().failed], [3, 1]);
  assertEquals(made.pool.reserve.queue.count(), 0);
  made.check();
});

Deno.test("Mempool rule 35: more than M is served as long as the backend gives, and refused on the event loop too", async () => {
  const made = scriptedPool({ minReserve: 3 });
  assert(made.pool.allocateBulk(bulkOf(7)));
  made.backend.serves = { atomic: false, blocking: true };
  assertEquals((await waitFor(made.pool, 7)).length, 7);
  made.backend.die();
  await assertRejects(() => waitFor(made.pool, 4), Error, "only up to");
  made.check();
});

Deno.test("Mempool rule 35: where the back end throws in the middle of a bulk, what was taken goes back", () => {
  const made = scriptedPool({ minReserve: 2 });
  const { pool, backend } = made;
  backend.during("atomic", () => {});
  backend.during("atomic", () => {
    throw new Error("it burns");
  });
  assertThrows(() => pool.allocateBulk(bulkOf(3)), Error, "it burns");
  assertEquals([made.held, pool.currentReserve], [0, 2]);
  made.check();
});

Deno.test("Mempool rule 36: a free of several refills the reserve first, the rest goes to the backend, with one lock", () => {
  const made = scriptedPool({ minReserve: 4 });
  const taken = made.leaveInReserve(2);
  const handles = Array.from({ length: 4 }, () => made.pool.allocate(ATOMIC));
  made.backend.takeLog();
  const locked = made.locked;
  made.pool.freeBulk(handles);
  assertEquals(made.backend.takeLog(), handles.slice(2).map((handle) => `free ${handle}`));
  assertEquals([made.pool.currentReserve, made.locked - locked], [4, 1]);
  assertEquals(made.counts().frees, 4);
  made.check();
  made.pool.freeBulk(taken);
  assertEquals(made.locked - locked, 1);
  made.check();
});

Deno.test("Mempool rules 27 and 36: one handle that is not out, or comes twice, and none of them is freed", () => {
  const made: ScriptedPool = scriptedPool({ minReserve: 2 });
  const handles = Array.from({ length: 3 }, () => made.pool.allocate(ATOMIC));
  made.backend.takeLog();
  for (const wrong of [[...handles, 1], [...handles, handles[0]!], [99, ...handles]]) {
    assertThrows(() => made.pool.freeBulk(wrong), MisuseError, "Cannot free element");
    assertEquals([made.held, made.counts().frees, made.backend.takeLog()], [3, 0, []]);
    made.check();
  }
  made.pool.freeBulk(handles);
  made.check();
});

Deno.test("Mempool rules 35 and 36: bulks over pages with magazines lose nothing", () => {
  const { sides: [one, other] } = composed({
    ...pageSpec({ memory: flatMemory(64), minReserve: 8 }),
    participants: 2,
  });
  const [pool, there] = [one!.pool("pool"), other!.pool("pool")];
  const into = bulkOf(40);
  assert(pool.allocateBulk(into));
  assertEquals([pool.counts().allocs, one!.outstanding("pool")], [40, 40]);
  assertFalse(there.allocateBulk(bulkOf(30), ATOMIC));
  one!.check();
  there.freeBulk(into);
  one!.check();
  assertEquals([there.counts().frees, one!.outstanding("pool")], [40, 0]);
  assert(there.allocateBulk(into));
  pool.destroy({ force: true });
  assertThrows(() => there.freeBulk(into), DestroyedError);
  const { arena, allocators: [page] } = one!;
  assertEquals(arena.freePages() + page!.backend.hoarded(), arena.pages());
});
