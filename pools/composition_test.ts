/** Pools over real pages, several over one allocator and one over another. */
import { assertEquals, assertGreaterOrEqual, assertThrows } from "@std/assert";
import { ATOMIC, BLOCKING, type Handle, NONE } from "../allocators/allocator.ts";
import { blockOf, LIMIT, ROUNDS, TOP } from "../allocators/front.ts";
import { MisuseError } from "../allocators/owner_table.ts";
import type { Composition } from "./composition.ts";
import type { CompositionSpec } from "./composition_plan.ts";
import { soon } from "./testing/eventually.ts";
import { composed, flatMemory, pagePool } from "./testing/page_pool.ts";

/** Two pools over one allocator. */
function siblings(): Composition {
  const pool = { over: "page", minReserve: 1, policy: "five-level" };
  return composed({
    memory: flatMemory(16),
    allocators: { page: { kind: "page", order: 0 } },
    pools: { left: pool, right: pool },
    participants: 1,
    asyncSlots: 1,
  }).sides[0]!;
}

/** Pool(3) over Pool(2) over 8 pages. */
const NESTED: CompositionSpec = {
  memory: flatMemory(8),
  allocators: { page: { kind: "page", order: 0 } },
  pools: {
    outer: { over: "inner", minReserve: 3, policy: "five-level" },
    inner: { over: "page", minReserve: 2, policy: "five-level" },
  },
  participants: 1,
  asyncSlots: 1,
};

function nested() {
  const [composition] = composed(NESTED).sides as [Composition];
  return { composition, outer: composition.pool("outer"), inner: composition.pool("inner") };
}

Deno.test("Mempool rule 8: level 1 over pages leaves the minimum alone and does not grow; level 3 does both", () => {
  const watermarks = { min: 4, low: 6, high: 8 };
  const memory = { pages: 16, pageBytes: 64, watermarks, growTo: 20 };
  const { sides: [composition] } = pagePool({ memory, minReserve: 0 });
  const { arena } = composition!;
  const pool = composition!.pool("pool");
  const taken: Handle[] = [];
  for (let handle = pool.allocate(ATOMIC); handle !== NONE; handle = pool.allocate(ATOMIC)) {
    taken.push(handle);
    assertGreaterOrEqual(arena.freePages(), watermarks.min);
  }
  assertEquals([taken.length, arena.freePages(), arena.pages()], [12, 4, 16]);
  taken.push(pool.allocate(BLOCKING));
  assertEquals([arena.freePages(), arena.pages()], [7, 20]);
  while (taken.length < 20) taken.push(pool.allocate(BLOCKING));
  assertEquals([arena.freePages(), pool.counts().hits], [0, [15, 0, 5, 0, 0]]);
  composition!.check();
  taken.forEach(pool.free);
  composition!.check();
});

Deno.test("Mempool rule 27: an element of another pool over the same allocator is foreign, on either path", () => {
  const composition = siblings();
  const [left, right] = [composition.pool("left"), composition.pool("right")];
  const handle = left.allocate();
  const says = `Cannot free element ${handle} into "right": ` +
    "it belongs to another pool of the same allocator; worker 0 has it";
  assertThrows(() => right.free(handle), MisuseError, says);
  const others: Handle[] = [];
  for (let other = right.allocate(ATOMIC); other !== NONE; other = right.allocate(ATOMIC)) {
    others.push(other);
  }
  assertEquals(right.currentReserve, 0);
  assertThrows(() => right.free(handle), MisuseError, says);
  assertEquals([composition.outstanding("left"), right.currentReserve], [1, 0]);
  composition.check();
  left.free(handle);
  others.forEach(right.free);
  composition.check();
});

Deno.test("Mempool rule 27: no word beside the owner table is taken for an element, whatever it holds", () => {
  const { sides: [composition], plan, region } = pagePool({
    memory: { ...flatMemory(1024), pageBytes: 4 },
    minReserve: 2,
  });
  const pool = composition!.pool("pool");
  const held = Array.from({ length: 600 }, () => pool.allocate());
  held.forEach(pool.free);
  pool.counts();
  const { owners, planned: { capacity } } = plan.allocators[0]!;
  const before = region.words.slice();
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    for (let handle = -owners; handle < region.words.length - owners; handle++) {
      if (handle >= 1 && handle <= capacity) continue;
      assertThrows(() => pool.free(handle), MisuseError, `handles here are 1 to ${capacity}`);
    }
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  assertEquals(region.words.findIndex((word, at) => word !== before[at]), -1);
  composition!.check();
});

Deno.test("Mempool over a mempool takes from it without its wait, and goes on to its own reserve", () => {
  const { composition, outer, inner } = nested();
  const taken = Array.from({ length: 8 }, () => outer.allocate(BLOCKING));
  assertEquals(taken.toSorted(), [1, 2, 3, 4, 5, 6, 7, 8]);
  assertEquals(outer.counts().hits, [5, 2, 0, 1, 0]);
  assertEquals(inner.counts().hits, [3, 2, 0, 0, 0]);
  assertEquals([outer.currentReserve, inner.currentReserve], [0, 0]);
  assertEquals([composition.outstanding("outer"), composition.outstanding("inner")], [8, 0]);
  composition.check();
  composition.participant.whileWaiting = () => {
    outer.free(taken.shift()!);
    return 0;
  };
  taken.push(outer.allocate(BLOCKING));
  assertEquals([outer.counts().hits[4], inner.reserve.queue.maxDepth()], [1, 0]);
  composition.check();
});

