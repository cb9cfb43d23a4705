/** Creation: rules 1 to 6, over a scripted back end in one thread. */
import { assertEquals, assertThrows } from "@std/assert";
import { ATOMIC, BLOCKING } from "../allocators/allocator.ts";
import { ScriptedPool, scriptedPool } from "./testing/scripted_pool.ts";

Deno.test("Mempool rule 1: creation with M calls the backend exactly M times, blocking, then N = M", () => {
  for (const minReserve of [0, 1, 2, 7, 32]) {
    const made = new ScriptedPool({ minReserve });
    made.pool.fill(minReserve);
    assertEquals(made.backend.takeLog(), Array(minReserve).fill("blocking"));
    assertEquals([made.pool.currentReserve, made.pool.minReserve], [minReserve, minReserve]);
    assertEquals(made.counts().allocs, 0);
    made.check();
  }
});

Deno.test("Mempool rule 2: where backend call k fails, k - 1 elements go back once each and the error says so", () => {
  for (let k = 1; k <= 5; k++) {
    const made = new ScriptedPool({ minReserve: 5 });
    made.backend.answer("blocking", ...Array(k - 1).fill(true), false);
    assertThrows(
      () => made.pool.fill(5),
      Error,
      `Cannot create mempool "test": backend call ${k} of 5 failed`,
    );
    const taken = Array.from({ length: k - 1 }, (_, index) => index + 1);
    const log = made.backend.takeLog();
    assertEquals(log.slice(0, k), Array(k).fill("blocking"));
    assertEquals(log.slice(k).toSorted(), taken.map((handle) => `free ${handle}`));
    assertEquals(made.backend.out.size, 0);
    assertEquals([made.pool.currentReserve, made.held], [0, 0]);
    made.pool.reserve.check();
  }
});

Deno.test("Mempool rule 3: M = 0 serves by the backend alone, keeps nothing, and gives an atomic caller none", () => {
  const made = scriptedPool({ minReserve: 0 });
  const { pool, backend } = made;
  const handle = pool.allocate(ATOMIC);
  pool.free(handle);
  assertEquals(backend.takeLog(), ["atomic", `free ${handle}`]);
  backend.die();
  assertEquals(pool.allocate(ATOMIC), 0);
  assertEquals([pool.currentReserve, made.locked, backend.out.size], [0, 0, 0]);
  made.check();
});

Deno.test("Mempool rule 3: with M = 0 an element freed while someone waits is kept for the waiter", () => {
  const made = scriptedPool({ minReserve: 0 });
  const { pool, backend } = made;
  const handle = pool.allocate(ATOMIC);
  backend.die();
  backend.takeLog();
  made.duringWait(() => pool.free(handle));
  assertEquals(pool.allocate(BLOCKING), handle);
  assertEquals(backend.takeLog().filter((call) => call.startsWith("free")), []);
  made.check();
  pool.free(handle);
  assertEquals(backend.takeLog(), [`free ${handle}`]);
  assertEquals([pool.currentReserve, made.counts().hits], [0, [1, 0, 0, 0, 1]]);
  made.check();
});

Deno.test("Mempool rule 4: the reserve is LIFO", () => {
  const made = scriptedPool({ minReserve: 4 });
  const { pool, backend } = made;
  backend.die();
  assertEquals([1, 2, 3, 4].map(() => pool.allocate(ATOMIC)), [4, 3, 2, 1]);
  for (const handle of [2, 4, 1]) {
    pool.free(handle);
    made.check();
  }
  assertEquals([1, 2, 3].map(() => pool.allocate(ATOMIC)), [1, 4, 2]);
  made.check();
});

Deno.test("Mempool rule 5: at rest 0 <= N <= M, drained to the bottom and filled beyond the brim", () => {
  const made = scriptedPool({ minReserve: 3 });
  const { pool, backend } = made;
  const extra = [1, 2].map(() => pool.allocate(ATOMIC));
  backend.die();
  const taken = [1, 2, 3, 4].map(() => pool.allocate(ATOMIC));
  assertEquals([pool.currentReserve, taken.at(-1)], [0, 0]);
  const fills = [...taken.slice(0, 3), ...extra].map((handle) => {
    pool.free(handle);
    made.check();
    return pool.currentReserve;
  });
  assertEquals(fills, [1, 2, 3, 3, 3]);
});

Deno.test("Mempool rule 6: N + outstanding >= M while the backend fails and recovers", () => {
  const made = scriptedPool({ minReserve: 4 });
  const { pool, backend } = made;
  const held: number[] = [];
  for (let round = 0; round < 40; round++) {
    backend.serves = { atomic: round % 3 === 0, blocking: round % 5 === 0 };
    const handle = pool.allocate(ATOMIC);
    if (handle !== 0) held.push(handle);
    if (round % 4 > 1 && held.length > 0) pool.free(held.shift()!);
    made.check();
  }
  for (const handle of held) pool.free(handle);
  made.check();
  assertEquals([pool.currentReserve, made.held], [4, 0]);
});
