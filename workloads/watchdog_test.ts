import { assertEquals } from "@std/assert";
import type { PoolState, Snapshot, WorkerState } from "./snapshot.ts";
import { type Outlook, outlookOf, SETTLE_MS, Watchdog } from "./watchdog.ts";

const LOOK_MS = 50;

/** Looks after which what had to settle has settled. */
const SETTLED = SETTLE_MS / LOOK_MS;

function worker(number: number, changes: Partial<WorkerState> = {}): WorkerState {
  return { worker: number, isStuck: true, changes: 1, ...changes };
}

/** A pool in which the workers of these numbers wait. */
function pool(waiting: readonly number[], changes: Partial<PoolState> = {}): PoolState {
  const waiters = waiting.map((worker) => ({ worker, waitedMs: 1 }));
  const quiet = { below: [], beside: [], noticing: [], tries: 0, refusals: 0 };
  return { name: "buffers", owner: null, min: 1, ...quiet, waiters, ...changes };
}

/** Two workers that wait for each other. */
const STUCK: Snapshot = { workers: [worker(0), worker(1)], pools: [pool([0, 1])] };

/** What a watchdog finds in looks that follow each other. */
function looks(outlook: Outlook, snapshots: readonly Snapshot[]): number[][] {
  const watchdog = new Watchdog(outlook);
  return snapshots.map((snapshot, index) => watchdog.look(snapshot, 1000 + index * LOOK_MS));
}

/** What a watchdog finds in the end. */
function inTheEnd(outlook: Outlook, snapshots: readonly Snapshot[]): number[] {
  return looks(outlook, snapshots).at(-1)!;
}

function times(count: number, snapshot: Snapshot): Snapshot[] {
  return Array.from({ length: count }, () => snapshot);
}

/** The same with other pools. */
function withPools(...pools: PoolState[]): Snapshot {
  return { ...STUCK, pools };
}

Deno.test("Watchdog.look() finds workers that wait over a dead back end once that has settled, not before", () => {
  const found = looks("dead", times(SETTLED + 1, STUCK));
  assertEquals(found.slice(0, -1).flat(), []);
  assertEquals(found.at(-1), [0, 1]);
});

const LONG = 4 * SETTLED;

const GOING_ON: Readonly<Record<string, readonly Snapshot[]>> = {
  "somebody has something due": times(LONG, {
    ...STUCK,
    workers: [worker(0), worker(1, { isStuck: false })],
  }),
  "somebody did something in between": Array.from(
    { length: LONG },
    (_, look) => ({ ...STUCK, workers: [worker(0), worker(1, { changes: look / 4 | 0 })] }),
  ),
  "somebody is about to notice what he was handed": times(
    LONG,
    withPools(pool([0], { noticing: [1] })),
  ),
  "nobody waits": times(LONG, withPools(pool([]))),
  "everybody has ended": times(LONG, { workers: [], pools: [pool([])] }),
  "a look finds somebody at work": [
    ...times(SETTLED, STUCK),
    { ...STUCK, workers: [worker(0), worker(1, { isStuck: false, changes: 2 })] },
    ...times(SETTLED, { ...STUCK, workers: [worker(0), worker(1, { changes: 3 })] }),
  ],
};

for (const [why, snapshots] of Object.entries(GOING_ON)) {
  Deno.test(`Watchdog.look() finds nothing where ${why}`, () => {
    for (const outlook of ["dead", "steady"] as const) {
      assertEquals(looks(outlook, snapshots).flat(), []);
    }
  });
}

Deno.test("Watchdog.look() waits over a dead back end for a try where a pool below has elements", () => {
  const below = (current: number) => [{ name: "inner", current }];
  const waiting = (current: number, tries: number) =>
    withPools(pool([0, 1], { below: below(current), tries }));
  assertEquals(inTheEnd("dead", times(LONG, waiting(1, 0))), []);
  assertEquals(inTheEnd("dead", times(LONG, waiting(0, 0))), [0, 1]);
  assertEquals(
    inTheEnd("dead", [...times(LONG, waiting(1, 0)), ...times(SETTLED + 1, waiting(1, 1))]),
    [0, 1],
  );
});