Deno.test("Mempool over a mempool gives back to its own reserve, then to the pool below, then to the pages", () => {
  const { composition, outer, inner } = nested();
  const taken = Array.from({ length: 8 }, () => outer.allocate(BLOCKING));
  const fills = taken.map((handle) => {
    outer.free(handle);
    composition.check();
    return [outer.currentReserve, inner.currentReserve];
  });
  assertEquals(fills, [[1, 0], [2, 0], [3, 0], [3, 1], [3, 2], [3, 2], [3, 2], [3, 2]]);
  assertEquals([composition.outstanding("outer"), composition.outstanding("inner")], [0, 0]);
});

Deno.test("Mempool over a mempool has elements of its own: the pool below does not take them", () => {
  const { composition, outer, inner } = nested();
  const handle = outer.allocate();
  assertThrows(() => inner.free(handle), MisuseError, "it belongs to another pool");
  const below = inner.allocate();
  assertThrows(() => outer.free(below), MisuseError, "it belongs to another pool");
  outer.free(handle);
  inner.free(below);
  composition.check();
});

Deno.test("Composition.drain() has waiters look again under their pool's lock", async () => {
  const { sides: [one, other] } = pagePool({
    memory: flatMemory(8),
    minReserve: 0,
    participants: 2,
    policy: { steps: ["backend-atomic", "wait"], retryFrom: "backend-atomic", retryMs: 60_000 },
  });
  const [pool, there] = [one!.pool("pool"), other!.pool("pool")];
  const held = Array.from({ length: 8 }, () => pool.allocate(ATOMIC));
  // In its magazine when the other one queues up.
  pool.free(held.pop()!);
  const wait = there.allocateAsync();
  const { lock, queue } = pool.reserve;
  const { kick } = queue;
  const owners: number[] = [];
  queue.kick = (limit) => {
    owners.push(lock.owner());
    kick(limit);
  };
  one!.drain();
  assertEquals(owners, [0]);
  assertEquals(lock.owner(), -1);
  held.push(await soon("the waiter", wait));
  held.forEach(pool.free);
  one!.check();
});

Deno.test("Composition.outstanding() sees the element that nobody frees", () => {
  const { sides: [composition] } = pagePool({ memory: flatMemory(16), minReserve: 2 });
  const pool = composition!.pool("pool");
  const held = Array.from({ length: 5 }, () => pool.allocate());
  held.slice(1).forEach(pool.free);
  assertEquals(composition!.outstanding("pool"), 1);
  composition!.check();
});

Deno.test("Composition.check() throws where an element is in no place, or in two", () => {
  const { sides: [composition], plan, region } = pagePool({
    memory: flatMemory(64),
    minReserve: 2,
  });
  const pool = composition!.pool("pool");
  pool.free(pool.allocate());
  const top = blockOf(plan.pools[0]!.front, 0) + TOP;
  composition!.check();
  for (const by of [-1, 1]) {
    region.words[top] = region.words[top]! + by;
    assertThrows(() => composition!.check(), Error, "cached");
    region.words[top] = region.words[top]! - by;
  }
  composition!.check();
});

Deno.test("Composition.check() throws where the arena counts other pages than it has", () => {
  const { sides: [composition], plan, region: { words } } = pagePool({
    memory: flatMemory(64),
    minReserve: 2,
  });
  composition!.check();
  // The first word of an arena counts its free pages.
  words[plan.arena.at] = composition!.arena.freePages() - 1;
  assertThrows(() => composition!.check(), Error, "arena: ");
});

Deno.test("Composition.check() throws where a magazine is larger than planned, or all together than their share", () => {
  const { sides: [composition], plan: { pools: [pool] }, region: { words } } = pagePool({
    memory: flatMemory(1024),
    minReserve: 2,
    participants: 4,
  });
  const { front: { rounds, maxRounds } } = pool!;
  const [first, second] = [0, 1].map((id) => blockOf(pool!.front, id));
  const tables = [
    [
      [first! + LIMIT, 2 * maxRounds],
      "worker 0 has 0 in a magazine of 16 rounds with a limit of 128",
    ],
    [[second! + ROUNDS, 2 * maxRounds], "worker 1"],
    [[second! + ROUNDS, rounds - 1], "not of 16 to 64"],
  ] as const;
  for (const [[word, wrong], says] of tables) {
    const right = words[word]!;
    words[word] = wrong;
    assertThrows(() => composition!.check(), Error, says);
    words[word] = right;
  }
  words[first! + ROUNDS] = words[second! + ROUNDS] = maxRounds;
  assertThrows(() => composition!.check(), Error, "160 rounds together, not of at most 128");
  words[first! + ROUNDS] = words[second! + ROUNDS] = rounds;
  composition!.check();
});

Deno.test("Composition.pool() and allocator() name what there is not", () => {
  const composition = siblings();
  assertThrows(() => composition.pool("middle"), RangeError, 'there is no pool "middle"');
  assertThrows(() => composition.allocator("slab"), RangeError, 'there is no allocator "slab"');
});

Deno.test("Mempool rule 2: memory that cannot fill a reserve fails with the pool and the call", () => {
  assertThrows(
    () => pagePool({ memory: flatMemory(5), minReserve: 6 }),
    Error,
    'Cannot create mempool "pool": backend call 6 of 6 failed',
  );
});
