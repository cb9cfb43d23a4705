import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import fc from "fast-check";
import {
  correlation,
  correlationBound,
  ksBound,
  ksDistance,
  mean,
  normalShare,
} from "./goodness_of_fit.ts";
import { garbageOf } from "./garbage.ts";
import { createRandom, type Random } from "./random.ts";

const DRAWS = 40_000;

Deno.test("Random.uniform() gives the same draws for a seed on every platform", () => {
  const random = createRandom(1, 0);
  const draws = [random.uniform(), random.uniform(), random.uniform(), random.below(1000)];
  assertEquals(draws, [0.44486928148210325, 0.46669610846816945, 0.6705857449539135, 400]);
});

Deno.test("Random.normal() gives the same draws for a seed on every platform", () => {
  const random = createRandom(7, 3);
  assertEquals([random.normal(), random.normal(), random.normal()], [
    -0.20667582110870608,
    0.925967869953377,
    0.4883529273591749,
  ]);
});

Deno.test("Random.uniform() is uniform, and never 0 or 1", () => {
  const draws = sample((random) => random.uniform());
  assert(draws.every((draw) => draw > 0 && draw < 1));
  assertLess(ksDistance(draws, (x) => x), ksBound(DRAWS));
});

Deno.test("Random.uniform() is fine-grained near 0, where logarithms need it", () => {
  const draws = sample((random) => random.uniform());
  assertEquals(new Set(draws).size, DRAWS);
});

Deno.test("Random.normal() is standard normal", () => {
  const draws = sample((random) => random.normal());
  assertLess(ksDistance(draws, normalShare), ksBound(DRAWS));
  assertAlmostEquals(mean(draws), 0, 0.02);
  assertAlmostEquals(mean(draws.map((draw) => draw * draw)), 1, 0.03);
});

Deno.test("Random.normal() keeps no memory from one draw to the next", () => {
  const draws = sample((random) => random.normal());
  assertLess(Math.abs(correlation(draws.slice(1), draws.slice(0, -1))), correlationBound(DRAWS));
});

for (const n of [1, 2, 3, 7, 512, 2 ** 21]) {
  Deno.test(`Random.below(${n}) is uniform over whole numbers`, () => {
    const draws = sample((random) => random.below(n));
    assert(draws.every((draw) => Number.isInteger(draw) && draw >= 0 && draw < n));
    const bins = Math.min(n, 16);
    const counts = new Array<number>(bins).fill(0);
    for (const draw of draws) counts[Math.floor(draw * bins / n)]!++;
    const squares = counts.map((count, bin) => {
      const width = Math.ceil((bin + 1) * n / bins) - Math.ceil(bin * n / bins);
      const expected = DRAWS * width / n;
      return (count - expected) ** 2 / expected;
    });
    assertLess(squares.reduce((sum, square) => sum + square, 0), 38); // chi-square, 15 degrees, p = 0.001
  });
}

Deno.test("Random.below() stays below any n up to 2^52", () => {
  const random = createRandom(1, 0);
  fc.assert(fc.property(fc.integer({ min: 1, max: 2 ** 52 }), (n) => {
    const draw = random.below(n);
    return Number.isInteger(draw) && draw >= 0 && draw < n;
  }));
});

Deno.test("createRandom() gives streams that have nothing to do with one another", () => {
  for (let stream = 0; stream < 8; stream++) {
    const one = sample((random) => random.uniform(), createRandom(42, stream));
    const next = sample((random) => random.uniform(), createRandom(42, stream + 1));
    assertLess(Math.abs(correlation(one, next)), correlationBound(DRAWS));
  }
});

Deno.test("createRandom() gives neighbouring seeds that have nothing to do with one another", () => {
  const first = Array.from({ length: DRAWS }, (_, seed) => createRandom(seed, 0).uniform());
  assertLess(ksDistance(first, (x) => x), ksBound(DRAWS));
  assertLess(Math.abs(correlation(first.slice(1), first.slice(0, -1))), correlationBound(DRAWS));
});

Deno.test("createRandom() takes every bit of a seed up to 2^53", () => {
  const seeds = [0, 1, -1, 2 ** 32, 2 ** 32 + 1, 2 ** 52, Number.MAX_SAFE_INTEGER];
  assertEquals(new Set(seeds.map((seed) => createRandom(seed, 0).uniform())).size, seeds.length);
});

Deno.test("Random leaves no garbage behind", () => {
  const random = createRandom(1, 0);
  const total = new Float64Array(1);
  const grown = garbageOf(() => {
    for (let i = 0; i < 50_000; i++) {
      total[0] = total[0]! + random.uniform() + random.below(512) + random.normal();
    }
  });
  assertLess(grown, 50_000); // a byte a round; one boxed number a round would be 800,000
});

function sample(draw: (random: Random) => number, random: Random = createRandom(1, 1)): number[] {
  return Array.from({ length: DRAWS }, () => draw(random));
}
