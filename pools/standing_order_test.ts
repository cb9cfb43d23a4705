import { assertEquals, assertThrows } from "@std/assert";
import { circleThrough, standingOrder } from "./standing_order.ts";

Deno.test("standingOrder() puts every name behind all that it stands on, else as given", () => {
  const standing = { page: [], a: ["c"], b: ["a", "d"], c: ["page"], d: ["page", "a"], e: [] };
  assertEquals(standingOrder(standing), ["page", "c", "a", "d", "b", "e"]);
  assertEquals(standingOrder({ constructor: ["nothing"] }), ["constructor"]);
});

Deno.test("standingOrder() names the circle", () => {
  const standing = { page: [], a: ["page", "c"], b: ["a"], c: ["page", "b"] };
  assertThrows(() => standingOrder(standing), RangeError, '"a" stands on itself: a -> c -> b -> a');
  assertThrows(() => standingOrder({ own: ["own"] }), RangeError, "own -> own");
});

Deno.test("circleThrough() finds the way back, and none for those that only stand on a circle", () => {
  const standing = { top: ["a"], a: ["leaf", "b"], b: ["a", "b"], leaf: [] };
  assertEquals(circleThrough(standing, "a"), ["a", "b", "a"]);
  assertEquals(circleThrough(standing, "b"), ["b", "a", "b"]);
  assertEquals(["top", "leaf"].map((name) => circleThrough(standing, name)), [null, null]);
});
