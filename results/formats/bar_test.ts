import { assertEquals } from "@std/assert";
import { bar } from "./bar.ts";

Deno.test("bar() is in proportion, to an eighth of a cell", () => {
  assertEquals(bar(0.5, 4), "██");
  assertEquals(bar(0.28125, 4), "█▏");
  assertEquals(bar(0.46875, 4), "█▉");
});

Deno.test("bar() shows a sliver of what is tiny and leaves one of what is almost all", () => {
  assertEquals(bar(1e-9, 8), "▏");
  assertEquals(bar(0.999999, 3), "██▉");
});

Deno.test("bar() is empty at 0 and full only at 1", () => {
  assertEquals([bar(0, 8), bar(1, 3), bar(1, 0)], ["", "███", ""]);
});
