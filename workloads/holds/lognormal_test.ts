import { assertEquals, assertLess } from "@std/assert";
import { garbageOf } from "../garbage.ts";
import { ksBound, ksDistance, normalShare } from "../goodness_of_fit.ts";
import { createRandom } from "../random.ts";
import { lognormal } from "./lognormal.ts";

const DRAWS = 40_000;
const next = lognormal.times({ median: 200_000, sigma: 1.5 }, createRandom(3, 2));

Deno.test("lognormal.times() is log-normal", () => {
  const times = Array.from({ length: DRAWS }, next);
  assertLess(ksDistance(times, (x) => normalShare(Math.log(x / 200_000) / 1.5)), ksBound(DRAWS));
});

Deno.test("lognormal.times() with sigma 0 is constant", () => {
  const same = lognormal.times({ median: 700, sigma: 0 }, createRandom(3, 2));
  assertEquals([same(), same(), same()], [700, 700, 700]);
});

Deno.test("lognormal.times() leaves no garbage behind", () => {
  const total = new Float64Array(1);
  const grown = garbageOf(() => {
    for (let i = 0; i < 50_000; i++) total[0] = total[0]! + next();
  });
  assertLess(grown, 50_000);
});
