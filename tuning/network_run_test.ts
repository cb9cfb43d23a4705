/**
 * Pools together: one of them alone is the simulation of one pool; and a queue written apart says what tasks wait that take from
 * several.
 *
 * @module
 */
import { assertEquals, assertGreater, assertLessOrEqual } from "@std/assert";
import fc from "fast-check";
import { ASYNC, type Call, type Caller, callersOf } from "./callers.ts";
import { compilePolicy } from "../pools/compiled_policy.ts";
import { resolvePolicy } from "../pools/composition_plan.ts";
import * as policies from "../pools/policies/mod.ts";
import { createRandom } from "../workloads/random.ts";
import { BLOCKING, type Context } from "../allocators/allocator.ts";
import type { Network, NetworkPool, Source } from "./network.ts";
import { runNetwork } from "./network_run.ts";
import { runPolicyPool } from "./policy_pool.ts";
import { type Backend, scriptOf, type Serves } from "./scripted_backend.ts";
import { WaitTally } from "./wait_tally.ts";

const BACKENDS: readonly Backend[] = [
  { kind: "dead" },
  { kind: "budget", elements: 3 },
  { kind: "pressure", name: "outages", pressure: { failure: [0, 0], upNs: 4e6, downNs: 2e6 } },
  { kind: "pressure", name: "fail", pressure: { failure: [0.5, 0.4], upNs: Infinity, downNs: 0 } },
];

const poolOf = (policy: string): NetworkPool => ({
  name: policy,
  policy: compilePolicy(resolvePolicy(policy)),
  source: { kind: "allocator", allocator: 0 },
});

Deno.test("runNetwork() of one pool counts what a simulation of one pool counts, level by level", () => {
  const tasks = 3000;
  for (const policy of Object.keys(policies)) {
    for (const backend of BACKENDS) {
      for (const [atomicShare, asyncShare] of [[0, 0], [0.2, 0], [0, 1], [0.1, 0.5]]) {
        const load = {
          arrival: { kind: "poisson", rate: 8000 },
          hold: { kind: "exponential", mean: 1e6 },
          ...{ workers: 3, elements: 1, atomicShare: atomicShare!, asyncShare: asyncShare! },
        };
        const one = new WaitTally({ tasks, limitNs: 0, skipped: 100 });
        const both = new WaitTally({ tasks, limitNs: 0, skipped: 100 });
        const setup = { tasks, skipped: 100 };
        const counts = runPolicyPool({
          ...{ ...setup, tally: one, minReserve: 6, callers: callersOf(load, 1) },
          policy: poolOf(policy).policy,
          serves: scriptOf(backend, createRandom(5, 0)),
        });
        const [pool] = runNetwork({
          ...{ ...setup, tally: both, minReserves: [6], callers: callersOf(load, 1) },
          network: { pools: [poolOf(policy)], allocators: 1, kinds: [[{ pool: 0, count: 1 }]] },
          serves: scriptOf(backend, createRandom(5, 0)),
          countsElements: backend.kind === "budget",
        });
        const where = `${policy} over ${JSON.stringify(backend)}, ${atomicShare}, ${asyncShare}`;
        assertEquals(pool, { ...counts }, where);
        assertEquals([both.exceeded, both.maxNs], [one.exceeded, one.maxNs], where);
      }
    }
  }
});

/** A task of the plain queue: when it arrives, how long it holds, and which pools it takes from in order. */
interface Draft {
  readonly start: number;
  readonly hold: number;
  readonly kind: number;
}

const written = (drafts: readonly Draft[], call: Call): Caller => {
  let at = -1;
  const caller: Caller = {
    ...{ nextAt: 0, holdNs: 0, call, kind: 0 },
    advance() {
      const draft = drafts[++at];
      caller.nextAt = draft?.start ?? Infinity;
      caller.holdNs = draft?.hold ?? 0;
      caller.kind = draft?.kind ?? 0;
    },
  };
  caller.advance();
  return caller;
};

