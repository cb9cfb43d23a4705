import { assertEquals } from "@std/assert";
import { lowestThird, middleHalf } from "./robust_means.ts";

Deno.test("middleHalf() is a mean that no outlier moves", () => {
  assertEquals([middleHalf([3]), middleHalf([1, 2]), middleHalf([1, 2, 30])], [3, 1.5, 11]);
  assertEquals(middleHalf([1000, 1, 2, 3]), 2.5);
  assertEquals(middleHalf([5, -99, 1, 2, 3, 4, 99, 0]), 2.5);
});

Deno.test("lowestThird() is of a third of the values, and of one at least", () => {
  assertEquals([lowestThird([4]), lowestThird([9, 2]), lowestThird([3, 1, 2])], [4, 2, 1]);
  assertEquals(lowestThird([9, 1, 99, 3, 50, 60]), 2);
});
