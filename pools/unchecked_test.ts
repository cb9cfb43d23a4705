/** Pools over an allocator of the user's own: what it may hand out, and what may be freed. */
import { assertEquals, assertThrows } from "@std/assert";
import { type Allocator, ATOMIC, type Handle, NONE } from "../allocators/allocator.ts";
import { blockOf, NOBODY, OWN } from "../allocators/front.ts";
import { MisuseError, tagOf } from "../allocators/owner_table.ts";
import { FREE_LIST, withModule } from "../allocators/testing/module_file.ts";
import { createRegion, Layout } from "../sync/mod.ts";
import { createComposition, joinComposition } from "./composition.ts";
import { planComposition } from "./composition_plan.ts";

/** A pool over the module, and a view of its words. */
async function poolOver(path: string, minReserve: number) {
  const layout = new Layout();
  const plan = planComposition(layout, {
    memory: { pages: 1, pageBytes: 4096, watermarks: { min: 0, low: 0, high: 0 }, growTo: 1 },
    allocators: { own: { kind: "module", path, objectBytes: 8 } },
    pools: {
      pool: { over: "own", minReserve, policy: "five-level" },
      other: { over: "own", minReserve: 0, policy: "five-level" },
    },
    participants: 1,
    asyncSlots: 1,
  });
  for (const { planned } of plan.allocators) await planned.load!();
  const region = createRegion(layout, 0);
  const composition = createComposition(plan, region, joinComposition(plan, region, 0));
  const { front, number } = plan.pools.find(({ name }) => name === "pool")!;
  return {
    composition,
    pool: composition.pool("pool"),
    other: composition.pool("other"),
    /** What a free compares with, and what it is while nobody wants elements. */
    own: () => [region.words[blockOf(front, 0) + OWN], tagOf(number, 0)],
  };
}

/** A module whose allocator gives what it is told, one after the other, and then none; what is freed comes first again. */
function giving(values: string) {
  return `export default () => {
    const values = [1, ${values}];
    return { allocate: () => values.length > 0 ? values.shift() : 0, free: (handle) => void values.unshift(handle) };
  };`;
}

/** The same, which does not keep what is freed. */
function forgetting(values: string) {
  return `export default () => {
    const values = [1, ${values}];
    return { allocate: () => values.length > 0 ? values.shift() : 0, free() {} };
  };`;
}

/** Takes until there are none. */
function takeAll(pool: Allocator): Handle[] {
  const handles: Handle[] = [];
  for (let handle = pool.allocate(ATOMIC); handle !== NONE; handle = pool.allocate(ATOMIC)) {
    handles.push(handle);
  }
  return handles;
}

Deno.test("Mempool over a module refuses a handle that is out, whichever pool has it, and goes on", async () => {
  await withModule(giving("4, 1, 3, 4, 2"), async (path) => {
    const { pool, other, composition } = await poolOver(path, 0);
    const takes = [pool, other, pool, pool, other, pool].map((from) => {
      try {
        return from.allocate(ATOMIC);
      } catch (error) {
        return (error as Error).message.replace(path, "own.ts");
      }
    });
    const refusal = (handle: number) =>
      `own.ts: allocate(0) gives ${handle}, which is out: give each handle once until it is freed`;
    assertEquals(takes, [1, 4, refusal(1), 3, refusal(4), 2]);
    assertEquals([composition.outstanding("pool"), composition.outstanding("other")], [3, 1]);
    assertEquals([pool.counts().allocs, other.counts().allocs], [3, 1]);
    assertEquals(composition.allocator("own").backend.counts().peakInUse, 4);
  });
});

for (
  const [value, shown] of [
    ["-1", "-1"],
    ["0.5", "0.5"],
    ["2 ** 20 + 1", "1048577"],
    ["2 ** 32 + 2", "4294967298"],
    ["NaN", "NaN"],
    ["undefined", "undefined"],
    ["'2'", '"2"'],
  ] as const
) {
  Deno.test(`Mempool over a module refuses ${value} as a handle, though 2 is known and back`, async () => {
    await withModule(forgetting(`2, ${value}, 3`), async (path) => {
      const { pool, composition } = await poolOver(path, 0);
      pool.free(pool.allocate(ATOMIC));
      assertThrows(
        () => pool.allocate(ATOMIC),
        Error,
        `${path}: allocate(0) gives ${shown}: give an integer from 1 to 1048576, or 0 where there is none`,
      );
      assertEquals([pool.allocate(ATOMIC), composition.outstanding("pool")], [3, 1]);
    });
  });
}

