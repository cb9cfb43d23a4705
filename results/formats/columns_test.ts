import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { alignRows, clip, padStart, widthOf, wrapItems, wrapWords } from "./columns.ts";

Deno.test("widthOf() counts what a terminal shows", () => {
  assertEquals(widthOf("\x1b[1mbold\x1b[22m"), 4);
  assertEquals(widthOf("池"), 2);
  assertEquals(widthOf("e\u0301"), 1);
});

Deno.test("clip() cuts with an ellipsis and never exceeds its columns", () => {
  assertEquals(clip("resync-buffers", 8), "resync-…");
  assertEquals(clip("resync", 6), "resync");
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 20 }), (text, n) => {
      assert(widthOf(clip(text, n)) <= n);
    }),
  );
});

Deno.test("clip() drops control characters", () => {
  assertEquals(clip("a\x1b[2Jb\nc", 20), "a [2Jb c");
});

Deno.test("alignRows() lines columns up under each other, colours or not", () => {
  const rows = [["name", "hits"], ["\x1b[1ma\x1b[22m", "12,345"], ["longer", ""]];
  assertEquals(alignRows(rows, { gap: 2, left: [0] }), [
    "name      hits",
    "\x1b[1ma\x1b[22m       12,345",
    "longer",
  ]);
  assertEquals(padStart("x", 3), "  x");
});

Deno.test("wrapItems() never breaks an item and keeps under its label", () => {
  const wrapping = { columns: 20, indent: 6, lead: "lock", separator: " · " };
  assertEquals(wrapItems(["12 taken", "3 contended", "1"], wrapping), [
    "lock  12 taken",
    "      3 contended",
    "      1",
  ]);
});

Deno.test("wrapWords() keeps every line within its columns", () => {
  const wrapping = { columns: 24, indent: 4, lead: "!" };
  fc.assert(fc.property(fc.lorem({ maxCount: 30 }), (text) => {
    const lines = wrapWords(text, wrapping);
    assert(lines.every((line) => widthOf(line) <= 24));
    assertEquals(lines.join(" ").replace("!", "").trim().split(/\s+/).join(" "), text.trim());
  }));
});
