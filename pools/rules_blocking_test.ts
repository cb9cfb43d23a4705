/** Blocking callers: rules 12 to 17, over a scripted back end in one thread. */
import { assertEquals, assertNotEquals } from "@std/assert";
import { ATOMIC, BLOCKING, NONE } from "../allocators/allocator.ts";
import type { Policy } from "./policy.ts";
import { type ScriptedPool, scriptedPool } from "./testing/scripted_pool.ts";

const ONLY_BLOCKING = { atomic: false, blocking: true };

/** A pool with `current` of `minReserve` left, over a back end that fails atomically and serves blocking. */
function underPressure(minReserve: number, current: number, policy = "five-level"): ScriptedPool {
  const made = scriptedPool({ minReserve, policy });
  made.leaveInReserve(current);
  made.backend.serves = ONLY_BLOCKING;
  return made;
}

/** The level of the one allocation that `act` makes. */
function levelOf(made: ScriptedPool, act: () => void): number {
  const before = made.counts().hits;
  act();
  const change = made.counts().hits.map((hits, index) => hits - before[index]!);
  assertEquals(change.reduce((a, b) => a + b), 1, "one allocation");
  return change.indexOf(1) + 1;
}

Deno.test("Mempool rule 12: half or more is level 2, the blocking backend is not called", () => {
  for (const [minReserve, current] of [[1, 1], [2, 1], [4, 2], [4, 3], [5, 3], [6, 6]] as const) {
    const made = underPressure(minReserve, current);
    assertEquals(levelOf(made, () => made.pool.allocate(BLOCKING)), 2);
    assertEquals(made.backend.takeLog(), ["atomic"]);
    assertEquals(made.pool.currentReserve, current - 1);
    made.check();
  }
});

Deno.test("Mempool rule 13: less than half goes to the blocking backend: level 3, N unchanged, no lock", () => {
  for (const [minReserve, current] of [[1, 0], [3, 1], [4, 1], [5, 2], [8, 3]] as const) {
    const made = underPressure(minReserve, current);
    const locked = made.locked;
    assertEquals(levelOf(made, () => made.pool.allocate(BLOCKING)), 3);
    assertEquals(made.backend.takeLog(), ["atomic", "blocking"]);
    assertEquals([made.pool.currentReserve, made.locked - locked], [current, 0]);
    made.check();
  }
});

Deno.test("Mempool rule 14: where that fails and N > 0, the reserve serves at level 4", () => {
  for (const [minReserve, current] of [[3, 1], [4, 1], [5, 2], [8, 3]] as const) {
    const made = underPressure(minReserve, current);
    made.backend.die();
    assertEquals(levelOf(made, () => made.pool.allocate(BLOCKING)), 4);
    assertEquals(made.backend.takeLog(), ["atomic", "blocking"]);
    assertEquals(made.pool.currentReserve, current - 1);
    made.check();
  }
});

/** Rule 15: for each policy and M, the level at which a reserve of N = 0 to M serves. */
const ROUNDING: Readonly<Record<string, Readonly<Record<number, readonly number[]>>>> = {
  "five-level": {
    1: [3, 2],
    2: [3, 2, 2],
    3: [3, 3, 2, 2],
    4: [3, 3, 2, 2, 2],
    5: [3, 3, 3, 2, 2, 2],
  },
  "linux-2.5": {
    1: [3, 2],
    2: [3, 3, 2],
    3: [3, 3, 2, 2],
    4: [3, 3, 3, 2, 2],
    5: [3, 3, 3, 2, 2, 2],
  },
};

for (const [policy, table] of Object.entries(ROUNDING)) {
  Deno.test(`Mempool rule 15: ${policy} rounds half of an odd and of an even M as the table says`, () => {
    for (const [minReserve, levels] of Object.entries(table)) {
      levels.forEach((level, current) => {
        const made = underPressure(Number(minReserve), current, policy);
        const found = levelOf(made, () => made.pool.allocate(BLOCKING));
        assertEquals(found, level, `M = ${minReserve}, N = ${current}`);
        assertEquals(made.pool.currentReserve, level === 2 ? current - 1 : current);
        made.check();
      });
    }
  });
}

Deno.test("Mempool under linux takes from a reserve of any fill before it calls the blocking backend", () => {
  for (const [minReserve, current] of [[1, 1], [3, 1], [4, 1], [8, 3], [8, 8]] as const) {
    const made = underPressure(minReserve, current, "linux");
    made.pool.allocate(BLOCKING);
    assertEquals(made.backend.takeLog(), ["atomic"], `M = ${minReserve}, N = ${current}`);
    assertEquals(made.pool.currentReserve, current - 1);
    made.check();
  }
  const made = underPressure(3, 0, "linux");
  assertEquals(levelOf(made, () => made.pool.allocate(BLOCKING)), 3);
});

Deno.test("Mempool rule 16: an element freed during a failed level 3 is found by the next step: no sleep", () => {
  const made = underPressure(3, 0);
  const { pool, backend } = made;
  backend.die();
  backend.during("blocking", () => pool.free(2));
  made.duringWait();
  assertEquals(levelOf(made, () => assertEquals(pool.allocate(BLOCKING), 2)), 4);
  assertEquals(pool.reserve.queue.maxDepth(), 0);
  made.check();
});

Deno.test("Mempool rule 16: the wait looks into the reserve before it queues up, so nothing is missed in between", () => {
  const policy: Policy = {
    steps: ["backend-atomic", "backend-blocking", "wait"],
    retryFrom: "backend-atomic",
    retryMs: 60_000,
  };
  const made = scriptedPool({ minReserve: 1, policy });
  const { pool, backend } = made;
  const handle = pool.allocate(BLOCKING);
  const spare = pool.allocate(BLOCKING);
  backend.die();
  made.duringWait();
  assertEquals(levelOf(made, () => pool.allocate(BLOCKING)), 2);
  backend.during("blocking", () => pool.free(handle));
  assertEquals(levelOf(made, () => assertEquals(pool.allocate(BLOCKING), handle)), 2);
  assertEquals(pool.reserve.queue.maxDepth(), 0);
  pool.free(spare);
  made.check();
});

Deno.test("Mempool rule 17: a blocking caller never gets none, whatever the backend does", () => {
  const made = scriptedPool({ minReserve: 2 });
  const { pool, backend } = made;
  const held = [pool.allocate(ATOMIC)];
  const freeOldest = () => pool.free(held.shift()!);
  for (let call = 0; call < 64; call++) {
    backend.serves = { atomic: (call & 1) !== 0, blocking: (call & 2) !== 0 };
    made.duringWait(freeOldest);
    const handle = pool.allocate(BLOCKING);
    assertNotEquals(handle, NONE);
    held.push(handle);
    if (held.length > 6) freeOldest();
    made.check();
  }
  assertEquals([made.counts().none, made.counts().failed], [0, 0]);
});

Deno.test("Mempool rule 17: without a wait step it may fail, and the failure is counted", async () => {
  const made = scriptedPool({ minReserve: 2, policy: "backend-only" });
  const { pool, backend } = made;
  made.duringWait();
  backend.die();
  assertEquals([pool.allocate(BLOCKING), await pool.allocateAsync()], [NONE, NONE]);
  assertEquals([made.counts().failed, made.counts().none, made.counts().allocs], [2, 0, 0]);
  made.check();
});
