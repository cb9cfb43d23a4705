/** Debugging: rule 34, over a scripted back end and over real allocators. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { ATOMIC, BLOCKING, type Handle } from "../allocators/allocator.ts";
import { CorruptionError } from "../allocators/poisoned.ts";
import type { Composition } from "./composition.ts";
import type { AllocatorSpec, CompositionSpec } from "./composition_plan.ts";
import type { Mempool } from "./mempool.ts";
import { createMempool, PageAllocator } from "./shared_mempool.ts";
import { soon } from "./testing/eventually.ts";
import { composed, flatMemory } from "./testing/page_pool.ts";
import { scriptedPool } from "./testing/scripted_pool.ts";

const isPoison = (bytes: Uint8Array) =>
  bytes.subarray(0, -1).every((byte) => byte === 0x6b) && bytes.at(-1) === 0xa5;

Deno.test("Mempool rule 34: idle elements of the reserve are poisoned, from creation on and after each free", () => {
  const { pool, backend, ...made } = debugged(3);
  for (const handle of [1, 2, 3]) assert(isPoison(pool.bytes(handle)));
  backend.die();
  const handle = pool.allocate(BLOCKING);
  pool.bytes(handle).fill(1);
  pool.free(handle);
  assert(isPoison(pool.bytes(handle)));
  assertEquals(pool.allocate(ATOMIC), handle);
  made.check();
});

function debugged(minReserve: number, policy = "five-level") {
  const made = scriptedPool({ minReserve, maxReserve: 8, policy, debug: true, participants: 2 });
  const { pool, backend } = made;
  return { pool, backend, made, check: () => made.check() };
}

/** Ways to take what lies in the reserve, once the back end is dead. */
const TAKES: Readonly<Record<string, (pool: Mempool) => unknown>> = {
  "an atomic caller": (pool) => pool.allocate(ATOMIC),
  "a blocking caller": (pool) => pool.allocate(BLOCKING),
  "a bulk": (pool) => pool.allocateBulk(new Int32Array(2)),
};

for (const [who, take] of Object.entries(TAKES)) {
  for (const offset of [0, 17, 63]) {
    Deno.test(`Mempool rule 34: ${who} is told of a write to byte ${offset} of an idle element, once, and nothing is lost`, () => {
      const { pool, backend, check } = debugged(3);
      backend.die();
      pool.bytes(3)[offset] = 7;
      pool.bytes(3)[63] = 7;
      const error = assertThrows(() => take(pool), CorruptionError);
      assertEquals([error.handle, error.offset, error.found], [3, offset, 7]);
      assertEquals(
        error.message,
        `Element 3 of "test" was written to after it was freed: ` +
          `byte ${offset} is 0x07, not ${offset === 63 ? "0xa5" : "0x6b"}`,
      );
      assertEquals(pool.currentReserve, 3);
      check();
      take(pool);
      check();
    });
  }
}

Deno.test("Mempool rule 34: what resizing fetches is poisoned, what it gives back is not looked at", () => {
  const { pool, check } = debugged(1);
  pool.resize(3);
  assert([1, 2, 3].every((handle) => isPoison(pool.bytes(handle))));
  pool.bytes(3).fill(0);
  pool.resize(2);
  const handle = pool.allocate(ATOMIC);
  assertEquals(handle, 3);
  check();
});

Deno.test("Mempool rule 34: what a bulk gives back to the reserve is poisoned", () => {
  const { pool, backend, check } = debugged(3);
  backend.die();
  const into = new Int32Array(3);
  assert(pool.allocateBulk(into));
  for (const handle of into) pool.bytes(handle).fill(1);
  pool.freeBulk(into);
  assert([1, 2, 3].every((handle) => isPoison(pool.bytes(handle))));
  check();
});

Deno.test("Mempool rule 34: fresh memory under the handle of what left the reserve is no corruption", () => {
  const { sides: [one] } = composed(
    specOf({ below: { kind: "heap", objectBytes: 64 } }, "five-level"),
  );
  const pool = onlyPool(one!);
  pool.resize(0);
  assert(pool.allocateBulk(new Int32Array(6)));
  one!.check();
});

