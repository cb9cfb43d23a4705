import { assert, assertEquals, assertGreater, assertThrows } from "@std/assert";
import fc from "fast-check";
import { createRegion, Layout, type Region } from "../sync/mod.ts";
import { type Arena, type ArenaPlan, attachArena, MAX_ORDER, planArena } from "./arena.ts";
import type { MemorySpec } from "./arena.ts";
import { type Block, BuddyReference } from "./testing/buddy_reference.ts";
import { memoryOf } from "./testing/memory.ts";

interface Bench {
  readonly arena: Arena;
  readonly plan: ArenaPlan;
  readonly region: Region;
  /** Words for handles. */
  readonly scratch: number;
  take(order: number, want?: number, floor?: number): number[];
  give(order: number, ...handles: readonly number[]): void;
}

function benchOf(memory: MemorySpec): Bench {
  const layout = new Layout();
  const plan = planArena(layout, "test", memory);
  const scratch = layout.words("scratch", memory.growTo);
  const region = createRegion(layout, memory.growTo * memory.pageBytes);
  const arena = attachArena(region, plan, 0);
  arena.initialise();
  return {
    arena,
    plan,
    region,
    scratch,
    take(order, want = 1, floor = 0) {
      const got = arena.take(order, scratch, want, floor);
      return [...region.words.subarray(scratch, scratch + got)];
    },
    give(order, ...handles) {
      region.words.set(handles, scratch);
      arena.give(order, scratch, handles.length);
    },
  };
}

/** Which blocks are free, by their first page: order + 1, or 0. */
function freeBlocks({ region, plan, arena }: Bench): number[] {
  return [...region.words.subarray(plan.orderAt, plan.orderAt + arena.pages())];
}

Deno.test("Arena.initialise() frees every page in the largest aligned blocks", () => {
  const bench = benchOf(memoryOf({ pages: 11 }));
  assertEquals(freeBlocks(bench), [4, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1]);
  assertEquals([bench.arena.freePages(), bench.arena.pages()], [11, 11]);
  bench.arena.check();
});

Deno.test("Arena.take() names blocks by number in units of their order, and splits what is larger", () => {
  const bench = benchOf(memoryOf({ pages: 8 }));
  assertEquals(bench.take(2), [1]);
  assertEquals(bench.take(0), [5]);
  assertEquals(bench.take(1), [4]);
  assertEquals(bench.arena.freePages(), 1);
});

Deno.test("Arena.take() gives as many as it can, whole blocks only, and never more than wanted", () => {
  const bench = benchOf(memoryOf({ pages: 11 }));
  assertEquals(bench.take(1, 100).length, 5);
  assertEquals(bench.take(1), []);
  assertEquals(bench.take(0, 0), []);
  assertEquals(bench.take(0), [11]);
  assertEquals(bench.take(0), []);
});

Deno.test("Arena.take() leaves the floor free, exactly", () => {
  const bench = benchOf(memoryOf({ pages: 16 }));
  assertEquals(bench.take(2, 100, 5).length, 2);
  assertEquals(bench.take(0, 100, 5).length, 3);
  assertEquals(bench.take(0, 1, 5), []);
  assertEquals(bench.arena.freePages(), 5);
});

Deno.test("Arena.take() serves no block larger than there is an aligned run of free pages", () => {
  const bench = benchOf(memoryOf({ pages: 4 }));
  const pages = bench.take(0, 4);
  const [second, third] = pages.filter((handle) => handle === 2 || handle === 3);
  bench.give(0, second!, third!);
  assertEquals([bench.arena.freePages(), bench.take(1)], [2, []]);
});

Deno.test("Arena.give() joins blocks over all orders, and not across the frontier", () => {
  const pages = (1 << MAX_ORDER) * 2 + 3;
  const bench = benchOf(memoryOf({ pages }));
  const fresh = freeBlocks(bench);
  assertEquals(fresh[0], MAX_ORDER + 1);
  const handles = bench.take(0, pages);
  assertEquals(handles.length, pages);
  bench.give(0, ...handles);
  assertEquals(freeBlocks(bench), fresh);
  bench.arena.check();
});

Deno.test("Arena.short() begins below low and ends at high, not before", () => {
  const bench = benchOf(memoryOf({ pages: 16, watermarks: { min: 2, low: 4, high: 8 } }));
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
  const bench = benchOf(memoryOf({ pages: 8, growTo: 50 }));
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
      const bench = benchOf(memoryOf({ pages, growTo: 512 }));
      bench.take(0, pages);
      assertGreater(bench.arena.grow(order), 0);
      assertEquals(bench.take(order).length, 1, `order ${order} from page ${pages} on`);
    }
  }
});

