import { assertEquals } from "@std/assert";
import { area } from "./area.ts";

Deno.test("area() draws heights in proportion, the highest line first", () => {
  assertEquals(area([0, 1, 2, 4, 8], 1), [" ▁▂▄█"]);
  assertEquals(area([0, 4, 8, 12, 16], 2), ["   ▄█", " ▄███"]);
});

Deno.test("area() shows a sliver of whatever is above 0, and nothing of nothing", () => {
  assertEquals(area([1000, 1, 0], 1), ["█▁"]);
  assertEquals(area([0, 0], 2), ["", ""]);
  assertEquals(area([], 1), [""]);
});
