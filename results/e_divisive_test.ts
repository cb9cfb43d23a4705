import { assertEquals, assertGreater, assertLess } from "@std/assert";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { changePoints, valuesNeeded } from "./e_divisive.ts";

/** Roughly normal noise of deviation 1: twelve uniforms less their mean. */
function noise(length: number, seed: number): number[] {
  const random = xoroshiro128plus(seed);
  const uniform = () => (random.next() >>> 0) / 2 ** 32;
  return Array.from(
    { length },
    () => Array.from({ length: 12 }, uniform).reduce((a, b) => a + b) - 6,
  );
}

Deno.test("changePoints() finds none in noise, in 95 of 100 series and more", () => {
  const changed = (alpha: number) =>
    Array.from({ length: 100 }, (_, seed) => changePoints(noise(40, seed), alpha))
      .filter((points) => points.length > 0).length;
  assertLess(changed(0.05), 11); // 5 expected: more than 10 in 1 of 90 choices of seeds
  assertLess(changed(0.01), 4);
});

Deno.test("changePoints() finds steps of 2.5 deviations where they are, up and down", () => {
  let found = 0;
  for (let seed = 0; seed < 20; seed++) {
    const values = noise(45, seed).map((value, i) => value + (i >= 15 && i < 30 ? 2.5 : 0));
    const points = changePoints(values, 0.01);
    const [up = -9, down = -9] = points;
    if (points.length === 2 && Math.abs(up - 15) <= 1 && Math.abs(down - 30) <= 1) found++;
  }
  assertGreater(found, 15);
});

Deno.test("changePoints() is not taken in by outliers", () => {
  for (let seed = 0; seed < 20; seed++) {
    const values = noise(40, seed).map((value, i) => value + (i === 11 || i === 33 ? 40 : 0));
    assertEquals(changePoints(values, 0.001), []);
  }
});

Deno.test("changePoints() says the same each time, and needs no noise to say it", () => {
  const values = noise(40, 7).map((value, i) => value + (i < 20 ? 0 : 1.4));
  assertEquals(changePoints(values, 0.05), changePoints(values, 0.05));
  assertEquals(changePoints([...Array(10).fill(7), ...Array(10).fill(8)], 0.01), [10]);
  for (const same of [[], [3], Array(20).fill(7), Array(20).fill(0)]) {
    assertEquals(changePoints(same, 0.05), []);
  }
});

Deno.test("valuesNeeded() is what two parts that lie apart need", () => {
  assertEquals([0.05, 0.01, 0.001].map(valuesNeeded), [10, 13, 16]);
  for (const alpha of [0.05, 0.01, 0.001]) {
    const length = valuesNeeded(alpha);
    const apart = Array.from({ length }, (_, i) => i < length >> 1 ? i / 100 : 9 + i / 100);
    assertEquals(changePoints(apart, alpha), [length >> 1]);
    assertEquals(changePoints(apart.slice(0, 2 * 3 - 1), alpha), []);
  }
});