/** Each task takes from pool 0, then from pool 1 or 2. */
const BRANCHED: Network = {
  pools: [poolOf("five-level"), poolOf("five-level"), poolOf("five-level")],
  allocators: 1,
  kinds: [1, 2].map((pool) => [{ pool: 0, count: 1 }, { pool, count: 1 }]),
};

const waitsOf = (
  drafts: readonly Draft[],
  minReserves: readonly number[],
  callers: Caller[],
  network: Network = BRANCHED,
  serves: Serves = () => false,
) => {
  const tasks = drafts.length;
  const waits = Array<number>(tasks).fill(0);
  const tally = new WaitTally({ tasks, limitNs: 0, skipped: 0 });
  const wait = tally.wait.bind(tally);
  tally.wait = (task, waitNs) => wait(task, waits[task] = waitNs);
  const setup = { network, minReserves, serves, countsElements: false };
  runNetwork({ ...setup, callers, tasks, skipped: 0, tally });
  return waits;
};

/** Dead back ends, and each task waits by itself: it begins when of those before it few enough are left in both pools. */
function plainWaits(drafts: readonly Draft[], minReserves: readonly number[]): number[] {
  const ends: number[] = [];
  const nth = (times: readonly number[], elements: number) =>
    times.length < elements ? -Infinity : times.toSorted((a, b) => b - a)[elements - 1] ?? Infinity;
  return drafts.map(({ start, hold, kind }, task) => {
    const alike = ends.filter((_, other) => drafts[other]!.kind === kind);
    const first = nth(ends, minReserves[0]!);
    const begin = Math.max(start, first, nth(alike, minReserves[1 + kind]!));
    ends[task] = begin + hold;
    return begin - start;
  });
}

const draftsOf = (kinds: number) =>
  fc.array(
    fc.record({
      gap: fc.integer({ min: 0, max: 4 }),
      hold: fc.integer({ min: 1, max: 20 }),
      kind: fc.integer({ min: 0, max: kinds - 1 }),
    }),
    { minLength: 1, maxLength: 60 },
  ).map((drafts) => {
    let start = 0;
    return drafts.map(({ gap, ...rest }): Draft => ({ start: start += gap, ...rest }));
  });
const DRAFTS = draftsOf(2);
const SIZES = fc.tuple(...[7, 4, 4].map((max) => fc.integer({ min: 1, max })));

Deno.test("runNetwork() lets tasks wait as a queue written apart does, pool after pool", () => {
  fc.assert(
    fc.property(DRAFTS, SIZES, (drafts, sizes) => {
      assertEquals(
        waitsOf(drafts, sizes, [written(drafts, ASYNC)]),
        plainWaits(drafts, sizes),
      );
    }),
    { numRuns: 300 },
  );
});

Deno.test("runNetwork() lets nobody wait longer with more elements anywhere, where tasks wait by themselves", () => {
  fc.assert(
    fc.property(DRAFTS, SIZES, SIZES, (drafts, sizes, more) => {
      const larger = sizes.map((size, pool) => size + more[pool]! - 1);
      const [few, many] = [sizes, larger].map((each) =>
        waitsOf(drafts, each, [written(drafts, ASYNC)])
      );
      few!.forEach((wait, task) => assertLessOrEqual(many![task]!, wait));
    }),
    { numRuns: 300 },
  );
});

Deno.test("runNetwork() may let more tasks wait with more elements, where waiting blocks their worker", () => {
  const drafts = [[1, 6, 0], [1, 9, 1], [1, 9, 1], [2, 3, 0]].map(([start, hold, kind]): Draft => ({
    ...{ start: start!, hold: hold!, kind: kind! },
  }));
  const odd = (_: Draft, task: number) => task % 2 === 1;
  const even = (draft: Draft, task: number) => !odd(draft, task);
  // The second task waits for pool 2 no longer: so its worker comes in time for the fourth, to find pool 0 used up.
  const waiting = (elements: number) => {
    const callers = [drafts.filter(even), drafts.filter(odd)].map((own) => written(own, BLOCKING));
    return waitsOf(drafts, [2, 1, elements], callers).filter((wait) => wait > 0).length;
  };
  assertGreater(waiting(2), waiting(1));
});

