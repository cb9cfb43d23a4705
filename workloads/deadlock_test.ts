import { assertEquals } from "@std/assert";
import { boundsOf, type Deadlock, type DeadlockFacts, deadlockOf, type Stock } from "./deadlock.ts";
import { closed } from "./kinds/closed.ts";
import type { LoadKind, OneByOne } from "./kinds/load.ts";
import { open } from "./kinds/open.ts";
import { replay } from "./kinds/replay.ts";
import type { AlternativeSpec, Scenario, TakeSpec, WorkloadSpec } from "./scenario.ts";
import type { Holding, PoolState } from "./snapshot.ts";
import { plenty } from "./testing/scenarios.ts";

/** A pool, who waits in it, and who holds how many of its elements. */
interface Sketch {
  readonly name?: string;
  readonly owner?: number;
  readonly below?: string;
  readonly beside?: string;
  readonly waiting?: readonly number[];
  readonly holding?: Readonly<Record<number, number>>;
}

function facts(
  sketches: readonly Sketch[],
  changes: Partial<Pick<DeadlockFacts, "outlook" | "workers">> = {},
): DeadlockFacts {
  const { outlook = "dead", workers = [0, 1] } = changes;
  const held = new Map<PoolState, readonly Holding[]>();
  const ofPool = ({ name, owner }: Stock) =>
    [...held].find(([pool]) => pool.name === name && pool.owner === owner)![1];
  for (
    const { name = "buffers", owner = null, below, beside, waiting = [], holding = {} } of sketches
  ) {
    const pool: PoolState = {
      name,
      owner,
      min: 2,
      below: below === undefined ? [] : [{ name: below, current: 0 }],
      beside: beside === undefined ? [] : [beside],
      waiters: waiting.map((worker, index) => ({ worker, waitedMs: 100 + index })),
      noticing: [],
      tries: 0,
      refusals: 0,
    };
    const holdings = Object.entries(holding).map(([worker, elements]) => ({
      worker: Number(worker),
      elements,
    }));
    held.set(pool, holdings);
  }
  const states = workers.map((worker) => ({ worker, isStuck: true, changes: 1 }));
  const snapshot = { workers: states, pools: [...held.keys()] };
  return { workers, snapshot, outlook, allocators: [], pressed: null, holdings: ofPool };
}

Deno.test("deadlockOf() says of each worker what it holds and what it waits for, and how long", () => {
  const deadlock = deadlockOf(facts([
    { name: "a", waiting: [1, 1], holding: { 0: 1, 1: 3 } },
    { name: "b", waiting: [0] },
    { name: "c", holding: { 0: 2 } },
  ], { workers: [0, 1, 2] }));
  assertEquals(deadlock.workers, [
    {
      worker: 0,
      holds: [{ pool: "a", elements: 1 }, { pool: "c", elements: 2 }],
      awaits: [{ pool: "b", callers: 1, waitedMs: 100 }],
    },
    {
      worker: 1,
      holds: [{ pool: "a", elements: 3 }],
      awaits: [{ pool: "a", callers: 2, waitedMs: 101 }],
    },
    { worker: 2, holds: [], awaits: [] },
  ]);
  assertEquals(deadlock.pools, [{ name: "a", min: 2 }, { name: "b", min: 2 }]);
});

Deno.test("deadlockOf() counts what is held of an allocator without a pool, and who could free that", () => {
  const page: Stock = { name: "page", owner: null };
  const { holdings, ...rest } = facts([{ waiting: [0, 1] }], { outlook: "steady" });
  const holding = (worker: number) =>
    deadlockOf({
      ...rest,
      allocators: [page],
      holdings: (stock) => stock.name === "page" ? [{ worker, elements: 7 }] : holdings(stock),
    });
  assertEquals(holding(1).workers.map(({ holds }) => holds), [
    [],
    [{ pool: "page", elements: 7 }],
  ]);
  assertEquals([holding(1).self, holding(2).self], [1, null]);
});

Deno.test("deadlockOf() marks the worker that the pressure has brought", () => {
  const pressed = { worker: 1, kind: "hog" };
  const { workers } = deadlockOf({ ...facts([{ waiting: [0, 1] }]), pressed });
  assertEquals(workers.map(({ pressure }) => pressure), [undefined, "hog"]);
});

const SELVES: readonly {
  readonly what: string;
  readonly pools: readonly Sketch[];
  readonly changes?: Partial<Pick<DeadlockFacts, "outlook" | "workers">>;
  readonly self: number | null;
}[] = [
  {
    what: "nobody where two hold what the other waits for",
    pools: [{ waiting: [0, 1], holding: { 0: 1, 1: 1 } }],
    self: null,
  },
  {
    what: "who holds all and waits for more, whoever waits besides",
    pools: [{ waiting: [0, 1], holding: { 1: 2 } }],
    self: 1,
  },
  {
    what: "nobody where nobody holds anything",
    pools: [{ waiting: [0, 1] }],
    self: null,
  },
  {
    what: "the last that has not ended",
    pools: [{ waiting: [1] }],
    changes: { workers: [1] },
    self: 1,
  },
  {
    what: "nobody where an idle worker holds all",
    pools: [{ waiting: [1], holding: { 0: 2 } }],
    self: null,
  },
  {
    what: "a worker in its own pool",
    pools: [{ owner: 0 }, { owner: 1, waiting: [1] }],
    self: 1,
  },
  {
    what: "who waits in one pool only, not in another that others could free",
    pools: [
      { name: "a", waiting: [0], holding: { 0: 1 } },
      { name: "b", waiting: [0], holding: { 1: 1 } },
    ],
    self: null,
  },
  {
    what: "who holds all of the pool, whatever others hold of another over a dead back end",
    pools: [{ name: "a", waiting: [0], holding: { 0: 1 } }, { name: "b", holding: { 1: 1 } }],
    self: 0,
  },
  {
    what: "nobody where others hold memory of a living back end",
    pools: [{ name: "a", waiting: [0], holding: { 0: 1 } }, { name: "b", holding: { 1: 1 } }],
    changes: { outlook: "steady" },
    self: null,
  },
  {
    what: "nobody where others hold elements of a pool that shares its floor",
    pools: [
      { name: "a", beside: "b", waiting: [0], holding: { 0: 1 } },
      { name: "b", beside: "a", holding: { 1: 1 } },
    ],
    self: null,
  },
  {
    what: "nobody where others hold elements of the pool below",
    pools: [
      { name: "a", below: "b", waiting: [0], holding: { 0: 1 } },
      { name: "b", holding: { 1: 1 } },
    ],
    self: null,
  },
];

