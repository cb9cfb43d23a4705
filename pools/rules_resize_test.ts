/** Resizing: rules 28 to 31, over a scripted back end in one thread, and with real workers. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { ATOMIC, BLOCKING, type Handle } from "../allocators/allocator.ts";
import { planComposition } from "./composition_plan.ts";
import { Layout } from "../sync/mod.ts";
import { soon } from "./testing/eventually.ts";
import { startFleet } from "./testing/fleet.ts";
import { composed, flatMemory, pageSpec } from "./testing/page_pool.ts";
import { scriptedPool } from "./testing/scripted_pool.ts";

Deno.test("Mempool rule 28: shrinking gives what the reserve has beyond the new minimum back, once each", () => {
  for (const [from, to] of [[5, 2], [4, 0], [3, 3], [1, 0]] as const) {
    const made = scriptedPool({ minReserve: from });
    const { pool, backend } = made;
    assert(pool.resize(to));
    const log = backend.takeLog();
    const surplus = Array.from({ length: from - to }, (_, index) => `free ${to + index + 1}`);
    assertEquals(log.toSorted(), surplus);
    assertEquals([pool.minReserve, pool.currentReserve], [to, to]);
    made.check();
  }
});

Deno.test("Mempool rule 28: the backend takes elements back outside the lock", () => {
  const made = scriptedPool({ minReserve: 4 });
  const owners: number[] = [];
  const { free } = made.backend;
  made.backend.free = (handle) => {
    owners.push(made.pool.reserve.lock.owner());
    free.call(made.backend, handle);
  };
  made.pool.resize(1);
  assertEquals(owners, [-1, -1, -1]);
  made.check();
});

Deno.test("Mempool rule 28: shrinking to what the reserve holds, or more, moves nothing and unpoisons frees", () => {
  const made = scriptedPool({ minReserve: 4, maxReserve: 4 });
  const { pool, backend } = made;
  const [first, second] = made.leaveInReserve(2);
  assert(pool.resize(2));
  assertEquals([pool.currentReserve, backend.takeLog()], [2, []]);
  made.check();
  const locked = made.locked;
  pool.free(first!);
  pool.free(second!);
  assertEquals(backend.takeLog(), [`free ${first}`, `free ${second}`]);
  assertEquals(made.locked, locked);
  made.check();
});

Deno.test("Mempool rule 29: growing fills the reserve by exactly as many blocking calls as it lacks", () => {
  const made = scriptedPool({ minReserve: 2, maxReserve: 6 });
  const { pool, backend } = made;
  assert(pool.resize(6));
  assertEquals(backend.takeLog(), Array(4).fill("blocking"));
  assertEquals([pool.minReserve, pool.currentReserve], [6, 6]);
  assertEquals(made.counts().allocs, 0);
  made.check();
});

Deno.test("Mempool rule 29: where the backend fails midway, N < M and later frees complete it", () => {
  for (const served of [0, 1, 2]) {
    const made = scriptedPool({ minReserve: 1, maxReserve: 4 });
    const { pool, backend } = made;
    const extra = Array.from({ length: 4 }, () => pool.allocate(ATOMIC));
    backend.answer("blocking", ...Array(served).fill(true), false);
    backend.takeLog();
    assert(!pool.resize(4));
    assertEquals(backend.takeLog(), Array(served + 1).fill("blocking"));
    assertEquals([pool.minReserve, pool.currentReserve], [4, 1 + served]);
    made.check();
    extra.forEach(pool.free);
    const rest = extra.slice(3 - served).map((handle) => `free ${handle}`);
    assertEquals([pool.currentReserve, backend.takeLog()], [4, rest]);
    made.check();
  }
});

Deno.test("Mempool rule 29: what growing fetches serves those who wait before it fills the reserve", async () => {
  const made = scriptedPool({ minReserve: 1, maxReserve: 3, participants: 2 });
  made.leaveInReserve(0);
  made.backend.die();
  const wait = made.sides[1]!.allocateAsync();
  made.backend.recover();
  made.pool.resize(3);
  assertEquals(made.pool.currentReserve, 2);
  await soon("the waiter", wait);
  assertEquals(made.counts().hits, [0, 1, 0, 0, 1]);
  made.check();
});

Deno.test("Mempool rule 29: growing ends though somebody takes each element as it comes", () => {
  const made = scriptedPool({ minReserve: 1, maxReserve: 4 });
  const { pool, backend } = made;
  for (let call = 0; call < 3; call++) backend.during("blocking", () => made.leaveInReserve(0));
  assert(!pool.resize(4));
  assertEquals(backend.takeLog(), ["blocking", "blocking", "blocking"]);
  assertEquals([pool.minReserve, pool.currentReserve, made.held], [4, 1, 3]);
});

Deno.test("Mempool rule 30: elements outstanding are not disturbed, and go where the new minimum wants them", () => {
  const made = scriptedPool({ minReserve: 4, maxReserve: 4 });
  const { pool, backend } = made;
  const [first, second] = made.leaveInReserve(2);
  const bytes = pool.bytes(first!).fill(7);
  pool.resize(1);
  pool.resize(2);
  assertEquals([made.held, bytes.every((byte) => byte === 7)], [2, true]);
  pool.resize(3);
  backend.takeLog();
  pool.resize(4);
  pool.resize(2);
  assertEquals(made.held, 2);
  pool.free(first!);
  pool.free(second!);
  assertEquals([pool.currentReserve, made.held, backend.out.size], [2, 0, 2]);
  made.check();
});

Deno.test("Mempool rule 30: a pool over pages resizes with nothing lost", () => {
  const { sides: [one, other] } = composed({
    ...pageSpec({ memory: flatMemory(64), minReserve: 8 }),
    participants: 2,
  });
  const [pool, there] = [one!.pool("pool"), other!.pool("pool")];
  const held = Array.from({ length: 5 }, () => there.allocate());
  for (const minReserve of [20, 3, 0, 11]) {
    assert(pool.resize(minReserve));
    assertEquals([there.minReserve, there.currentReserve], [minReserve, minReserve]);
    one!.check();
  }
  held.forEach(there.free);
  one!.check();
  assertEquals(one!.outstanding("pool"), 0);
});

Deno.test("Mempool rule 31: a minimum that is negative, no integer or without room is a RangeError, with nothing done", () => {
  const made = scriptedPool({ minReserve: 2, maxReserve: 5 });
  for (const minReserve of [-1, 1.5, NaN, Infinity, 6]) {
    assertThrows(
      () => made.pool.resize(minReserve),
      RangeError,
      'Cannot resize mempool "test" as minReserve must be an integer from 0 to 5: ' +
        `current value is ${minReserve}`,
    );
  }
  assertEquals([made.pool.minReserve, made.backend.takeLog()], [2, []]);
  made.check();
});

Deno.test("Mempool rule 31: the reserve has room for all elements of its allocator, unless a bound is given", () => {
  const spec = pageSpec({ memory: flatMemory(64), minReserve: 8 });
  const planned = (maxReserve: number) => {
    const pools = { pool: { ...spec.pools["pool"]!, maxReserve } };
    return planComposition(new Layout(), { ...spec, pools }).pools[0]!.reserve.max;
  };
  assertEquals(planComposition(new Layout(), spec).pools[0]!.reserve.max, 64);
  assertEquals([planned(10), planned(65)], [10, 65]);
  for (const maxReserve of [7, 8.5, 2 ** 20 + 1]) {
    assertThrows(
      () => planned(maxReserve),
      RangeError,
      "maxReserve must be an integer >= its minReserve of 8 and <= 1048576",
    );
  }
});

Deno.test("Mempool rules 29 and 30: workers churn while the reserve grows and shrinks, and nothing is lost", async () => {
  using fleet = await startFleet({
    workers: 2,
    gated: false,
    memory: flatMemory(64),
    minReserve: 4,
  });
  for (const worker of [1, 2]) fleet.tell(worker, { do: "replace", keep: 16, rounds: 30_000 });
  for (let round = 0; round < 300; round++) fleet.pool.resize(round * 7 % 24);
  await Promise.all([1, 2].map((worker) => fleet.answer(worker)));
  fleet.pool.resize(9);
  assertEquals(fleet.pool.currentReserve, 9);
  await fleet.check();
});

Deno.test("Mempool rule 28: a blocking caller still gets what the shrunken reserve holds", () => {
  const made = scriptedPool({ minReserve: 6 });
  made.pool.resize(2);
  made.backend.die();
  const taken: Handle[] = [made.pool.allocate(BLOCKING), made.pool.allocate(BLOCKING)];
  assertEquals(made.counts().hits, [0, 2, 0, 0, 0]);
  taken.forEach(made.pool.free);
  assertEquals(made.pool.currentReserve, 2);
  made.check();
});
