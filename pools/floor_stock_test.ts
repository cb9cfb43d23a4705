/** Reserves inside the allocator: what a floor that several pools share does, and what it cannot do. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { type Allocator, ATOMIC, BLOCKING, type Handle, NONE } from "../allocators/allocator.ts";
import { LOOK_AGAIN } from "../sync/mod.ts";
import type { Composition, Layer } from "./composition.ts";
import { type CompositionSpec, resolvePolicy } from "./composition_plan.ts";
import type { Mempool } from "./mempool.ts";
import type { Policy } from "./policy.ts";
import type { Reserve } from "./reserve.ts";
import { soon } from "./testing/eventually.ts";
import { composed, flatMemory } from "./testing/page_pool.ts";

const PAGES = 40;

/** Nobody wakes by himself while a test runs. */
const RESERVATION: Policy = { ...resolvePolicy("allocator-reservation"), retryMs: 60_000 };

/** Two pools over one page allocator, and one whose reserve is its own; all of the same policy where that is said. */
function specOf(
  { policy = RESERVATION, pages = PAGES, minReserve = 4 } = {},
): CompositionSpec {
  const pool = { over: "page", minReserve, policy };
  return {
    memory: flatMemory(pages),
    allocators: { page: { kind: "page", order: 0 } },
    pools: { greedy: pool, modest: pool, plain: { ...pool, minReserve: 2, policy: "five-level" } },
    participants: 2,
    asyncSlots: 2,
  };
}

/** Takes by every step but the wait until there is nothing. */
function takeAll(pool: Mempool, context: 0 | 1 = BLOCKING): Handle[] {
  const handles: Handle[] = [];
  for (;;) {
    const handle = pool.backend.allocate(context);
    if (handle === NONE) return handles;
    handles.push(handle);
  }
}

/** A back end that is down when it is told so. */
function breaker() {
  const state = { isDown: false };
  const layer: Layer = (inner: Allocator) => ({
    allocate: (context) => state.isDown ? NONE : inner.allocate(context),
    free: inner.free,
  });
  return { state, layer };
}

function currents({ pools }: Composition): number[] {
  return pools.map(({ currentReserve }) => currentReserve);
}

Deno.test("A reserve inside the allocator is left alone by every unmarked caller, and by all reclaim", () => {
  const { sides: [first, second] } = composed(specOf());
  const plain = takeAll(first!.pool("plain"));
  const raw = first!.allocator("page").raw.allocate(BLOCKING);
  // All but the two reserves inside the allocator: its own reserve is the pool's, and it has used that up.
  assertEquals([plain.length, raw], [PAGES - 8, NONE]);
  for (const { backend } of second!.allocators) assertEquals(backend.shrink(), 0);
  assertEquals(currents(first!), [4, 4, 0]);
  first!.check();
});

Deno.test("A reserve inside the allocator is shared: one pool drains what another one set aside", () => {
  const { sides: [first] } = composed(specOf());
  const taken = takeAll(first!.pool("plain"));
  const greedy = takeAll(first!.pool("greedy"));
  assertEquals([greedy.length, first!.pool("modest").currentReserve], [8, 0]);
  assertEquals(first!.pool("modest").allocate(ATOMIC), NONE);
  first!.check();
  const own = composed(specOf({ policy: resolvePolicy("five-level") })).sides[0]!;
  takeAll(own.pool("plain"));
  assertEquals([takeAll(own.pool("greedy")).length, own.pool("modest").currentReserve], [4, 4]);
  assert(own.pool("modest").allocate(ATOMIC) !== NONE);
  taken.forEach(first!.pool("plain").free);
});

Deno.test("A reserve inside the allocator is filled again by a free into any of its pools, and by no other pool's", () => {
  const { sides: [first, second] } = composed(specOf());
  const [plain, greedy, modest] = ["plain", "greedy", "modest"].map((name) => first!.pool(name));
  const others = takeAll(plain!);
  const marked = takeAll(greedy!);
  second!.pool("greedy").free(marked.pop()!);
  assertEquals(currents(first!), [1, 1, 0]);
  modest!.free(modest!.allocate(ATOMIC));
  plain!.free(others.pop()!);
  assertEquals(currents(first!), [1, 1, 1]);
  marked.forEach(greedy!.free);
  assertEquals([currents(first!), modest!.marks().lowWater], [[4, 4, 1], 0]);
  first!.check();
});

Deno.test("A reserve inside the allocator serves its marked callers while the back end is down, and no further", () => {
  const { state, layer } = breaker();
  const { sides: [first] } = composed(specOf(), layer);
  const greedy = first!.pool("greedy");
  const held = Array.from({ length: 9 }, () => greedy.allocate(ATOMIC));
  held.forEach(greedy.free);
  first!.drain();
  state.isDown = true;
  const marked = takeAll(greedy);
  assertEquals([marked.length, greedy.counts().hits.slice(1)], [8, [7, 0, 1, 0]]);
  assert(first!.allocator("page").backend.hoarded() > 0, "the allocator has more than that");
  state.isDown = false;
  // The first unmarked call that comes by leaves the floor what it lacks.
  assert(greedy.allocate(ATOMIC) !== NONE);
  assertEquals(currents(first!).slice(0, 2), [4, 4]);
  marked.forEach(greedy.free);
  first!.check();
});

