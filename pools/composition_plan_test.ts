import { assertEquals, assertThrows } from "@std/assert";
import { Layout } from "../sync/mod.ts";
import { allocatorKind, type CompositionSpec, planComposition } from "./composition_plan.ts";
import { flatMemory, pageSpec } from "./testing/page_pool.ts";

const SPEC = pageSpec({ memory: flatMemory(16), minReserve: 2 });

function plan(change: Partial<CompositionSpec>): unknown {
  return planComposition(new Layout(), { ...SPEC, ...change });
}

Deno.test("planComposition() lays out the same words for the same spec", () => {
  const [one, other] = [new Layout(), new Layout()];
  const placesOf = (layout: Layout) => {
    const { arena, pools, participantsAt } = planComposition(layout, SPEC);
    return {
      arena,
      participantsAt,
      pools: pools.map(({ reserve, front }) => ({ reserve, front })),
    };
  };
  assertEquals(placesOf(one), placesOf(other));
  assertEquals(one.blocks, other.blocks);
});

Deno.test("planComposition() has a word for each handle in whatever has one for each, and for none", () => {
  const layout = new Layout();
  planComposition(layout, { ...pageSpec({ memory: flatMemory(64), minReserve: 2 }), debug: true });
  const wordsOf = (name: string) => layout.blocks.find((block) => block.name === name)?.words;
  const tables = ["page/owners", "page/poisoned", "pool/links"];
  assertEquals(tables.map(wordsOf), [65, 65, 65]);
});

Deno.test("planComposition() leaves 7/8 of an allocator's elements out of all magazines together, whoever uses it", () => {
  const pool = (over: string) => ({ over, minReserve: 2, policy: "five-level" });
  const pair = { kind: "composite", parts: [{ of: "page", count: 2 }] };
  const tables = [
    { allocators: {}, pools: {}, fronts: 1 },
    { allocators: {}, pools: { one: pool("page") }, fronts: 1 },
    { allocators: {}, pools: { one: pool("page"), two: pool("page") }, fronts: 2 },
    { allocators: { pair }, pools: { pairs: pool("pair") }, fronts: 1 },
    { allocators: { pair }, pools: { one: pool("page"), pairs: pool("pair") }, fronts: 2 },
  ];
  for (const { allocators, pools, fronts } of tables) {
    const { allocators: planned } = planComposition(new Layout(), {
      ...pageSpec({ memory: flatMemory(1024), minReserve: 0 }),
      allocators: { ...SPEC.allocators, ...allocators },
      pools,
    });
    const page = planned.find(({ name }) => name === "page")!;
    assertEquals(page.rawFront.totalRounds, 1024 / 8 / fronts, Object.keys(pools).join());
  }
});

Deno.test("planComposition() refuses what is not there, by name", () => {
  const pool = SPEC.pools["pool"]!;
  assertThrows(
    () => plan({ pools: { pool: { ...pool, over: "nowhere" } } }),
    RangeError,
    'pool "pool" stands on "nowhere", which is neither an allocator nor a pool',
  );
  assertThrows(
    () => plan({ pools: { pool: { ...pool, policy: "six-level" } } }),
    RangeError,
    '"six-level" is not a policy',
  );
  assertThrows(
    () => plan({ allocators: { page: { kind: "paper" } } }),
    RangeError,
    '"paper" is not an allocator kind',
  );
  assertThrows(() => plan({ participants: 256 }), RangeError, "at most 255 participants");
  assertThrows(() => allocatorKind("toString"), RangeError, '"toString" is not an allocator kind');
});
