import { assertEquals, assertGreaterOrEqual, assertNotEquals } from "@std/assert";
import { ATOMIC, BLOCKING, NONE } from "../allocators/allocator.ts";
import {
  attachComposition,
  type Composition,
  createComposition,
  joinComposition,
} from "../pools/composition.ts";
import {
  type CompositionPlan,
  type CompositionSpec,
  planComposition,
} from "../pools/composition_plan.ts";
import type { Mempool } from "../pools/mempool.ts";
import { createRegion, Layout, type Region } from "../sync/mod.ts";
import type { PoolState } from "./snapshot.ts";
import { SnapshotReader } from "./snapshot_reader.ts";

const PAGES = 6;
const COORDINATOR = 2;

const SPEC: CompositionSpec = {
  memory: {
    pages: PAGES,
    pageBytes: 4096,
    watermarks: { min: 0, low: 0, high: 0 },
    growTo: PAGES,
  },
  allocators: { page: { kind: "page", order: 0 } },
  pools: {
    inner: { over: "page", minReserve: 2, policy: "five-level" },
    outer: { over: "inner", minReserve: 1, policy: "five-level" },
  },
  participants: COORDINATOR + 1,
  asyncSlots: 2,
};

/** Two workers and the coordinator, in this thread. */
interface Rig {
  readonly reader: SnapshotReader;
  readonly workers: readonly Composition[];
}

function attach(plan: CompositionPlan, region: Region, id: number): Composition {
  return attachComposition(plan, region, joinComposition(plan, region, id));
}

function rig(owner: number | null = null, spec = SPEC): Rig {
  const layout = new Layout();
  const plan = planComposition(layout, spec);
  const region = createRegion(layout, plan.memoryBytes);
  const coordinator = createComposition(plan, region, joinComposition(plan, region, COORDINATOR));
  const workers = [0, 1].map((id) => attach(plan, region, id));
  return { reader: new SnapshotReader(coordinator, [{ plan, region, owner }]), workers };
}

/** A pool as the coordinator sees it, once somebody is stuck. */
function seen({ reader, workers }: Rig, name: string): PoolState {
  workers[0]!.participant.setStuck(true);
  return reader.read([0, 1]).pools.find((pool) => pool.name === name)!;
}

function takeAll(pool: Mempool): number[] {
  const taken: number[] = [];
  for (let handle = pool.allocate(ATOMIC); handle !== NONE; handle = pool.allocate(ATOMIC)) {
    taken.push(handle);
  }
  return taken;
}

Deno.test("SnapshotReader.read() tells who is stuck and who has moved, and reads no pool while nobody is", () => {
  const { reader, workers } = rig();
  const { participant } = workers[1]!;
  const before = reader.read([0, 1]);
  assertEquals(before.pools, []);
  assertEquals(before.workers.map(({ isStuck }) => isStuck), [false, false]);
  participant.setStuck(true);
  participant.setStuck(true);
  const stuck = reader.read([0, 1]);
  assertEquals(stuck.workers.map(({ isStuck }) => isStuck), [false, true]);
  assertEquals(stuck.pools.map(({ name, min }) => [name, min]), [["inner", 2], ["outer", 1]]);
  assertEquals(reader.read([1]), { ...stuck, workers: [stuck.workers[1]!] });
  participant.setStuck(false);
  participant.setStuck(true);
  assertNotEquals(reader.read([1]).workers[0]!.changes, stuck.workers[1]!.changes);
});