Deno.test("A reserve inside the allocator is filled while memory is short before anything goes to the arena", () => {
  const spec = specOf({ pages: 16 });
  const watermarks = { min: 0, low: 12, high: 14 };
  const { sides: [first] } = composed({ ...spec, memory: { ...spec.memory, watermarks } });
  const raw = first!.allocator("page").raw;
  const held = Array.from({ length: 6 }, () => raw.allocate(BLOCKING));
  const marked = takeAll(first!.pool("greedy"));
  assertEquals([marked.length, first!.arena.short(), first!.arena.freePages()], [8, true, 0]);
  held.forEach(raw.free);
  first!.drain();
  assertEquals([currents(first!).slice(0, 2), first!.arena.freePages()], [[4, 4], 0]);
  first!.pool("greedy").free(marked.pop()!);
  first!.pool("greedy").free(marked.pop()!);
  marked.forEach(first!.pool("greedy").free);
  first!.drain();
  assertEquals(first!.arena.freePages(), 6);
  first!.check();
});

Deno.test("Mempool rule 20: who waits in one pool is served by a free into another one over the same floor", async () => {
  const { sides: [first, second] } = composed(specOf());
  takeAll(first!.pool("plain"));
  const [one, two] = takeAll(first!.pool("greedy"));
  const wait = second!.pool("modest").allocateAsync();
  const bulk = new Int32Array(1);
  const waitForBulk = second!.pool("modest").allocateBulkAsync(bulk);
  assertEquals(second!.pool("modest").reserve.queue.count(), 2);
  first!.pool("greedy").free(one!);
  first!.check();
  const served = await soon("the waiter", wait);
  assert(served > 0);
  first!.pool("greedy").freeBulk([two!]);
  assert(await soon("the bulk", waitForBulk));
  first!.check();
});

Deno.test("Mempool rule 20: who waits is served by what comes to the floor by way of the allocator", async () => {
  const { sides: [first, second] } = composed(specOf());
  const { raw } = first!.allocator("page");
  // More than a magazine holds.
  const held = Array.from({ length: 4 }, () => raw.allocate(BLOCKING));
  takeAll(first!.pool("plain"));
  takeAll(first!.pool("greedy"));
  const wait = second!.pool("modest").allocateAsync();
  assertEquals(second!.pool("modest").reserve.queue.count(), 1);
  // Answers the waiter's request for what is cached, which is nothing.
  first!.participant.poll();
  held.forEach(raw.free);
  first!.check();
  assert(held.includes(await soon("the waiter", wait)));
  first!.check();
});

/** A pool with a reserve of its own, and after it those that share a floor, over each of two allocators. */
const TWO_FLOORS: CompositionSpec = {
  memory: flatMemory(PAGES),
  allocators: {
    page: { kind: "page", order: 0 },
    object: { kind: "slab", objectBytes: 64, align: 8 },
  },
  pools: Object.fromEntries(["page", "object"].flatMap((over) => [
    [`plain-${over}`, { over, minReserve: 1, policy: "five-level" }],
    [`greedy-${over}`, { over, minReserve: 2, policy: RESERVATION }],
    [`modest-${over}`, { over, minReserve: 2, policy: RESERVATION }],
  ])),
  participants: 2,
  asyncSlots: 2,
};

for (const over of ["page", "object"]) {
  Deno.test(`Reserves inside two allocators are two floors, each shared by the pools of its own: over ${over}`, async () => {
    const { sides: [first, second] } = composed(TWO_FLOORS);
    const [plain, greedy, modest] = ["plain", "greedy", "modest"]
      .map((name) => first!.pool(`${name}-${over}`));
    const others = first!.pools.filter(({ name }) => !name.endsWith(over));
    const { raw } = first!.allocator(over);
    // More than a magazine holds.
    const held = Array.from({ length: 4 }, () => raw.allocate(BLOCKING));
    const left = takeAll(plain!);
    const marked = takeAll(greedy!);
    assertEquals([marked.length, modest!.currentReserve], [4, 0]);
    assertEquals(others.map(({ currentReserve }) => currentReserve), [1, 2, 2]);
    const there = second!.pool(`modest-${over}`);
    const wait = there.allocateAsync();
    assertEquals(there.reserve.queue.count(), 1);
    // Answers the waiter's request for what is cached, which is nothing.
    first!.participant.poll();
    held.forEach(raw.free);
    assert(held.includes(await soon("who waits for what comes by way of the allocator", wait)));
    marked.push(...takeAll(greedy!));
    const another = there.allocateAsync();
    assertEquals(there.reserve.queue.count(), 1);
    greedy!.free(marked[0]!);
    assertEquals(await soon("who waits for a free into the other pool", another), marked.shift()!);
    first!.check();
    left.forEach(plain!.free);
    marked.forEach(greedy!.free);
  });
}