Deno.test("Mempool rule 34: a waiter is told of a write to what it was handed, and it goes to the reserve", async () => {
  const { pool, backend, made, check } = debugged(1);
  const [handle] = made.leaveInReserve(0);
  backend.die();
  const wait = made.sides[1]!.allocateAsync();
  pool.free(handle!);
  pool.bytes(handle!)[5] = 0;
  const error = await soon("the waiter", wait.catch((error) => error));
  assertEquals([error.name, error.offset], ["CorruptionError", 5]);
  assertEquals(pool.currentReserve, 1);
  check();
});

Deno.test("Mempool rule 34: without debug nothing is poisoned", () => {
  const { pool } = scriptedPool({ minReserve: 2 });
  assert(pool.bytes(1).every((byte) => byte === 0));
});

function specOf(allocators: Readonly<Record<string, AllocatorSpec>>, policy: string) {
  const pools = Object.keys(allocators).map((over) =>
    [`${over}-pool`, { over, minReserve: 4, policy }] as const
  );
  const memory = { ...flatMemory(64), pageBytes: 4096 };
  const spec: CompositionSpec = {
    memory,
    allocators,
    pools: Object.fromEntries(pools),
    participants: 2,
    asyncSlots: 1,
    debug: true,
  };
  return spec;
}

/** Takes and frees elements in a fixed disorder, filling each. */
function churn(pools: readonly Mempool[], rounds: number): void {
  const held = pools.map((): Handle[] => []);
  for (let round = 0; round < rounds; round++) {
    pools.forEach((pool, index) => {
      const mine = held[index]!;
      const most = 5 + (round * 13 + index * 7) % 41;
      while (mine.length > most) pool.free(mine.splice(round % mine.length, 1)[0]!);
      const handle = pool.allocate(ATOMIC);
      if (handle === 0) return;
      pool.bytes(handle).fill(round);
      mine.push(handle);
    });
  }
  pools.forEach((pool, index) => held[index]!.forEach(pool.free));
}

/** The only pool of a composition. */
function onlyPool({ pools }: Composition): Mempool {
  return pools[0]!;
}

for (const kind of ["page", "slab", "heap"]) {
  for (const policy of ["five-level", "reserve-first"]) {
    Deno.test(`Mempool rule 34: over ${kind} under ${policy} nobody who behaves is told anything`, () => {
      const { sides: [one] } = composed(specOf({ below: { kind, ...optionsOf(kind) } }, policy));
      churn([onlyPool(one!)], 400);
      one!.check();
    });
  }
}

function optionsOf(kind: string) {
  return kind === "page" ? { order: 0 } : { objectBytes: 256, align: 8 };
}

for (const kind of ["page", "slab"]) {
  Deno.test(`Mempool rule 34: a write to what lies in the ${kind} allocator is found by another worker`, () => {
    const { sides: [one, other] } = composed(
      specOf({ below: { kind, ...optionsOf(kind) } }, "five-level"),
    );
    const pool = onlyPool(one!);
    const handle = pool.allocate(ATOMIC);
    const bytes = pool.bytes(handle).fill(1);
    pool.free(handle);
    assert(isPoison(bytes));
    one!.drain();
    bytes[9] = 1;
    const error = assertThrows(() => {
      const there = onlyPool(other!);
      for (let call = 0; call < 64; call++) there.allocate(ATOMIC);
    }, CorruptionError);
    assertEquals([error.handle, error.offset], [handle, 9]);
    one!.check();
  });
}

Deno.test("Mempool rule 34: pages that were slabs meanwhile, and slabs made anew, are no corruption", () => {
  const allocators = {
    page: { kind: "page", order: 0 },
    slab: { kind: "slab", objectBytes: 512, align: 8 },
  };
  const { sides: [one] } = composed(specOf(allocators, "five-level"));
  for (let round = 0; round < 6; round++) {
    for (const pool of one!.pools) {
      churn([pool], 200);
      one!.drain();
      for (const { backend } of one!.allocators) backend.shrink();
    }
  }
  churn(one!.pools, 300);
  one!.check();
});

Deno.test("createMempool() with debug reports what was written after it was freed", () => {
  const { pool, detach } = createMempool({
    over: new PageAllocator({ pages: 16 }),
    minReserve: 2,
    debug: true,
  });
  const handle = pool.allocate();
  const bytes = pool.bytes(handle);
  pool.free(handle);
  bytes[4095] = 0;
  assertThrows(() => pool.allocate(), CorruptionError, "byte 4095 is 0x00, not 0xa5");
  detach();
});
