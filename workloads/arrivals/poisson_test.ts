import { assertAlmostEquals, assertLess } from "@std/assert";
import { garbageOf } from "../garbage.ts";
import {
  correlation,
  correlationBound,
  exponentialShare,
  ksBound,
  ksDistance,
  mean,
  squaredVariation,
} from "../goodness_of_fit.ts";
import { createRandom } from "../random.ts";
import { poisson } from "./poisson.ts";

const DRAWS = 40_000;
const context = { rateShare: 0.5, worker: 1, workers: 2 };
const next = poisson.gaps({ rate: 2000 }, context, createRandom(11, 1));
const gaps = Array.from({ length: DRAWS }, next);

Deno.test("poisson.gaps() is exponential", () => {
  assertAlmostEquals(mean(gaps) / 1e6, 1, 0.02);
  assertAlmostEquals(squaredVariation(gaps), 1, 0.05);
  assertLess(ksDistance(gaps, exponentialShare(1e6)), ksBound(DRAWS));
});

Deno.test("poisson.gaps() keeps no memory from one gap to the next", () => {
  const neighbours = correlation(gaps.slice(1), gaps.slice(0, -1));
  assertLess(Math.abs(neighbours), correlationBound(DRAWS));
});

Deno.test("poisson.gaps() gives two workers independent arrivals", () => {
  const other = poisson.gaps({ rate: 2000 }, context, createRandom(11, 0));
  const others = Array.from({ length: DRAWS }, other);
  assertLess(Math.abs(correlation(gaps, others)), correlationBound(DRAWS));
});

Deno.test("poisson.gaps() leaves no garbage behind", () => {
  const clock = new Float64Array(1);
  const grown = garbageOf(() => {
    for (let i = 0; i < 50_000; i++) clock[0] = clock[0]! + next();
  });
  assertLess(grown, 50_000);
});
