import { assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import {
  correlation,
  exponentialShare,
  indexOfDispersion,
  ksBound,
  ksDistance,
  normalShare,
  squaredVariation,
  tailIndex,
} from "./goodness_of_fit.ts";

Deno.test("normalShare() agrees with the published table", () => {
  assertEquals(normalShare(0), 0.5);
  assertAlmostEquals(normalShare(1), 0.8413447460685429, 1e-12);
  assertAlmostEquals(normalShare(-1.96), 0.024997895148220435, 1e-12);
  assertAlmostEquals(normalShare(5.9), 1, 1e-8);
});

Deno.test("ksDistance() is small for the right distribution and large for a wrong one", () => {
  const even = Array.from({ length: 1000 }, (_, i) => (i + 0.5) / 1000);
  assertAlmostEquals(ksDistance(even, (x) => x), 0.0005, 1e-12);
  assertGreater(ksDistance(even, exponentialShare(0.5)), ksBound(1000));
});

Deno.test("squaredVariation() is 0 for a clock and 1 for two values that differ by twice their mean", () => {
  assertEquals(squaredVariation([3, 3, 3]), 0);
  assertEquals(squaredVariation([0, 2]), 1);
});

Deno.test("correlation() is 1 for a line and near 0 for a cycle", () => {
  assertAlmostEquals(correlation([1, 2, 3], [2, 4, 6]), 1, 1e-12);
  assertLess(Math.abs(correlation([1, 2, 3, 4], [1, -1, -1, 1])), 1e-12);
});

Deno.test("indexOfDispersion() is 0 for a clock and the size of the batch for batches far apart", () => {
  assertEquals(indexOfDispersion([0.5, ...Array(1000).fill(1)], 10), 0);
  // 4 at once in every second window on the average of pairs: counts 4, 0, 4, 0.
  const gaps = Array.from({ length: 4000 }, (_, i) => i % 4 === 0 ? 20 : 0);
  assertAlmostEquals(indexOfDispersion(gaps, 10), 2, 0.01);
});

Deno.test("tailIndex() finds the index of exact quantiles of a power", () => {
  const quantiles = Array.from({ length: 10_000 }, (_, i) => ((i + 0.5) / 10_000) ** (-1 / 1.5));
  assertAlmostEquals(tailIndex(quantiles, 1000), 1.5, 0.01);
  const exponential = Array.from({ length: 10_000 }, (_, i) => -Math.log((i + 0.5) / 10_000));
  assertGreater(tailIndex(exponential, 1000), 2);
});
