/** Level 1 and atomic callers: rules 7 to 11, over a scripted back end in one thread. */
import { assertEquals } from "@std/assert";
import { ATOMIC, BLOCKING, NONE } from "../allocators/allocator.ts";
import { resolvePolicy } from "./composition_plan.ts";
import * as policies from "./policies/mod.ts";
import { scriptedPool } from "./testing/scripted_pool.ts";

Deno.test("Mempool rule 7: a backend that serves atomically is level 1: N unchanged, no lock", async () => {
  const made = scriptedPool({ minReserve: 4 });
  const { pool } = made;
  const held = [
    pool.allocate(ATOMIC),
    pool.allocate(BLOCKING),
    pool.allocate(),
    await pool.allocateAsync(),
  ];
  assertEquals(made.counts().hits, [4, 0, 0, 0, 0]);
  assertEquals([pool.currentReserve, made.locked], [4, 0]);
  made.check();
  for (const handle of held) pool.free(handle);
  assertEquals([pool.currentReserve, made.locked], [4, 0]);
  made.check();
});

Deno.test("Mempool rule 7: a drained reserve makes no difference to level 1", () => {
  const made = scriptedPool({ minReserve: 4 });
  made.leaveInReserve(1);
  const locked = made.locked;
  made.pool.allocate(BLOCKING);
  assertEquals(made.backend.takeLog(), ["atomic"]);
  assertEquals([made.pool.currentReserve, made.locked], [1, locked]);
  made.check();
});

Deno.test("Mempool rule 8: level 1 is tried without reclaim and without sleeping, by whoever calls", async () => {
  const made = scriptedPool({ minReserve: 4 });
  const { pool, backend } = made;
  let reclaims = 0;
  made.reclaim = () => reclaims++;
  made.duringWait();
  const held = [pool.allocate(ATOMIC), pool.allocate(BLOCKING), await pool.allocateAsync()];
  assertEquals(backend.takeLog(), ["atomic", "atomic", "atomic"]);
  assertEquals(reclaims, 0);
  for (const handle of held) pool.free(handle);
  made.check();
});

Deno.test("Mempool rule 9: Pool(N>0/M) with a failing backend: one backend call, pop, N - 1, at any fill", () => {
  for (const minReserve of [1, 2, 3, 4, 5]) {
    const made = scriptedPool({ minReserve });
    const { pool, backend } = made;
    backend.die();
    for (let left = minReserve; left > 0; left--) {
      const locked = made.locked;
      assertEquals(pool.allocate(ATOMIC), left);
      assertEquals(backend.takeLog(), ["atomic"]);
      assertEquals([pool.currentReserve, made.locked - locked], [left - 1, 1]);
      made.check();
    }
    const atHalf = Math.floor(minReserve / 2) + 1;
    assertEquals(made.counts().hits, [0, atHalf, 0, minReserve - atHalf, 0], `M = ${minReserve}`);
  }
});

Deno.test("Mempool rule 10: Pool(0/M): an atomic caller gets none at once, without the lock", () => {
  for (const minReserve of [0, 1, 4]) {
    const made = scriptedPool({ minReserve });
    const { pool, backend } = made;
    made.leaveInReserve(0);
    made.duringWait();
    backend.die();
    const locked = made.locked;
    assertEquals([pool.allocate(ATOMIC), pool.allocate(ATOMIC)], [NONE, NONE]);
    assertEquals(backend.takeLog(), ["atomic", "atomic"]);
    assertEquals([made.counts().none, made.locked - locked], [2, 0]);
    made.check();
  }
});

for (const name of Object.keys(policies)) {
  Deno.test(`Mempool rule 11: under ${name} an atomic caller never makes a blocking backend call`, () => {
    const made = scriptedPool({ minReserve: 4, policy: resolvePolicy(name) });
    const { pool, backend } = made;
    backend.die();
    made.duringWait();
    for (let call = 0; call < 6; call++) pool.allocate(ATOMIC);
    assertEquals(backend.takeLog().filter((call) => call === "blocking"), []);
    made.check();
  });
}
