import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { garbageOf } from "../garbage.ts";
import { ksBound, ksDistance, tailIndex } from "../goodness_of_fit.ts";
import { createRandom } from "../random.ts";
import { pareto } from "./pareto.ts";

const DRAWS = 40_000;
const next = pareto.times({ min: 500, alpha: 1.5 }, createRandom(3, 2));

Deno.test("pareto.times() is Pareto, with the index that it was given", () => {
  const times = Array.from({ length: DRAWS }, next);
  assertLess(ksDistance(times, (x) => 1 - (500 / x) ** 1.5), ksBound(DRAWS));
  assertAlmostEquals(tailIndex(times, 4000), 1.5, 4 * 1.5 / Math.sqrt(4000));
});

Deno.test("pareto.mean() is infinite from alpha 1 down", () => {
  assertEquals(pareto.mean({ min: 500, alpha: 1 }), Infinity);
  assertEquals(pareto.mean({ min: 500, alpha: 1.5 }), 1500);
});

Deno.test("pareto.times() leaves no garbage behind", () => {
  const total = new Float64Array(1);
  const grown = garbageOf(() => {
    for (let i = 0; i < 50_000; i++) total[0] = total[0]! + next();
  });
  assertLess(grown, 50_000);
});
