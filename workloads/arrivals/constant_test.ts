import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { garbageOf } from "../garbage.ts";
import { createRandom } from "../random.ts";
import { constant } from "./constant.ts";

Deno.test("constant.gaps() is evenly spaced", () => {
  const next = constant.gaps(
    { rate: 1000 },
    { rateShare: 1, worker: 0, workers: 1 },
    createRandom(1, 0),
  );
  assertEquals([next(), next(), next()], [1e6, 1e6, 1e6]);
});

Deno.test("constant.gaps() with a fraction do not drift", () => {
  const context = { rateShare: 1, worker: 0, workers: 1 };
  const next = constant.gaps({ rate: 300 }, context, createRandom(1, 0));
  let now = 0;
  for (let arrival = 1; arrival <= 300_000; arrival++) {
    now += next();
    if (arrival % 3 === 0) assertEquals(now, arrival / 3 * 1e7);
  }
});

Deno.test("constant.gaps() offsets the workers, so that the total is evenly spaced", () => {
  const workers = 4;
  const times = Array.from({ length: workers }, (_, worker) => {
    const context = { rateShare: 1 / workers, worker, workers };
    const next = constant.gaps({ rate: 1000 }, context, createRandom(1, worker));
    let now = 0;
    return Array.from({ length: 10 }, () => now += next());
  });
  const merged = times.flat().sort((a, b) => a - b);
  merged.forEach((time, i) => assertAlmostEquals(time, (i + 1) * 1e6, 1e-3));
});

Deno.test("constant.gaps() leaves no garbage behind", () => {
  const context = { rateShare: 1, worker: 0, workers: 1 };
  const next = constant.gaps({ rate: 3000 }, context, createRandom(1, 0));
  const clock = new Float64Array(1);
  const grown = garbageOf(() => {
    for (let i = 0; i < 50_000; i++) clock[0] = clock[0]! + next();
  });
  assertLess(grown, 50_000);
});
