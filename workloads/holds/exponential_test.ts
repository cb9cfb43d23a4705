import { assertLess } from "@std/assert";
import { garbageOf } from "../garbage.ts";
import { exponentialShare, ksBound, ksDistance } from "../goodness_of_fit.ts";
import { createRandom } from "../random.ts";
import { exponential } from "./exponential.ts";

const DRAWS = 40_000;
const next = exponential.times({ mean: 500 }, createRandom(3, 2));

Deno.test("exponential.times() is exponential", () => {
  const times = Array.from({ length: DRAWS }, next);
  assertLess(ksDistance(times, exponentialShare(500)), ksBound(DRAWS));
});

Deno.test("exponential.times() leaves no garbage behind", () => {
  const total = new Float64Array(1);
  const grown = garbageOf(() => {
    for (let i = 0; i < 50_000; i++) total[0] = total[0]! + next();
  });
  assertLess(grown, 50_000);
});
