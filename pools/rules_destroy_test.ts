/** The end of a pool: rules 32 and 33, over a scripted back end in one thread, and with real workers. */
import { assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { ATOMIC, BLOCKING, type Handle, NONE } from "../allocators/allocator.ts";
import { MisuseError } from "../allocators/owner_table.ts";
import { LOOK_AGAIN } from "../sync/mod.ts";
import type { Composition } from "./composition.ts";
import type { CompositionSpec } from "./composition_plan.ts";
import { DestroyedError } from "./destroyed_error.ts";
import type { Mempool } from "./mempool.ts";
import { soon } from "./testing/eventually.ts";
import { exhausted } from "./testing/exhausted_pool.ts";
import { startFleet } from "./testing/fleet.ts";
import { composed, flatMemory, pagePool } from "./testing/page_pool.ts";
import { scriptedPool } from "./testing/scripted_pool.ts";

Deno.test("Mempool rule 32: destruction gives exactly N elements back, with the reserve full or not", () => {
  for (const minReserve of [0, 1, 5]) {
    const made = scriptedPool({ minReserve });
    made.pool.destroy();
    const freed = Array.from({ length: minReserve }, (_, index) => `free ${index + 1}`);
    assertEquals(made.backend.takeLog().toSorted(), freed);
    assertEquals([made.pool.currentReserve, made.backend.out.size], [0, 0]);
    made.check();
  }
});

Deno.test("Mempool rule 32: with elements out it is an error that says how many and who has them, and changes nothing", () => {
  const made = scriptedPool({ minReserve: 3, participants: 3 });
  const only = made.sides[2]!.allocate();
  assertThrows(() => made.pool.destroy(), Error, "1 of its elements are out: worker 2 has 1");
  made.pool.free(only);
  const held = [0, 0, 2].map((side) => made.sides[side]!.allocate());
  made.backend.takeLog();
  assertThrows(
    () => made.pool.destroy(),
    Error,
    'Cannot destroy mempool "test" as 3 of its elements are out: worker 0 has 2, worker 2 has 1',
  );
  assertEquals([made.pool.currentReserve, made.backend.takeLog()], [3, []]);
  held.forEach(made.pool.free);
  made.check();
  made.pool.destroy();
});

Deno.test("Mempool rule 32: forced, N elements go back all the same, and each later free goes back and is an error", () => {
  const made = scriptedPool({ minReserve: 3, participants: 2 });
  const [handle] = made.leaveInReserve(2);
  made.pool.destroy({ force: true });
  assertEquals(made.backend.takeLog().toSorted(), ["free 1", "free 2"]);
  assertEquals(made.held, 1);
  assertThrows(
    () => made.sides[1]!.free(handle!),
    DestroyedError,
    `Cannot free element ${handle} into "test" as it was destroyed`,
  );
  assertEquals([made.backend.takeLog(), made.held], [[`free ${handle}`], 0]);
  assertThrows(() => made.pool.free(handle!), MisuseError, "freed twice");
});

Deno.test("Mempool.destroy() reaches a waiter that has just looked whether the pool is there: it does not sleep on", () => {
  const { made } = exhausted({ minReserve: 1, participants: 2 });
  const { queue } = made.pool.reserve;
  const { granted } = queue;
  const destroy = [() => made.sides[1]!.destroy({ force: true })].values();
  queue.granted = (slot) => {
    destroy.next().value?.();
    return granted(slot);
  };
  made.duringWait();
  assertThrows(() => made.pool.allocate(BLOCKING), DestroyedError);
  assertEquals(queue.count(), 0);
});

/** Two pools, one upon the other, over pages. */
const NESTED: CompositionSpec = {
  memory: flatMemory(64),
  allocators: { page: { kind: "page", order: 0 } },
  pools: {
    inner: { over: "page", minReserve: 4, policy: "five-level" },
    outer: { over: "inner", minReserve: 3, policy: "five-level" },
  },
  participants: 2,
  asyncSlots: 2,
};

Deno.test("Mempool rule 32: what a pool above has, in its reserve or with its users, is out", () => {
  const { sides: [one, other] } = composed(NESTED);
  const [inner, outer] = [one!.pool("inner"), one!.pool("outer")];
  const held = outer.allocate();
  assertThrows(() => inner.destroy(), Error, '4 of its elements are out: pool "outer" has 4');
  outer.free(held);
  outer.destroy();
  one!.check();
  inner.destroy();
  one!.check();
  other!.drain();
  one!.drain();
  one!.check();
  assertEquals(idlePages(one!), one!.arena.pages());
});

Deno.test("Mempool rule 32: a pool above may have any element there is", () => {
  const { sides: [one] } = composed(NESTED);
  const [inner, outer] = [one!.pool("inner"), one!.pool("outer")];
  const held: Handle[] = [];
  for (let handle = outer.allocate(ATOMIC); handle !== NONE; handle = outer.allocate(ATOMIC)) {
    held.push(handle);
  }
  // All pages, but for what the reserve of the pool below keeps.
  const has = held.length + outer.marks().current;
  assertEquals(new Set(held).size, 64 - inner.marks().current);
  assertThrows(() => inner.destroy(), Error, `pool "outer" has ${has}`);
});

Deno.test("Mempool rule 32: of the pools above, those are named that have something, be it one element", () => {
  const { sides: [one] } = composed(NESTED);
  const [inner, outer] = [one!.pool("inner"), one!.pool("outer")];
  outer.resize(1);
  const refusal = () => assertThrows(() => inner.destroy(), Error).message;
  assertMatch(refusal(), /1 of its elements are out: pool "outer" has 1$/);
  outer.destroy();
  const held = inner.allocate();
  assertMatch(refusal(), /1 of its elements are out: worker 0 has 1$/);
  inner.free(held);
  inner.destroy();
});

Deno.test("Mempool rule 32: where elements are not tracked nobody is known to have one, and it is no error", () => {
  const { sides: [one] } = composed({
    ...NESTED,
    allocators: { nothing: { kind: "null" } },
    pools: { pool: { over: "nothing", minReserve: 2, policy: "five-level" } },
  });
  const pool = one!.pool("pool");
  pool.allocate();
  pool.destroy();
  assertEquals(pool.currentReserve, 0);
});

/** Pages that no magazine, no reserve and no user has. */
function idlePages({ arena, allocators: [page] }: Composition): number {
  return arena.freePages() + page!.backend.hoarded();
}

Deno.test("Mempool rule 32: no magazine keeps anything of what went back", () => {
  const { sides: [one, other] } = pagePool({
    memory: flatMemory(64),
    minReserve: 6,
    participants: 2,
  });
  for (const side of [one!, other!]) side.pool("pool").free(side.pool("pool").allocate());
  const { allocate } = one!.pool("pool");
  other!.participant.park(() => one!.pool("pool").destroy());
  assertEquals(idlePages(one!), one!.arena.pages());
  assertThrows(() => allocate(ATOMIC), DestroyedError);
});

Deno.test("Mempool rule 33: a second destruction is a no-op, in any worker", () => {
  const made = scriptedPool({ minReserve: 2, participants: 2 });
  made.pool.destroy();
  made.backend.takeLog();
  for (const side of made.sides) {
    side.destroy();
    side.destroy({ force: true });
  }
  assertEquals(made.backend.takeLog(), []);
});

/** Every call that takes, frees or changes something. */
const CALLS: Readonly<Record<string, (pool: Mempool) => unknown>> = {
  "allocate() atomic": (pool) => pool.allocate(ATOMIC),
  "allocate() blocking": (pool) => pool.allocate(BLOCKING),
  "allocateAsync()": (pool) => pool.allocateAsync(),
  "take()": (pool) => pool.take(),
  "backend.allocate()": (pool) => pool.backend.allocate(BLOCKING),
  "resize()": (pool) => pool.resize(1),
};

for (const [name, call] of Object.entries(CALLS)) {
  for (const policy of ["five-level", "reserve-first", "backend-only"]) {
    Deno.test(`Mempool rule 33: ${name} of a destroyed pool under ${policy} is an error, in any worker`, async () => {
      const { sides: [one, other] } = pagePool({
        memory: flatMemory(64),
        minReserve: 4,
        policy,
        participants: 2,
      });
      // Leaves something in both magazines.
      for (const side of [one!, other!]) side.pool("pool").free(side.pool("pool").allocate());
      other!.participant.park(() => one!.pool("pool").destroy());
      for (const side of [one!, other!]) {
        await assertRejects(
          async () => await call(side.pool("pool")),
          DestroyedError,
          '"pool" as it was destroyed',
        );
      }
      one!.check();
    });
  }
}

Deno.test("Mempool rule 33: over an allocator that is called directly, a worker that was asked finds out as well", () => {
  const { sides: [one, other] } = pagePool({
    memory: flatMemory(64),
    minReserve: 4,
    participants: 2,
    layer: (inner) => ({ allocate: inner.allocate, free: inner.free }),
  });
  one!.pool("pool").destroy();
  other!.participant.poll();
  for (const side of [one!, other!]) {
    assertThrows(() => side.pool("pool").allocate(ATOMIC), DestroyedError);
    assertThrows(() => side.pool("pool").backend.allocate(ATOMIC), DestroyedError);
  }
  one!.check();
});

Deno.test("Mempool rule 33: a running worker's element, freed late, is told, and its magazine serves no more after that", () => {
  const { sides: [one, other] } = pagePool({
    memory: flatMemory(64),
    minReserve: 4,
    participants: 2,
  });
  const [pool, there] = [one!.pool("pool"), other!.pool("pool")];
  const held = there.allocate();
  there.free(there.allocate());
  pool.destroy({ force: true });
  assertThrows(() => there.free(held), DestroyedError);
  assertThrows(() => there.allocate(ATOMIC), DestroyedError);
  one!.check();
  assertEquals([one!.outstanding("pool"), idlePages(one!)], [0, one!.arena.pages()]);
});

Deno.test("Mempool rule 33: those who wait are told, blocking or not, and what they were handed goes back", async () => {
  const { made, held } = exhausted({ minReserve: 2, participants: 3 });
  const waits = [1, 2].map((side) =>
    assertRejects(() => soon("the waiter", made.sides[side]!.allocateAsync()), DestroyedError)
  );
  made.duringWait(() => {
    // Handed to the first waiter, who has not noticed yet.
    made.sides[1]!.free(held[0]!);
    made.sides[1]!.destroy({ force: true });
    assertEquals(made.pool.reserve.queue.granted(0), LOOK_AGAIN);
  });
  made.backend.takeLog();
  assertThrows(() => made.pool.allocate(BLOCKING), DestroyedError);
  await Promise.all(waits);
  assertEquals(made.pool.reserve.queue.count(), 0);
  assertEquals(made.backend.takeLog().filter((call) => call.startsWith("free")), [
    `free ${held[0]}`,
  ]);
  assertThrows(() => made.pool.free(held[1]!), DestroyedError);
  made.check();
});

Deno.test("Mempool rule 33: counts and marks of a destroyed pool can still be read", () => {
  const made = scriptedPool({ minReserve: 2 });
  made.pool.free(made.pool.allocate());
  made.pool.destroy();
  assertEquals(made.pool.counts().allocs, 1);
  const { min, current } = made.pool.marks();
  assertEquals([min, current, made.pool.minReserve], [0, 0, 0]);
});

Deno.test("Mempool rules 32 and 33: a sleeping worker and one at work both find out", async () => {
  using fleet = await startFleet({
    workers: 2,
    gated: true,
    memory: flatMemory(64),
    minReserve: 2,
  });
  const held = fleet.leaveInReserve(0);
  fleet.tell(1, { do: "allocateOrSay", context: BLOCKING });
  await fleet.queued(1);
  assertThrows(() => fleet.pool.destroy(), Error, "2 of its elements are out: worker 0 has 2");
  fleet.pool.destroy({ force: true });
  const said = 'DestroyedError: Cannot use mempool "pool" as it was destroyed';
  assertEquals(await fleet.answer(1), said);
  assertEquals(await fleet.ask(2, { do: "allocateOrSay", context: ATOMIC }), said);
  for (const handle of held) assertThrows(() => fleet.pool.free(handle), DestroyedError);
  fleet.composition.check();
});
