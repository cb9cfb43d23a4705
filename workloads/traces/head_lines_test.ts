import { assertEquals } from "@std/assert";
import { anyLine, headLines, mostLines } from "./head_lines.ts";

Deno.test("headLines() leaves out empty lines and the part of a line at the end", () => {
  assertEquals(headLines("\ufeffa\r\n\r\nb\nc"), ["a", "b"]);
  assertEquals(headLines("a"), ["a"]);
});

Deno.test("mostLines() wants half of the lines or more, comments left aside", () => {
  assertEquals(mostLines("#x\n#y\n1\nz\n", /^\d$/), true);
  assertEquals(mostLines("1\ny\nz\n", /^\d$/), false);
  assertEquals(mostLines("", /^/), false);
});

Deno.test("anyLine() wants one line", () => {
  assertEquals(anyLine("x\n1\n", /^\d$/), true);
  assertEquals(anyLine("x\ny\n", /^\d$/), false);
});
