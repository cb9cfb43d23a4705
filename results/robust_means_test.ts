import { assertEquals } from "@std/assert";
import { lowestFifth, middleHalf } from "./robust_means.ts";

Deno.test("middleHalf() is a mean that no outlier moves", () => {
  assertEquals([middleHalf([3]), middleHalf([1, 2]), middleHalf([1, 2, 30])], [3, 1.5, 11]);
  assertEquals(middleHalf([1000, 1, 2, 3]), 2.5);
  assertEquals(middleHalf([5, -99, 1, 2, 3, 4, 99, 0]), 2.5);
});

Deno.test("lowestFifth() is of a fifth of the values, and of one at least", () => {
  assertEquals([lowestFifth([4]), lowestFifth([9, 2]), lowestFifth([3, 1, 2])], [4, 2, 1]);
  assertEquals(lowestFifth([9, 1, 99, 3, 50, 60, 70, 80, 90, 100]), 2);
});
