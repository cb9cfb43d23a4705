/** Frees and their misuse: rules 24 to 27, over a scripted back end in one thread. */
import { assertEquals, assertThrows } from "@std/assert";
import { ATOMIC, BLOCKING, type Handle } from "../allocators/allocator.ts";
import { MisuseError } from "../allocators/owner_table.ts";
import { soon } from "./testing/eventually.ts";
import { exhausted } from "./testing/exhausted_pool.ts";
import { type ScriptedPool, scriptedPool } from "./testing/scripted_pool.ts";

Deno.test("Mempool rule 24: with N < M a free fills the reserve, whatever the element's origin", () => {
  const made = scriptedPool({ minReserve: 3 });
  const { pool, backend } = made;
  const atomic = pool.allocate(ATOMIC);
  backend.answer("atomic", false);
  const reserved = pool.allocate(ATOMIC);
  pool.allocate(ATOMIC);
  backend.serves = { atomic: false, blocking: true };
  made.leaveInReserve(0);
  const blocking = pool.allocate(BLOCKING);
  backend.takeLog();
  assertEquals(made.counts().hits, [2, 2, 1, 1, 0]);
  for (const [index, handle] of [blocking, atomic, reserved].entries()) {
    pool.free(handle);
    assertEquals([pool.currentReserve, backend.takeLog()], [index + 1, []]);
    made.check();
  }
});

Deno.test("Mempool rule 24: with N < M and somebody waiting, the waiter is served and N stays", async () => {
  const { made, held: [first, second] } = exhausted({ minReserve: 2, participants: 2 });
  const wait = made.sides[1]!.allocateAsync();
  made.pool.free(first!);
  assertEquals(made.pool.currentReserve, 0);
  made.pool.free(second!);
  assertEquals(made.pool.currentReserve, 1);
  assertEquals(await soon("the waiter", wait), first!);
  made.check();
});

Deno.test("Mempool rule 25: with N = M and nobody waiting a free goes to the backend: no lock, no wake", () => {
  const { made, held } = exhausted({ minReserve: 3 });
  const { pool, backend } = made;
  backend.recover();
  const extra = pool.allocate(ATOMIC);
  for (const handle of held) pool.free(handle);
  const woken = made.watchWakes();
  const locked = made.locked;
  backend.takeLog();
  pool.free(extra);
  assertEquals(backend.takeLog(), [`free ${extra}`]);
  assertEquals([pool.currentReserve, made.locked - locked, woken], [3, 0, []]);
  made.check();
});

Deno.test("Mempool rule 26: a free by another worker than the one that allocated fills the reserve", () => {
  const made = scriptedPool({ minReserve: 4, participants: 3 });
  const [first, second, third] = made.sides as [
    typeof made.pool,
    typeof made.pool,
    typeof made.pool,
  ];
  made.backend.die();
  const handles = [first, first, second, third].map((side) => side.allocate(ATOMIC));
  [second, third, first, second].forEach((side, index) => {
    side.free(handles[index]!);
    assertEquals(side.currentReserve, index + 1);
    made.check();
  });
  const frees = made.sides.map((side) => side.counts().frees);
  assertEquals(frees, [1, 2, 1]);
});

/** Each way to free what is not out, with what the error must name besides the handle and the pool. */
const MISUSES: Readonly<Record<string, { free: (made: ScriptedPool) => Handle; says: string }>> = {
  "a double free": {
    free(made) {
      const handle = made.sides[1]!.allocate(ATOMIC);
      made.pool.free(handle);
      return handle;
    },
    says: "worker 1 had it last",
  },
  "a double free of what is in the reserve": {
    free(made) {
      const [handle] = made.leaveInReserve(1);
      made.pool.free(handle!);
      return handle!;
    },
    says: "worker 2 had it last",
  },
  "a free of what was never handed out": { free: () => 9, says: "it was never handed out" },
  "a free of what is idle since creation": { free: () => 1, says: "worker 0 had it last" },
  "a free of no element": { free: () => 0, says: "handles here are 1 to 32" },
  "a free below the range": { free: () => -1, says: "handles here are 1 to 32" },
  "a free beyond the range": { free: () => 33, says: "handles here are 1 to 32" },
  "a free far beyond the range": { free: () => 2 ** 31, says: "handles here are 1 to 32" },
  "a free of a fraction": { free: () => 1.5, says: "handles here are 1 to 32" },
  "a free of what is no number": { free: () => NaN, says: "handles here are 1 to 32" },
};

for (const [what, { free, says }] of Object.entries(MISUSES)) {
  Deno.test(`Mempool rule 27: ${what} is an error that names it, and changes nothing`, () => {
    const made = scriptedPool({ minReserve: 2, participants: 2 });
    const held = made.pool.allocate(ATOMIC);
    const handle = free(made);
    const state =
      () => [made.pool.marks().current, made.counts(), made.held, [...made.backend.out]];
    const before = state();
    const error = assertThrows(() => made.pool.free(handle), MisuseError, says);
    assertEquals(error.message.startsWith(`Cannot free element ${handle} into "test": `), true);
    assertEquals(state(), before);
    made.check();
    made.pool.free(held);
    made.check();
  });
}

Deno.test("Mempool rule 27: misuse is an error just the same while frees are wanted by the reserve", () => {
  const made = scriptedPool({ minReserve: 2 });
  const [handle] = made.leaveInReserve(0);
  made.pool.free(handle!);
  assertThrows(() => made.pool.free(handle!), MisuseError, "freed twice");
  assertEquals([made.pool.currentReserve, made.counts().frees], [1, 1]);
  made.check();
});