Deno.test("Mempool over a module frees what is out once, whether the reserve is full or not", async () => {
  const { pool, other, own } = await poolOver(FREE_LIST, 2);
  const [, tag] = own();
  assertEquals(own(), [tag, tag]);
  const held = takeAll(pool);
  assertEquals([held.length, pool.currentReserve, own()[0]], [1024, 0, NOBODY]);
  for (const bad of [0, -1, 0.5, NaN, 1025, 2 ** 20 + 1, 2 ** 31, held[0]! + 2 ** 32]) {
    assertThrows(() => pool.free(bad), MisuseError, `Cannot free element ${bad} into "pool"`);
  }
  assertThrows(() => other.free(held[0]!), MisuseError, "it belongs to another pool");
  const [first, second, third] = held.splice(0, 3);
  pool.free(first!);
  assertThrows(() => pool.free(first!), MisuseError, "freed twice?");
  pool.free(second!);
  assertEquals([pool.currentReserve, own()[0]], [2, tag]);
  pool.free(third!);
  for (const twice of [first!, second!, third!]) {
    assertThrows(() => pool.free(twice), MisuseError, "freed twice?");
  }
  for (const handle of held) pool.free(handle);
  assertEquals([pool.currentReserve, pool.counts().allocs, pool.counts().frees], [2, 1024, 1024]);
});

Deno.test("Mempool over a module takes the largest handle like any other", async () => {
  const largest = 2 ** 20;
  await withModule(giving(`${largest}`), async (path) => {
    const { pool, other, composition } = await poolOver(path, 0);
    assertEquals(takeAll(pool), [1, largest]);
    assertThrows(() => other.free(largest), MisuseError, "it belongs to another pool");
    pool.free(largest);
    assertThrows(() => pool.free(largest), MisuseError, "freed twice?");
    assertEquals([pool.allocate(ATOMIC), composition.outstanding("pool")], [largest, 2]);
  });
});

Deno.test("Mempool over a module gives it back what a smaller reserve has no room for, and nobody has that any more", async () => {
  const { pool, composition } = await poolOver(FREE_LIST, 3);
  pool.resize(1);
  assertEquals(pool.currentReserve, 1);
  assertEquals(["pool", "other", "own"].map((name) => composition.outstanding(name)), [0, 0, 0]);
  for (const handle of [1, 2, 3]) {
    assertThrows(() => pool.free(handle), MisuseError, "freed twice?");
  }
  const held = takeAll(pool);
  pool.freeBulk(held);
  for (const handle of held) {
    assertThrows(() => pool.free(handle), MisuseError, "it is not out; worker 0 had it last");
  }
  composition.check();
});

Deno.test("Mempool over a module counts exactly, and its allocator knows the most in use", async () => {
  const { pool, composition } = await poolOver(FREE_LIST, 4);
  const counts = () => composition.allocator("own").backend.counts();
  assertEquals(counts().peakInUse, 4);
  for (let pair = 0; pair < 100; pair++) pool.free(pool.allocate(ATOMIC));
  assertEquals(counts().peakInUse, 5);
  const held = takeAll(pool);
  const { hits, none } = pool.counts();
  assertEquals([hits, none], [[100 + 1020, 3, 0, 1, 0], 1]);
  assertEquals([counts().peakInUse, counts().atomicFailures], [1024, 5]);
  assertEquals(composition.outstanding("pool"), held.length);
  composition.check();
});

Deno.test("Mempool over a module is closed for frees by its end", async () => {
  const { pool, own } = await poolOver(FREE_LIST, 1);
  const handle = pool.allocate(ATOMIC);
  pool.destroy({ force: true });
  assertEquals(own()[0], NOBODY);
  assertThrows(() => pool.free(handle), Error, "Cannot free element");
});
