/**
 * Pools of known answer. Twenty here, whose answers are written down, without closer looks; all 200, their answers found anew,
 * with them, by argument:
 *
 * `deno test -P=test tuning/size_drawn_test.ts -- --pools 200`
 *
 * @module
 */
import { assert, assertEquals, assertGreater, assertGreaterOrEqual, assertLess } from "@std/assert";
import { parseArgs } from "@std/cli/parse-args";
import type { Target } from "../results/recommendation.ts";
import { erlangSize } from "./erlang.ts";
import { drawnQueue, type Run, streamQueue } from "./experiment.ts";
import { sizeDrawn, TASKS_MAX } from "./size_drawn.ts";
import { limitOf } from "./target.ts";
import {
  batchesOf8,
  experimentOf,
  KNOWN_SIZES,
  type KnownPool,
  knownPool,
} from "./testing/known_pools.ts";
import { everyBlock as blocks, scripted } from "./testing/scripted_waits.ts";
import { BLOCKS } from "./wait_tally.ts";

const { pools } = parseArgs(Deno.args, { string: ["pools"] });
const POOLS = Number(pools ?? KNOWN_SIZES.length);

function recommended(pool: KnownPool, seed: number): number | null {
  const { target, offered } = pool;
  return sizeDrawn({
    ...{ experiment: experimentOf(pool, seed), target, confidence: 0.99 },
    ...{ floor: 1, most: 65_536, guess: Math.max(2, Math.ceil(offered + 2 * Math.sqrt(offered))) },
    ...(pools === undefined ? { closerLooks: 0 } : {}),
  }).recommended;
}

function isClose(size: number, truth: number): boolean {
  return size <= truth + Math.max(1, Math.floor(0.05 * truth));
}

Deno.test(`sizeDrawn() seldom recommends too little, and seldom much too much, for ${POOLS} pools of known answer`, () => {
  let tooSmall = 0;
  let close = 0;
  for (let index = 0; index < POOLS; index++) {
    const pool = knownPool(index);
    const size = recommended(pool, index);
    const truth = pools === undefined ? KNOWN_SIZES[index]! : pool.size();
    if (size !== null && size < truth) tooSmall++;
    if (size !== null && isClose(size, truth)) close++;
    if (pools !== undefined) console.log(index, pool.name, { truth, size });
  }
  assertEquals(tooSmall <= 0.01 * POOLS, true, `${tooSmall} of ${POOLS} too small`);
  assertGreaterOrEqual(close, 0.95 * POOLS);
});

Deno.test("sizeDrawn() lies between Erlang's answer and one element or 5 % above", () => {
  for (
    const [offered, below] of [[1, 0.1], [1, 1e-4], [5, 0.01], [20, 0.01], [60, 0.01], [200, 0.1]]
  ) {
    const load = {
      arrival: { kind: "poisson", rate: offered! * 1000 },
      hold: { kind: "exponential", mean: 1e6 },
    };
    const target: Target = { kind: "wait-rate", below: below! };
    const { recommended } = sizeDrawn({
      experiment: drawnQueue(load, 11, { limitNs: 0, budget: 0 }),
      ...{ target, confidence: 0.99, floor: 1, most: 65_536, guess: Math.ceil(offered! + 2) },
      closerLooks: 0,
    });
    const truth = erlangSize({ offered: offered!, meanHoldNs: 1e6, limitNs: 0 }, below!);
    assert(recommended !== null && recommended >= truth && isClose(recommended, truth));
  }
});