/** Tasks of the first kind take from a pool, those of the second from one that stands on it, or on what it is a part of. */
const nested = (source: Source): Network => ({
  pools: [poolOf("five-level"), { ...poolOf("five-level"), source }],
  allocators: 1,
  kinds: [[{ pool: 0, count: 1 }], [{ pool: 1, count: 1 }]],
});

Deno.test("runNetwork() serves who waits above a pool once somebody frees into the pool beneath", () => {
  const parts: Source = { kind: "parts", parts: [{ source: { kind: "pool", pool: 0 }, count: 2 }] };
  const cases: readonly [Source, number][] = [[{ kind: "pool", pool: 0 }, 1], [parts, 2]];
  for (const [source, elements] of cases) {
    const drafts = [[0, 10, 0], [1, 5, 1], [2, 5, 1]].map(([start, hold, kind]): Draft => ({
      ...{ start: start!, hold: hold!, kind: kind! },
    }));
    const waits = waitsOf(drafts, [elements, 0], [written(drafts, ASYNC)], nested(source));
    assertEquals(waits, [0, 9, 13]);
  }
});

Deno.test("runNetwork() gives the parts of what cannot be put together back to where they came from", () => {
  const dead: Source = { kind: "allocator", allocator: 0 };
  const source: Source = {
    kind: "parts",
    parts: [{ source: { kind: "pool", pool: 0 }, count: 2 }, { source: dead, count: 1 }],
  };
  const drafts = [[0, 9, 1], [1, 9, 1], [2, 3, 0], [2, 3, 0], [3, 3, 0]]
    .map(([start, hold, kind]): Draft => ({ start: start!, hold: hold!, kind: kind! }));
  const waits = waitsOf(drafts, [2, 1], [written(drafts, ASYNC)], nested(source));
  // The second waits for the first; those who take from the pool beneath have both of its elements.
  assertEquals(waits, [0, 8, 0, 0, 2]);
});

/** Tasks that take one element, two at once, or three. */
const BULKS: Network = {
  pools: [poolOf("five-level")],
  allocators: 1,
  kinds: [1, 2, 3].map((count) => [{ pool: 0, count }]),
};

Deno.test("runNetwork() feeds a bulk at the head of the line until it has enough, and lets nobody pass it", () => {
  /** Each begins once those before have begun and few enough elements of theirs are still held. */
  const plain = (drafts: readonly Draft[], elements: number): number[] => {
    const ends: number[] = [];
    let before = 0;
    return drafts.map(({ start, hold, kind }) => {
      const held = (at: number) => ends.filter((end) => end > at).length;
      before = [start, ...ends].map((at) => Math.max(at, start, before)).sort((a, b) => a - b)
        .find((at) => held(at) + kind + 1 <= elements)!;
      ends.push(...Array<number>(kind + 1).fill(before + hold));
      return before - start;
    });
  };
  fc.assert(
    fc.property(draftsOf(3), fc.integer({ min: 3, max: 9 }), (drafts, elements) => {
      assertEquals(
        waitsOf(drafts, [elements], [written(drafts, ASYNC)], BULKS),
        plain(drafts, elements),
      );
    }),
    { numRuns: 300 },
  );
});

Deno.test("runNetwork() has a bulk that queues up give what it got to the head of the line", () => {
  const drafts = [[0, 100, 0], [1, 9, 1], [2, 9, 1]].map(([start, hold, kind]): Draft => ({
    ...{ start: start!, hold: hold!, kind: kind! },
  }));
  // One element of two for the third, once: the second, which has one of the reserve, has both then.
  let once = 1;
  const serves = (_context: Context, nowNs: number) => nowNs === 2 && once-- > 0;
  const [, second, third] = waitsOf(drafts, [2], [written(drafts, ASYNC)], BULKS, serves);
  assertEquals([second, third], [1, 9]);
});
