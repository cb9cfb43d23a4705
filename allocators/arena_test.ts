import { assert, assertEquals, assertGreater, assertThrows } from "@std/assert";
import { startCrew } from "../sync/testing/crew.ts";
import { until } from "../sync/testing/until.ts";
import { type ArenaPlan, MAX_ORDER } from "./arena.ts";
import { arenaBench, freeBlocks } from "./testing/arena_bench.ts";
import type { GrowerTask } from "./testing/arena_grower.ts";
import { memoryOf } from "./testing/memory.ts";

Deno.test("Arena.initialise() frees every page in the largest aligned blocks", () => {
  const bench = arenaBench(memoryOf({ pages: 11 }));
  assertEquals(freeBlocks(bench), [4, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1]);
  assertEquals([bench.arena.freePages(), bench.arena.pages()], [11, 11]);
  bench.arena.check();
});

Deno.test("Arena.take() names blocks by number in units of their order, and splits what is larger", () => {
  const bench = arenaBench(memoryOf({ pages: 8 }));
  assertEquals(bench.take(2), [1]);
  assertEquals(bench.take(0), [5]);
  assertEquals(bench.take(1), [4]);
  assertEquals(bench.arena.freePages(), 1);
});

Deno.test("Arena.take() gives as many as it can, whole blocks only, and never more than wanted", () => {
  const bench = arenaBench(memoryOf({ pages: 11 }));
  assertEquals(bench.take(1, 100).length, 5);
  assertEquals(bench.take(1), []);
  assertEquals(bench.take(0, 0), []);
  assertEquals(bench.take(0), [11]);
  assertEquals(bench.take(0), []);
});

Deno.test("Arena.take() leaves the floor free, exactly", () => {
  const bench = arenaBench(memoryOf({ pages: 16 }));
  assertEquals(bench.take(2, 100, 5).length, 2);
  assertEquals(bench.take(0, 100, 5).length, 3);
  assertEquals(bench.take(0, 1, 5), []);
  assertEquals(bench.arena.freePages(), 5);
});

Deno.test("Arena.take() serves no block larger than there is an aligned run of free pages", () => {
  const bench = arenaBench(memoryOf({ pages: 4 }));
  const pages = bench.take(0, 4);
  const [second, third] = pages.filter((handle) => handle === 2 || handle === 3);
  bench.give(0, second!, third!);
  assertEquals([bench.arena.freePages(), bench.take(1)], [2, []]);
});

Deno.test("Arena.give() joins blocks over all orders, and not across the frontier", () => {
  const pages = (1 << MAX_ORDER) * 2 + 3;
  const bench = arenaBench(memoryOf({ pages }));
  const fresh = freeBlocks(bench);
  assertEquals(fresh[0], MAX_ORDER + 1);
  const handles = bench.take(0, pages);
  assertEquals(handles.length, pages);
  bench.give(0, ...handles);
  assertEquals(freeBlocks(bench), fresh);
  bench.arena.check();
});

Deno.test("Arena.short() begins below low and ends at high, not before", () => {
  const bench = arenaBench(memoryOf({ pages: 16, watermarks: { min: 2, low: 4, high: 8 } }));
  const held = bench.take(0, 12);
  assertEquals([bench.arena.freePages(), bench.arena.short()], [4, false]);
  held.push(...bench.take(0));
  assert(bench.arena.short(), "3 pages are below low");
  bench.give(0, ...held.splice(0, 4));
  assertEquals([bench.arena.freePages(), bench.arena.short()], [7, true]);
  bench.give(0, held.pop()!);
  assertEquals([bench.arena.freePages(), bench.arena.short()], [8, false]);
});

Deno.test("Arena.grow() moves the frontier by a step, to the limit and no further", () => {
  const bench = arenaBench(memoryOf({ pages: 8, growTo: 50 }));
  assertEquals(bench.arena.grow(0), 16);
  assertEquals([bench.arena.pages(), bench.arena.freePages()], [24, 24]);
  assertEquals([bench.arena.grow(0), bench.arena.grow(0), bench.arena.grow(0)], [16, 10, 0]);
  assertEquals([bench.arena.pages(), bench.arena.freePages()], [50, 50]);
  assertEquals(bench.take(0, 100).length, 50);
  bench.arena.check();
});