Deno.test("sizeDrawn() looks closer and finds 51 for batches of 8 where independent arrivals need 32", () => {
  const target: Target = { kind: "wait-rate", below: 0.01 };
  const poisson = {
    arrival: { kind: "poisson", rate: 20_000 },
    hold: { kind: "exponential", mean: 1e6 },
  };
  const queue = { limitNs: limitOf(target), budget: 0 };
  for (
    const [experiment, truth] of [
      [streamQueue(() => batchesOf8(20, 3), queue), 51],
      [drawnQueue(poisson, 3, queue), 32],
    ] as const
  ) {
    const sizing = { experiment, target, confidence: 0.99, floor: 1, most: 65_536, guess: 29 };
    const { recommended, evidence, coarse } = sizeDrawn(sizing);
    assertEquals(recommended, truth);
    assertGreater(evidence.tasks, coarse.tasks);
    const hasty = sizeDrawn({ ...sizing, closerLooks: 0 }).recommended!;
    assert(hasty > truth && isClose(hasty, truth));
  }
});

Deno.test("sizeDrawn() believes an answer only once its neighbours have shown how waits come there", () => {
  // Far below they come evenly. Just below, in clumps that nobody sees who looks from 96 to 98; from there on too seldom to tell.
  const experiment = scripted((min) =>
    min <= 96
      ? { share: 0.02, blocks: blocks(1, BLOCKS) }
      : min === 97
      ? { share: 0.0065, blocks: blocks(4, BLOCKS) }
      : { share: min === 98 ? 0.006 : 0.001, blocks: blocks(1, 10) }
  );
  const target: Target = { kind: "wait-rate", below: 0.01 };
  const { recommended } = sizeDrawn({
    ...{ experiment, target, confidence: 0.99, floor: 1, most: 65_536, guess: 100, looks: 1 },
  });
  assertEquals(recommended, 99);
});

Deno.test("sizeDrawn() looks once where less is allowed than there must be, and recommends nothing", () => {
  const runs: Run[] = [];
  const experiment = scripted(() => ({ share: 1, blocks: [0] }), (run) => runs.push(run));
  const target: Target = { kind: "wait-rate", below: 0.01 };
  const { recommended, outOfReach, lowest } = sizeDrawn({
    ...{ experiment, target, confidence: 0.99, floor: 21, most: 15, guess: 15 },
  });
  assertEquals({ recommended, outOfReach, lowest }, {
    ...{ recommended: null, outOfReach: true, lowest: 15 },
  });
  assertEquals(runs.map(({ minReserves }) => minReserves), [[15]]);
});

Deno.test("sizeDrawn() tries less where nobody waits with what it began with", () => {
  const load = {
    arrival: { kind: "poisson", rate: 5000 },
    hold: { kind: "exponential", mean: 1e6 },
  };
  const queue = drawnQueue(load, 11, { limitNs: 0, budget: 0 });
  let most = 0;
  const experiment = {
    ...queue,
    run(run: Run) {
      most = Math.max(most, run.tasks);
      return queue.run(run);
    },
  };
  const target: Target = { kind: "wait-rate", below: 0.01 };
  const sizing = { experiment, target, confidence: 0.99, floor: 1, most: 65_536, guess: 120 };
  const { recommended } = sizeDrawn(sizing);
  const truth = erlangSize({ offered: 5, meanHoldNs: 1e6, limitNs: 0 }, 0.01);
  assert(recommended !== null && recommended >= truth && isClose(recommended, truth));
  assertLess(most, 2 ** 21);
});

Deno.test("sizeDrawn() begins with as many tasks as a look must have, and looks no longer than it may", () => {
  const lengths = (leastTasks: number) => {
    const runs: Run[] = [];
    sizeDrawn({
      experiment: scripted(() => ({ share: 0, blocks: [] }), (run) => runs.push(run)),
      target: { kind: "wait-rate", below: 1e-12 },
      ...{ confidence: 0.99, floor: 1, most: 64, guess: 8, looks: 3, leastTasks },
    });
    return [...new Set(runs.map(({ tasks }) => tasks))];
  };
  assertEquals(lengths(0), [2 ** 17, 2 ** 18, 2 ** 19]);
  assertEquals(lengths(2 ** 20), [2 ** 20, 2 ** 21, 2 ** 22]);
  assertEquals(lengths(TASKS_MAX), [TASKS_MAX]);
});
