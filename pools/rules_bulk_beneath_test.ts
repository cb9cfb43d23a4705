/** Several elements at once for elements that are put together of them: rules 35 and 39, over a scripted back end in one thread. */
import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import { ATOMIC, BLOCKING } from "../allocators/allocator.ts";
import { DestroyedError } from "./destroyed_error.ts";
import { bulkOf } from "./testing/bulks.ts";
import { scriptedPool } from "./testing/scripted_pool.ts";

Deno.test("Mempool.backendBulk() rule 35: takes all or none, holds nothing of the reserve while it lacks some, and never waits or throws", () => {
  const made = scriptedPool({ minReserve: 4 });
  const { pool, backend } = made;
  backend.die();
  made.duringWait();
  const [pair, more] = [bulkOf(2), bulkOf(5)];
  const [takePair, takeMore] = [pool.backendBulk(pair), pool.backendBulk(more)];
  const held = made.leaveInReserve(1);
  for (const context of [ATOMIC, BLOCKING] as const) {
    const seen: number[] = [];
    backend.during("atomic", () => seen.push(pool.currentReserve));
    if (context === BLOCKING) backend.during("blocking", () => seen.push(pool.currentReserve));
    assertFalse(takePair(context));
    assertFalse(takeMore(context), "more than M");
    assertEquals([pool.currentReserve, seen], [1, context === ATOMIC ? [1] : [1, 1]]);
  }
  pool.freeBulk(held);
  const timed: number[] = [];
  pool.observe({ record: (level) => void timed.push(level) }, false);
  const { locked } = made;
  assert(takePair(ATOMIC));
  assertEquals(timed, [2, 2]);
  assertEquals([[...pair].toSorted(), made.locked - locked], [[2, 3], 1]);
  assert(takePair(BLOCKING), "again and again");
  assertEquals([pool.currentReserve, made.counts().hits], [0, [0, 6, 0, 1, 0]]);
  assertEquals([made.counts().none, made.counts().failed], [2, 2]);
  made.check();
});

Deno.test("Mempool.backendBulk() rule 35: puts together what the backend has at hand, after reclaim, and the reserve", () => {
  const made = scriptedPool({ minReserve: 4 });
  const { pool, backend } = made;
  const into = bulkOf(6);
  const take = pool.backendBulk(into);
  made.leaveInReserve(3);
  backend.answer("atomic", true, true, false);
  backend.answer("blocking", true, false);
  assert(take(BLOCKING));
  assertEquals(made.counts().hits, [2, 3, 1, 1, 0]);
  made.check();
  backend.answer("atomic", true, false);
  backend.answer("blocking", true, false);
  assertFalse(take(BLOCKING));
  assertEquals(made.held, 7);
  made.check();
});

Deno.test("Mempool.backendBulk() rule 35: where the back end throws, be it at level 1 or later, what was taken goes back", () => {
  for (const kind of ["atomic", "blocking"] as const) {
    const made = scriptedPool({ minReserve: 1 });
    const { pool, backend } = made;
    made.leaveInReserve(0);
    backend.answer("atomic", true, ...kind === "atomic" ? [] : [false]);
    backend.during(kind, () => {});
    backend.during(kind, () => {
      throw new Error("it burns");
    });
    assertThrows(() => pool.backendBulk(bulkOf(4))(BLOCKING), Error, "it burns");
    assertEquals([made.held, pool.currentReserve], [1, 1], "what came back is in the reserve");
    made.check();
  }
});

Deno.test("Mempool.backendBulk() gives all of it back where another worker destroys the pool meanwhile", () => {
  const made = scriptedPool({ minReserve: 1, participants: 2 });
  const { pool, backend } = made;
  backend.answer("atomic", true, true, true, false);
  for (let call = 0; call < 3; call++) backend.during("atomic", () => {});
  backend.during("atomic", () => void made.sides[1]!.destroy({ force: true }));
  assertThrows(() => pool.backendBulk(bulkOf(4))(BLOCKING), DestroyedError, "Cannot use mempool");
  assertEquals([backend.out.size, made.held], [0, 0]);
});
