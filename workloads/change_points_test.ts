import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { noiseOf, pieces, slopeOf } from "./change_points.ts";
import { createRandom } from "./random.ts";

/** Normal noise of deviation 1 on a level for each so many numbers. */
function steps(levels: readonly number[], each: number, seed: number): number[] {
  const { normal } = createRandom(seed, 0);
  return levels.flatMap((level) => Array.from({ length: each }, () => level + normal()));
}

Deno.test("pieces() finds one piece in noise, in 19 of 20 series and more", () => {
  let changed = 0;
  for (let seed = 0; seed < 300; seed++) {
    if (pieces(steps([50], 20, seed)).length > 1) changed++;
  }
  assertLess(changed, 15);
});

Deno.test("pieces() finds where the level changes, and how often", () => {
  let found = 0;
  for (let seed = 0; seed < 50; seed++) {
    if (pieces(steps([50, 60], 10, seed)).join() === "0,10") found++;
    if (pieces(steps([50, 60, 45], 8, seed)).join() === "0,8,16") found++;
  }
  assertLess(94, found);
});

Deno.test("pieces() takes what is constant, or too short, for one piece", () => {
  for (const values of [[], [3], [3, 9, 1], Array(20).fill(7), Array(20).fill(0)]) {
    assertEquals(pieces(values), [0]);
  }
  assertEquals(pieces([...Array(10).fill(7), ...Array(10).fill(8)]), [0, 10]);
});

Deno.test("noiseOf() is the deviation of the noise, whatever the level does", () => {
  assertAlmostEquals(noiseOf(steps([0, 100, 50], 300, 3)), 1, 0.15);
});

Deno.test("slopeOf() finds a slope under noise and outliers, and is sure of it", () => {
  const times = Array.from({ length: 20 }, (_, i) => i * 5);
  const { normal } = createRandom(4, 0);
  const line = times.map((time, i) => 2 * time + normal() + (i % 7 === 0 ? 500 : 0));
  const { perUnit, deviations } = slopeOf(times, line);
  assertAlmostEquals(perUnit, 2, 0.15);
  assertLess(3.2, deviations);
  assertLess(slopeOf(times, line.map((value) => -value)).deviations, -3.2);
});

Deno.test("slopeOf() is not sure of a slope in noise", () => {
  const times = Array.from({ length: 20 }, (_, i) => i);
  let sure = 0;
  for (let seed = 0; seed < 300; seed++) {
    if (Math.abs(slopeOf(times, steps([50], 20, seed)).deviations) > 3.2) sure++;
  }
  assertLess(sure, 5);
});