Deno.test("Arena.grow() adds a whole block of the order wherever the frontier stands", () => {
  for (let order = 0; order <= 6; order++) {
    for (const pages of [1, 63, 100, 128]) {
      const bench = arenaBench(memoryOf({ pages, growTo: 512 }));
      bench.take(0, pages);
      assertGreater(bench.arena.grow(order), 0);
      assertEquals(bench.take(order).length, 1, `order ${order} from page ${pages} on`);
    }
  }
});

Deno.test("Arena.grow() touches all of the memory that it adds, large pages included", () => {
  const pageBytes = 65_536;
  const pages = 1024;
  const bench = arenaBench(memoryOf({ pages: 1, growTo: 1 + pages, pageBytes }));
  const before = Deno.memoryUsage().rss;
  assertEquals(bench.arena.grow(MAX_ORDER), pages);
  assertGreater(Deno.memoryUsage().rss - before, pages * pageBytes / 2);
});

Deno.test("Arena.grow() waits for another that grows to the limit, whose pages are free afterwards", async () => {
  const added = 1 << MAX_ORDER;
  const bench = arenaBench(memoryOf({ pages: 1, growTo: 1 + added, pageBytes: 65_536 }));
  const { arena, plan, region } = bench;
  bench.take(0);
  using crew = startCrew(new URL("./testing/arena_grower.ts", import.meta.url), 1);
  const task: GrowerTask = { region, plan, order: MAX_ORDER };
  const answer = crew.ask<number>([task]);
  const grows = (state: number) => state !== 0 || arena.pages() > 1;
  until(region.words, plan.growthLockAt, grows, "the other grows");
  assertEquals([arena.grow(0), bench.take(0).length], [0, 1]);
  assertEquals(await answer, [added]);
  arena.check();
});

Deno.test("Arena.awaitGiven() sleeps no longer than it is told where nothing comes back", () => {
  const bench = arenaBench(memoryOf({ pages: 1 }));
  bench.arena.awaitGiven(1);
  assertEquals(bench.arena.freePages(), 1);
});

/** The words that hold what is free, in an arena of which every second page is taken. */
function corruptible() {
  const bench = arenaBench(memoryOf({ pages: 16 }));
  const handles = bench.take(0, 16).sort((a, b) => a - b);
  bench.give(0, ...handles.filter((handle) => handle % 2 === 1));
  bench.arena.check();
  return bench;
}

const CORRUPTIONS: readonly {
  readonly what: string;
  readonly word: (plan: ArenaPlan) => number;
  readonly value: number;
}[] = [
  { what: "the count of free pages", word: ({ at }) => at, value: 9 },
  { what: "a free list cut off at its head", word: ({ at }) => at + 16, value: 0 },
  { what: "a free list that begins with a taken page", word: ({ at }) => at + 16, value: 2 },
  { what: "a head in the list of another order", word: ({ at }) => at + 17, value: 1 },
  { what: "a head beyond the memory", word: ({ at }) => at + 16, value: 99 },
  { what: "a free list cut off in the middle", word: ({ nextAt }) => nextAt + 4, value: 0 },
  { what: "a free list that runs in a circle", word: ({ nextAt }) => nextAt + 4, value: 5 },
  { what: "a link backwards to the wrong page", word: ({ prevAt }) => prevAt + 4, value: 1 },
  { what: "the order of a free block", word: ({ orderAt }) => orderAt + 4, value: 2 },
  { what: "the mark of a free block", word: ({ orderAt }) => orderAt + 4, value: 0 },
  { what: "a frontier below a free block", word: ({ at }) => at + 1, value: 14 },
];

for (const { what, word, value } of CORRUPTIONS) {
  Deno.test(`Arena.check() finds ${what}`, () => {
    const { arena, plan, region } = corruptible();
    const index = word(plan);
    assert(region.words[index] !== value, "the corruption changes the word");
    region.words[index] = value;
    assertThrows(() => arena.check(), Error, "arena: ");
  });
}

Deno.test("Arena.check() finds a mark on a page that is in no list", () => {
  const { arena, plan, region } = corruptible();
  region.words[plan.orderAt + 5] = 1;
  assertThrows(() => arena.check(), Error, "arena: ");
});