Deno.test("SnapshotReader.read() sees who waits in which pool, what is below it, and what was tried", async () => {
  const watched = rig();
  const { workers, reader } = watched;
  const outer = workers[1]!.pool("outer");
  const held = takeAll(outer);
  assertEquals(held.length, PAGES);
  const before = seen(watched, "outer");
  assertEquals(before.below, [{ name: "inner", current: 0 }]);
  const waiting = outer.allocateAsync();
  const queued = seen(watched, "outer");
  assertEquals(queued.waiters.map(({ worker }) => worker), [1]);
  assertGreaterOrEqual(queued.waiters[0]!.waitedMs, 0);
  assertEquals([queued.noticing, queued.tries - before.tries], [[], 1]);
  assertGreaterOrEqual(queued.refusals! - before.refusals!, 1);
  assertEquals(seen(watched, "inner").waiters, []);
  reader.askWaiters();
  assertEquals(seen(watched, "outer").noticing, [1]);
  while (seen(watched, "outer").tries === queued.tries) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const tried = seen(watched, "outer");
  assertEquals(outer.allocate(ATOMIC), NONE);
  assertEquals(
    seen(watched, "outer").refusals,
    tried.refusals,
    "it was not asked as hard as it can be",
  );
  workers[1]!.participant.setStuck(true);
  outer.free(held.pop()!);
  const handed = seen(watched, "outer");
  assertEquals([handed.waiters, handed.noticing], [[], [1]]);
  held.push(await waiting);
  assertEquals(seen(watched, "outer").noticing, []);
  assertEquals(reader.read([1]).workers[0]!.isStuck, false, "who is served is stuck no longer");
  held.forEach(outer.free);
  assertEquals(seen(watched, "outer").below, [{ name: "inner", current: 2 }]);
  workers.forEach((worker) => worker.detach());
});

Deno.test("SnapshotReader.holdings() counts each pool's elements by the worker that has them", () => {
  const watched = rig();
  const { workers, reader } = watched;
  const holding = (name: string) => reader.holdings(seen(watched, name));
  workers[0]!.pool("outer").allocate(BLOCKING);
  workers[1]!.pool("outer").allocate(BLOCKING);
  workers[1]!.pool("outer").allocate(BLOCKING);
  workers[0]!.pool("inner").allocate(BLOCKING);
  assertEquals(holding("outer"), [{ worker: 0, elements: 1 }, { worker: 1, elements: 2 }]);
  assertEquals(holding("inner"), [{ worker: 0, elements: 1 }]);
});

Deno.test("SnapshotReader reads a worker's own pools as that worker's, where refusals are not to be seen", async () => {
  const watched = rig(1);
  const pool = watched.workers[0]!.pool("outer");
  const held = takeAll(pool);
  const waiting = pool.allocateAsync();
  const { owner, refusals, waiters } = seen(watched, "outer");
  assertEquals([owner, refusals, waiters.map(({ worker }) => worker)], [1, null, [1]]);
  assertEquals(watched.reader.holdings({ name: "outer", owner: 1 }), [{
    worker: 1,
    elements: PAGES,
  }]);
  held.forEach(pool.free);
  pool.free(await waiting);
  watched.workers.forEach((worker) => worker.detach());
});

Deno.test("SnapshotReader.read() counts on pools below where every part comes from one, and on no refusal of such elements", () => {
  const spec: CompositionSpec = {
    ...SPEC,
    allocators: {
      ...SPEC.allocators,
      pooled: { kind: "composite", parts: [{ of: "inner", count: 1 }, { of: "outer", count: 1 }] },
      mixed: { kind: "composite", parts: [{ of: "inner", count: 1 }, { of: "page", count: 1 }] },
    },
    pools: {
      ...SPEC.pools,
      fromPools: { over: "pooled", minReserve: 0, policy: "five-level" },
      fromBoth: { over: "mixed", minReserve: 0, policy: "five-level" },
    },
  };
  const made = rig(null, spec);
  const names = (pool: string) => seen(made, pool).below.map(({ name }) => name);
  assertEquals(names("fromPools"), ["inner", "outer", "inner"]);
  assertEquals([names("fromBoth"), names("outer"), names("inner")], [[], ["inner"], []]);
  assertEquals(seen(made, "fromBoth").refusals, null);
  assertEquals(seen(made, "outer").refusals, 0);
});

Deno.test("SnapshotReader.read() names the pools that share a floor of the allocator, with it or with those below it", () => {
  const floor = { over: "page", minReserve: 1, policy: "allocator-reservation" };
  const above = { minReserve: 0, policy: "five-level" };
  const pools = {
    a: floor,
    b: floor,
    own: { ...above, over: "page" },
    outer: { ...above, over: "a" },
  };
  const made = rig(null, { ...SPEC, pools });
  const names = Object.keys(pools).map((pool) => seen(made, pool).beside);
  assertEquals(names, [["b"], ["a"], [], ["b"]]);
});
