/** Pools over slabs: elements that are fractions of pages, beside elements that are whole ones. */
import { assertEquals, assertGreaterOrEqual, assertLess, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ATOMIC, BLOCKING, type Handle, NONE } from "../allocators/allocator.ts";
import { Layout } from "../sync/mod.ts";
import type { Composition } from "./composition.ts";
import { type CompositionSpec, planComposition } from "./composition_plan.ts";
import { composed, flatMemory } from "./testing/page_pool.ts";

/** Eight objects to a slab of one page for two pools, one on the other, and pairs of pages for a third. */
const MIXED: CompositionSpec = {
  memory: { ...flatMemory(28), pageBytes: 512 },
  allocators: {
    object: { kind: "slab", objectBytes: 60, align: 4 },
    page: { kind: "page", order: 1 },
  },
  pools: {
    objects: { over: "object", minReserve: 11, policy: "five-level" },
    outer: { over: "objects", minReserve: 3, policy: "five-level" },
    pages: { over: "page", minReserve: 2, policy: "five-level" },
  },
  participants: 2,
  asyncSlots: 1,
};

function takeAll(composition: Composition, pool: string, context: 0 | 1): Handle[] {
  const handles: Handle[] = [];
  const { backend } = composition.pool(pool);
  for (let got = backend.allocate(context); got !== NONE; got = backend.allocate(context)) {
    handles.push(got);
  }
  return handles;
}

interface Command {
  readonly pool: string;
  readonly side: number;
  readonly take: boolean;
  readonly count: number;
}

const command: fc.Arbitrary<Command> = fc.record({
  pool: fc.constantFrom("objects", "outer", "pages"),
  side: fc.nat(1),
  take: fc.boolean(),
  count: fc.integer({ min: 1, max: 30 }),
});

Deno.test("Composition.check() counts slabs and pages exactly, wherever their elements are", () => {
  fc.assert(
    fc.property(fc.array(command, { minLength: 5, maxLength: 40 }), (commands) => {
      const { sides } = composed(MIXED);
      const held = new Map<string, Handle[]>(Object.keys(MIXED.pools).map((pool) => [pool, []]));
      for (const { pool, side, take, count } of commands) {
        const mine = held.get(pool)!;
        const { backend } = sides[side]!.pool(pool);
        for (let time = 0; time < count; time++) {
          if (take) mine.push(backend.allocate(time % 3 === 0 ? BLOCKING : ATOMIC));
          else if (mine.length > 0) backend.free(mine.shift()!);
          if (mine.at(-1) === NONE) mine.pop();
        }
        sides[0]!.check();
      }
      for (const [pool, mine] of held) for (const handle of mine) sides[1]!.pool(pool).free(handle);
      for (const side of sides) side.drain();
      for (const { backend } of sides[0]!.allocators) backend.shrink();
      sides[0]!.check();
      const [object, page] = sides[0]!.allocators.map(({ backend }) =>
        backend.footprint().elements
      );
      assertEquals([page, sides[0]!.arena.freePages()], [2, 28 - 4 - object! / 8]);
    }),
    { numRuns: 40 },
  );
});

Deno.test("Composition.check() throws where an object is lost, and where a page is", () => {
  const { sides: [composition], plan, region } = composed(MIXED);
  const handle = composition!.pool("objects").allocate(ATOMIC);
  const owner = plan.allocators[0]!.owners + handle;
  const tag = region.words[owner]!;
  composition!.check();
  region.words[owner] = -tag;
  assertThrows(() => composition!.check(), Error, "object: 0 issued + 14 reserved");
  region.words[owner] = tag;
  composition!.check();
  composition!.arena.take(0, 0, 1, 0);
  assertThrows(
    () => composition!.check(),
    Error,
    "21 free pages + 2,4 with allocators = 27, not 28",
  );
});

Deno.test("Composition.check() throws where an allocator's own books are wrong", () => {
  const { sides: [composition], region } = composed(MIXED);
  const layout = new Layout();
  planComposition(layout, MIXED);
  const { at } = layout.blocks.find(({ name }) => name === "object/lists")!;
  const slabs = at + 3;
  assertEquals(region.words[slabs], 2);
  composition!.check();
  region.words[slabs] = 3;
  assertThrows(() => composition!.check(), Error, "slabs, empty ones and free objects are 2,");
});

Deno.test("Mempool over slabs holds all objects that the memory has in reserve", () => {
  const { sides: [composition] } = composed({
    memory: { ...flatMemory(10), pageBytes: 512 },
    allocators: { object: { kind: "slab", objectBytes: 24, align: 8 } },
    pools: { objects: { over: "object", minReserve: 210, policy: "five-level" } },
    participants: 1,
    asyncSlots: 1,
  });
  const { capacity, elementPages } = composition!.allocator("object").plan.planned;
  assertEquals([capacity, elementPages], [210, 1 / 21]);
  composition!.check();
  assertEquals(takeAll(composition!, "objects", ATOMIC).length, 210);
});

Deno.test("Mempool over slabs that memory has no room for serves nothing, and fails where it should hold one", () => {
  const spec = (minReserve: number): CompositionSpec => ({
    memory: { ...flatMemory(4), pageBytes: 512 },
    allocators: { object: { kind: "slab", objectBytes: 5000, align: 8 } },
    pools: { objects: { over: "object", minReserve, policy: "backend-only" } },
    participants: 1,
    asyncSlots: 1,
  });
  const { sides: [composition] } = composed(spec(0));
  assertEquals(composition!.pool("objects").allocate(BLOCKING), NONE);
  composition!.check();
  assertThrows(() => composed(spec(1)), Error, "backend call 1 of 1 failed");
});

Deno.test("Composition reclaims slabs for pages, and pages for slabs, out of magazines and depots", () => {
  const { sides: [composition, other] } = composed(MIXED);
  for (
    const { first, second, least } of [
      { first: "objects", second: "pages", least: 12 },
      { first: "pages", second: "objects", least: 20 * 8 },
    ]
  ) {
    const handles = takeAll(composition!, first, BLOCKING);
    assertLess(composition!.arena.freePages(), 2);
    handles.forEach(other!.pool(first).free);
    const had = other!.participant.park(() => takeAll(composition!, second, BLOCKING));
    assertGreaterOrEqual(had.length, least);
    composition!.check();
    had.forEach(composition!.pool(second).free);
    composition!.check();
  }
});