for (const { what, pools, changes, self } of SELVES) {
  Deno.test(`deadlockOf() finds that it waits for itself: ${what}`, () => {
    assertEquals(deadlockOf(facts(pools, changes)).self, self);
  });
}

/** The bound on the pool "buffers" with two workers, M = `min`. */
function boundOf(
  kind: Pick<LoadKind, "oneByOne">,
  workload: Partial<WorkloadSpec>,
  changes: Partial<Deadlock> & { readonly min?: number } = {},
) {
  const { min = 0, ...rest } = changes;
  const pools = [{ name: "buffers", min }];
  const deadlock: Deadlock = { workers: [], pools, self: null, outlook: "dead", ...rest };
  const scenario: Scenario = plenty({ workers: 2, ...workload });
  return boundsOf(deadlock, scenario, kind, () => true)[0];
}

function take(...counts: readonly number[]): TakeSpec[] {
  return counts.map((count) => ({ pool: "buffers", count, how: "each" }));
}

/** Alternatives by count and weight. */
function oneOf(
  ...counts: readonly (readonly [count: number, weight: number])[]
): AlternativeSpec[] {
  return counts.map(([count, weight]) => ({ pool: "buffers", count, how: "each", weight }));
}

Deno.test("boundsOf() is T(k-1)+1 for what each kind of load takes one by one", () => {
  const hold = { kind: "constant", time: 1 };
  const cases: readonly (readonly [LoadKind, Partial<WorkloadSpec>, number | undefined])[] = [
    [open, { take: take(3) }, 5],
    [open, { take: take(1, 1, 1) }, 5],
    [open, { take: take(1) }, 1],
    [open, { take: take(3), asyncShare: 0.1 }, Infinity],
    [open, { take: take(1), asyncShare: 0.1 }, 1],
    [open, { take: take(3), workers: 4 }, 9],
    [open, { take: [{ pool: "other", count: 3, how: "each" }] }, undefined],
    [closed, { take: take(3), inFlight: 7 }, 5],
    [closed, { take: take(3), inFlight: 7, asyncShare: 0.1 }, 29],
    [closed, { take: take(1), inFlight: 7 }, 13],
    [closed, { take: take(1), inFlight: 7, hold }, 1],
    [open, { take: take(1), takeOneOf: oneOf([2, 1], [1, 1]) }, 5],
    [open, { take: take(1), takeOneOf: oneOf([7, 0], [1, 1]) }, 3],
    [closed, { take: take(2), takeOneOf: oneOf([1, 1]), inFlight: 7, hold }, 5],
    [closed, { take: take(1), takeOneOf: oneOf([1, 1]), inFlight: 7 }, 3],
    [replay, { take: take(1) }, undefined],
  ];
  for (const [kind, workload, enough] of cases) {
    assertEquals(boundOf(kind, workload)?.enough, enough, JSON.stringify(workload));
  }
});

Deno.test("boundsOf() holds over back ends that live where the load fills the memory", () => {
  const one = { tasks: 1, elements: 1, couldBeBulk: false };
  const filling = { oneByOne: () => ({ ...one, fillsMemory: true }) };
  assertEquals(boundOf(filling, {}, { outlook: "steady" })?.enough, 1);
  assertEquals(boundOf({ oneByOne: () => one }, {}, { outlook: "steady" }), undefined);
});

Deno.test("boundsOf() is silent where the reserve is enough, or the back end not dead", () => {
  const three = { take: take(3) };
  assertEquals(boundOf(open, three, { min: 4 })?.min, 4);
  assertEquals(boundOf(open, three, { min: 5 }), undefined);
  assertEquals(boundOf(open, three, { outlook: "steady" }), undefined);
});

Deno.test("boundsOf() counts one worker where each has its own pool, and is exact without a pool below", () => {
  const taking: OneByOne = { tasks: 1, elements: 3, couldBeBulk: true };
  const kind = { oneByOne: () => taking };
  const deadlock: Deadlock = {
    workers: [],
    pools: [{ name: "outer", min: 1 }, { name: "buffers", min: 1 }],
    self: null,
    outlook: "dead",
  };
  const { pools, ...rest } = plenty({ workers: 2 });
  const outer = { over: "buffers", minReserve: 1, policy: "five-level" };
  const scenario = { ...rest, pools: { ...pools, outer } };
  const bounds = boundsOf(deadlock, scenario, kind, (pool) => pool === "outer");
  assertEquals(bounds.map(({ pool, enough, isExact }) => [pool, enough, isExact]), [
    ["outer", 5, false],
    ["buffers", 3, true],
  ]);
});