Deno.test("Arena.grow() touches all of the memory that it adds, large pages included", () => {
  const pageBytes = 65_536;
  const pages = 1024;
  const bench = benchOf(memoryOf({ pages: 1, growTo: 1 + pages, pageBytes }));
  const before = Deno.memoryUsage().rss;
  assertEquals(bench.arena.grow(MAX_ORDER), pages);
  assertGreater(Deno.memoryUsage().rss - before, pages * pageBytes / 2);
});

Deno.test("Arena.awaitGiven() sleeps no longer than it is told where nothing comes back", () => {
  const bench = benchOf(memoryOf({ pages: 1 }));
  bench.arena.awaitGiven(1);
  assertEquals(bench.arena.freePages(), 1);
});

/** The words that hold what is free, in an arena of which every second page is taken. */
function corruptible() {
  const bench = benchOf(memoryOf({ pages: 16 }));
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

type Command =
  | {
    readonly what: "take";
    readonly order: number;
    readonly want: number;
    readonly floor: number;
  }
  | { readonly what: "give"; readonly pick: number; readonly count: number }
  | { readonly what: "grow"; readonly order: number };

const order = fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: MAX_ORDER }));
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant("take" as const),
      order,
      want: fc.integer({ min: 1, max: 12 }),
      floor: fc.nat({ max: 20 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant("give" as const),
      pick: fc.nat(),
      count: fc.integer({ min: 1, max: 4 }),
    }),
  },
  fc.record({ what: fc.constant("grow" as const), order }),
);

const memory: fc.Arbitrary<MemorySpec> = fc.record({
  pages: fc.integer({ min: 1, max: 150 }),
  extra: fc.nat({ max: 100 }),
  low: fc.nat({ max: 20 }),
  gap: fc.nat({ max: 20 }),
}).map(({ pages, extra, low, gap }) =>
  memoryOf({
    pages,
    growTo: pages + extra,
    watermarks: { min: low >> 1, low, high: low + gap },
  })
);

/** An arena and its reference, moved together. */
class Pair {
  readonly bench: Bench;
  readonly held: Block[] = [];
  readonly #reference: BuddyReference;
  readonly #memory: MemorySpec;

  constructor(memory: MemorySpec) {
    this.#memory = memory;
    this.bench = benchOf(memory);
    this.#reference = new BuddyReference(memory);
  }

  apply(command: Command): void {
    if (command.what === "take") this.#take(command.order, command.want, command.floor);
    else if (command.what === "grow") this.#grow(command.order);
    else this.give(command.pick, command.count);
    this.#compare();
  }

  #take(order: number, want: number, floor: number): void {
    const handles = this.bench.take(order, want, floor);
    for (const handle of handles) {
      const block = { page: (handle - 1) << order, order };
      assert(this.#reference.has(order, floor), "it took a block below the floor");
      this.#reference.take(block);
      this.held.push(block);
    }
    if (handles.length < want) {
      assert(!this.#reference.has(order, floor), "it refused a free block");
    }
    if (handles.length > 0) this.#reference.settle();
  }

  /** Gives back up to `count` held blocks of one order. */
  give(pick: number, count: number): void {
    if (this.held.length === 0) return;
    const { order } = this.held[pick % this.held.length]!;
    const blocks = this.held.filter((block) => block.order === order).slice(0, count);
    for (const block of blocks) {
      this.held.splice(this.held.indexOf(block), 1);
      this.#reference.give(block);
    }
    this.#reference.settle();
    this.bench.give(order, ...blocks.map(({ page }) => (page >> order) + 1));
  }

  #grow(order: number): void {
    const { frontier } = this.#reference;
    const room = this.#memory.growTo - frontier;
    const added = this.bench.arena.grow(order);
    assert(added <= room && (added > 0 || room === 0), `grew by ${added} with room for ${room}`);
    assert(added >= Math.min(room, 1 << order), "grew by less than a block");
    this.#reference.grow(added);
  }

  #compare(): void {
    const { arena } = this.bench;
    arena.check();
    const { freePages, frontier, short } = this.#reference;
    assertEquals([arena.freePages(), arena.pages(), arena.short()], [freePages, frontier, short]);
  }
}

Deno.test("Arena serves, joins, grows and runs short as a set of pages would, whatever the order of calls", () => {
  fc.assert(
    fc.property(memory, fc.array(command, { maxLength: 50 }), (memory, commands) => {
      const pair = new Pair(memory);
      for (const command of commands) pair.apply(command);
      while (pair.held.length > 0) pair.apply({ what: "give", pick: 0, count: 7 });
      const pages = pair.bench.arena.pages();
      assertEquals(freeBlocks(pair.bench), freeBlocks(benchOf(memoryOf({ pages }))));
    }),
    { numRuns: 200 },
  );
});
