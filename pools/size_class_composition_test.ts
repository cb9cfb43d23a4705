/** Pools over an allocator of any size: who shares a cache with whom. */
import { assertEquals, assertGreater, assertThrows } from "@std/assert";
import { ATOMIC, BLOCKING } from "../allocators/allocator.ts";
import { Layout } from "../sync/mod.ts";
import { type CompositionSpec, planComposition, type PoolSpec } from "./composition_plan.ts";
import { composed, flatMemory } from "./testing/page_pool.ts";

function pool(over: string, objectBytes?: number): PoolSpec {
  const size = objectBytes === undefined ? {} : { objectBytes };
  return { over, ...size, minReserve: 2, policy: "five-level" };
}

const SPEC: CompositionSpec = {
  memory: { ...flatMemory(64), pageBytes: 512 },
  allocators: { general: { kind: "size-class" }, other: { kind: "size-class" } },
  pools: {
    bio: pool("general", 120),
    request: pool("general", 97),
    large: pool("general", 1025),
    outer: pool("bio"),
    elsewhere: pool("other", 128),
  },
  participants: 2,
  asyncSlots: 1,
};

Deno.test("planComposition() plans a cache for each size class in use, under its own name", () => {
  const { plan } = composed(SPEC);
  assertEquals(plan.allocators.map(({ name, planned }) => [name, planned.elementBytes]), [
    ["general/128", 128],
    ["general/2048", 2048],
    ["other/128", 128],
  ]);
  assertEquals(
    plan.pools.map(({ name, over, root }) => [name, over, root.name]),
    [
      ["bio", "general/128", "general/128"],
      ["request", "general/128", "general/128"],
      ["large", "general/2048", "general/2048"],
      ["outer", "bio", "general/128"],
      ["elsewhere", "other/128", "other/128"],
    ],
  );
});

Deno.test("planComposition() plans nothing for an allocator of any size that nobody uses", () => {
  const { sides: [composition] } = composed({ ...SPEC, pools: {} });
  assertEquals(composition!.allocators, []);
  composition!.check();
});

Deno.test("planComposition() refuses a size where there is none to choose, and wants one where there is", () => {
  const plan = (spec: PoolSpec) =>
    planComposition(new Layout(), { ...SPEC, pools: { bio: pool("general", 8), wrong: spec } });
  for (
    const [spec, message] of [
      [pool("general"), 'pool "wrong" stands on "general", which has any size: objectBytes must'],
      [
        pool("bio", 8),
        'pool "wrong" stands on "bio", whose elements have one size: no objectBytes',
      ],
      [pool("general", 2 ** 30), "which has no elements of 1073741824 bytes"],
    ] as const
  ) assertThrows(() => plan(spec), RangeError, message);
});

Deno.test("Mempool over one size class takes what another pool of the class has freed, and nothing of other classes", () => {
  const { sides: [composition] } = composed(SPEC);
  const [bio, request, large] = ["bio", "request", "large"].map((name) => composition!.pool(name));
  assertEquals([bio!.elementBytes, large!.elementBytes], [128, 2048]);
  const handle = bio!.allocate(ATOMIC);
  const { byteOffset } = bio!.bytes(handle);
  bio!.free(handle);
  composition!.drain();
  const again = request!.allocate(ATOMIC);
  assertEquals([again, request!.bytes(again).byteOffset], [handle, byteOffset]);
  assertThrows(() => bio!.free(again), Error, "another pool of the same allocator");
  request!.free(again);
  composition!.check();
});

Deno.test("Composition.served() tells what pools had of each size class", () => {
  const { sides: [composition] } = composed(SPEC);
  for (const name of ["bio", "request", "outer", "large"]) {
    const one = composition!.pool(name);
    one.free(one.allocate(BLOCKING));
  }
  const served = composition!.allocators.map(({ name }) => composition!.served(name));
  assertEquals(served.map(({ allocs, frees }) => [allocs, frees]), [[3, 3], [1, 1], [0, 0]]);
  assertGreater(composition!.allocators[1]!.backend.footprint().pages, 0);
});