Deno.test("Watchdog.look() wants a try in vain in each pool that is waited in, after all have settled", () => {
  const tried = (first: number, second: number) =>
    withPools(
      pool([0], { name: "first", tries: first }),
      pool([1], { name: "second", tries: second }),
      pool([], { name: "idle" }),
    );
  const settled = times(SETTLED + 1, tried(7, 7));
  const cases: readonly (readonly [snapshots: Snapshot[], found: number[]])[] = [
    [[...settled, ...times(LONG, tried(8, 7))], []],
    [[...settled, ...times(LONG, tried(7, 8))], []],
    [[...settled, ...times(LONG, tried(8, 8))], [0, 1]],
    // Before: it may have missed what was freed last.
    [[tried(7, 7), ...times(LONG, tried(8, 8))], []],
    // Just now: what it found for others may be on its way.
    [[...settled, ...times(SETTLED, tried(8, 8))], []],
    [[...settled, ...times(SETTLED + 1, tried(8, 8))], [0, 1]],
  ];
  for (const [snapshots, found] of cases) assertEquals(inTheEnd("steady", snapshots), found);
});

Deno.test("Watchdog.look() believes only the allocator itself where the back ends vary", () => {
  const asked = (tries: number, refusals: number | null) =>
    withPools(pool([0, 1], { tries, refusals }));
  const after = (snapshot: Snapshot) => [
    ...times(SETTLED + 1, asked(0, snapshot.pools[0]!.refusals === null ? null : 0)),
    ...times(LONG, snapshot),
  ];
  assertEquals(inTheEnd("varying", after(asked(99, 0))), []);
  assertEquals(inTheEnd("varying", after(asked(99, null))), []);
  assertEquals(inTheEnd("varying", after(asked(0, 1))), [0, 1]);
});

Deno.test("Watchdog.look() judges a worker alone that waits in its own pools only", () => {
  const busy = worker(1, { isStuck: false });
  const own = pool([0], { owner: 0 });
  const alone = (...pools: PoolState[]) =>
    inTheEnd("dead", times(LONG, { workers: [worker(0), busy], pools }));
  assertEquals(alone(own), [0]);
  assertEquals(alone(pool([0])), []);
  assertEquals(alone(own, pool([0])), [], "worker 1 may serve its other caller");
  const both = [own, pool([1], { owner: 1 })];
  assertEquals(inTheEnd("dead", times(LONG, { ...STUCK, pools: both })), [0, 1]);
});

Deno.test("Watchdog.look() takes idle workers that nobody could serve into account", () => {
  assertEquals(inTheEnd("dead", times(LONG, withPools(pool([1])))), [0, 1]);
});

Deno.test("Watchdog.suspects while all are stuck, and lacks a try once that has settled", () => {
  const watchdog = new Watchdog("steady");
  const seen = [];
  for (let look = 0; look <= SETTLED; look++) {
    watchdog.look(STUCK, look * LOOK_MS);
    seen.push([watchdog.suspects, watchdog.lacksTry]);
  }
  assertEquals(seen, [...Array(SETTLED).fill([true, false]), [true, true]]);
  watchdog.look(withPools(pool([0, 1], { tries: 1 })), (SETTLED + 1) * LOOK_MS);
  assertEquals([watchdog.suspects, watchdog.lacksTry], [true, false]);
  watchdog.look({ workers: [worker(0, { isStuck: false })], pools: [] }, 1e6);
  assertEquals([watchdog.suspects, watchdog.lacksTry], [false, false]);
});

Deno.test("outlookOf() tells what is over for good from what comes back", () => {
  const cases: readonly (readonly [Parameters<typeof outlookOf>[0], Outlook])[] = [
    [null, "steady"],
    [{ failure: [0, 0], upNs: 0, downNs: Infinity }, "dead"],
    [{ failure: [1, 1], upNs: Infinity, downNs: 0 }, "dead"],
    [{ failure: [1, 1], upNs: 5, downNs: 5 }, "dead"],
    [{ failure: [1, 0.5], upNs: Infinity, downNs: 0 }, "varying"],
    [{ failure: [0, 0], upNs: Infinity, downNs: 0 }, "steady"],
    [{ failure: [0, 0], upNs: 5, downNs: 5 }, "varying"],
    [{ failure: [0, 0], upNs: 5, downNs: Infinity }, "varying"],
  ];
  for (const [pressure, outlook] of cases) assertEquals(outlookOf(pressure), outlook);
});
