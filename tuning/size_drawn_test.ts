/**
 * Pools of known answer. Twenty here, whose answers are written down; all 200, their answers found anew, by argument:
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
import { sizeDrawn } from "./size_drawn.ts";
import { limitOf } from "./target.ts";
import {
  batchesOf8,
  experimentOf,
  KNOWN_SIZES,
  type KnownPool,
  knownPool,
} from "./testing/known_pools.ts";

const { pools } = parseArgs(Deno.args, { string: ["pools"] });
const POOLS = Number(pools ?? KNOWN_SIZES.length);

function recommended(pool: KnownPool, seed: number): number | null {
  const { target, offered } = pool;
  return sizeDrawn({
    ...{ experiment: experimentOf(pool, seed), target, confidence: 0.99 },
    ...{ floor: 1, most: 65_536, guess: Math.max(2, Math.ceil(offered + 2 * Math.sqrt(offered))) },
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
    });
    const truth = erlangSize({ offered: offered!, meanHoldNs: 1e6, limitNs: 0 }, below!);
    assert(recommended !== null && recommended >= truth && isClose(recommended, truth));
  }
});

Deno.test("sizeDrawn() needs 51 for batches of 8 where independent arrivals need 32", () => {
  const target: Target = { kind: "wait-rate", below: 0.01 };
  const experiment = streamQueue(() => batchesOf8(20, 3), { limitNs: limitOf(target), budget: 0 });
  const { recommended } = sizeDrawn({
    ...{ experiment, target, confidence: 0.99, floor: 1, most: 65_536, guess: 29 },
  });
  assertGreater(recommended!, 50);
  assert(isClose(recommended!, 51));
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