Deno.test("Reserve.enqueue() has a waiter look again where the floor was filled since it had looked", () => {
  const { sides: [first] } = composed(specOf());
  const { reserve } = first!.pool("modest");
  reserve.lock.acquire();
  reserve.enqueue(0);
  assertEquals([reserve.queue.granted(0), reserve.queue.told()], [LOOK_AGAIN, 1]);
  assertEquals(reserve.leave(0), NONE);
  reserve.lock.release();
  first!.check();
});

Deno.test("Mempool rule 20: who was told of an element of the floor and is served elsewhere leaves it to the next", async () => {
  // Each side's back end, down but for one element that it comes to have.
  const spares: Handle[] = [];
  let isDown = false;
  const { sides: [first, second] } = composed(specOf(), ({ allocate, free }) => ({
    allocate: (context) => isDown ? spares.pop() ?? NONE : allocate(context),
    free,
  }));
  const modest = second!.pool("modest");
  const spare = second!.allocator("page").wrapped!.allocate(BLOCKING);
  isDown = true;
  const [one] = takeAll(first!.pool("greedy"));
  const waits = [modest.allocateAsync(), modest.allocateAsync()];
  assertEquals([modest.reserve.queue.count(), modest.currentReserve], [2, 0]);
  first!.pool("greedy").free(one!);
  spares.push(spare);
  assertEquals(await soon("both waiters", Promise.all(waits)), [spare, one!]);
});

for (
  const [how, go] of [
    ["leaves", (reserve: Reserve) => reserve.leave(0)],
    ["is handed another", (reserve: Reserve, handle: Handle) => reserve.give(handle)],
  ] as const
) {
  Deno.test(`Reserve has the next waiter look again where one that has noted an element of the floor ${how}`, () => {
    const { sides: [first] } = composed(specOf());
    takeAll(first!.pool("plain"));
    const [one, two] = takeAll(first!.pool("greedy"));
    const { reserve } = first!.pool("modest");
    reserve.lock.acquire();
    reserve.enqueue(0);
    reserve.enqueue(1);
    reserve.lock.release();
    first!.pool("greedy").free(one!);
    assertEquals([0, 1].map(reserve.queue.granted), [LOOK_AGAIN, 0]);
    reserve.queue.acknowledge(0);
    reserve.lock.acquire();
    go(reserve, two!);
    assertEquals([reserve.current(), reserve.queue.granted(1)], [1, LOOK_AGAIN]);
    reserve.lock.release();
  });
}

Deno.test("Mempool.resize() and destroy() move the floor, and what is beyond it is free for everybody", () => {
  const { sides: [first] } = composed(specOf());
  const [greedy, modest, plain] = ["greedy", "modest", "plain"].map((name) => first!.pool(name));
  assert(greedy!.resize(1));
  assertEquals(currents(first!), [1, 4, 2]);
  assert(greedy!.resize(6));
  first!.check();
  const taken = takeAll(plain!);
  assertEquals(taken.length, PAGES - 10);
  modest!.destroy();
  assertEquals([currents(first!), takeAll(plain!).length], [[6, 0, 0], 4]);
  assertThrows(() => modest!.allocate(ATOMIC), Error, 'Cannot use mempool "modest"');
  assertEquals(takeAll(greedy!).length, 6);
});

interface Command {
  readonly pool: number;
  readonly side: number;
  readonly do: "take" | "free" | "drain" | "resize" | "down";
  readonly count: number;
}

const command: fc.Arbitrary<Command> = fc.record({
  pool: fc.nat(2),
  side: fc.nat(1),
  do: fc.oneof(
    { arbitrary: fc.constantFrom("take" as const, "free" as const), weight: 6 },
    { arbitrary: fc.constantFrom("drain" as const, "resize" as const, "down" as const), weight: 1 },
  ),
  count: fc.integer({ min: 1, max: 12 }),
});

Deno.test("Pools that share a floor keep every invariant and lose nothing, whatever is done to them", () => {
  fc.assert(
    fc.property(fc.array(command, { minLength: 5, maxLength: 40 }), (commands) => {
      const { state, layer } = breaker();
      const { sides } = composed(specOf(), layer);
      const held: Handle[][] = [[], [], []];
      for (const { pool: index, side, do: what, count } of commands) {
        const pool = sides[side]!.pools[index]!;
        const mine = held[index]!;
        if (what === "drain") sides[side]!.drain();
        if (what === "down") state.isDown = !state.isDown;
        if (what === "resize") pool.resize(count % 6);
        for (let time = 0; time < count; time++) {
          if (what === "free" && mine.length > 0) pool.free(mine.shift()!);
          if (what === "take") mine.push(pool.backend.allocate(time % 2 === 0 ? BLOCKING : ATOMIC));
          if (mine.at(-1) === NONE) mine.pop();
        }
        for (const composition of sides) composition.check();
        const outstanding = sides[0]!.pools.map(({ name }) => sides[0]!.outstanding(name));
        assertEquals(outstanding, held.map(({ length }) => length));
      }
    }),
    { numRuns: 80 },
  );
});
