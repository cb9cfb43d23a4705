import { assert, assertEquals } from "@std/assert";
import { widthOf } from "../results/formats/columns.ts";
import { SECTIONS } from "./catalogue.ts";
import { sectionText } from "./entry_lines.ts";

Deno.test("sectionText() shows every option with its unit, range and default", () => {
  const text = sectionText("allocators", [
    {
      name: "slab",
      summary: "objects of one size",
      scope: "shared",
      options: {
        objectBytes: { type: "bytes", summary: "size", default: 256, min: 8, max: 2 ** 20 },
        hold: { type: "duration", summary: "how long", min: 0, max: 86400e9 },
        color: { type: "string", summary: "which", default: "red", oneOf: ["red", "blue"] },
        rate: { type: "rate", summary: "how many", min: 1 },
        share: { type: "probability", summary: "which part", default: null },
      },
    },
    { name: "heap", summary: "objects of any size" },
  ], { color: false, columns: 0 });
  assertEquals(text.split("\n"), [
    "allocators",
    "  slab  objects of one size [shared]",
    "      objectBytes  size (bytes, 8B to 1MiB, default 256B)",
    "      hold         how long (duration, 0 to 24h, must be given)",
    '      color        which (string, red|blue, default "red")',
    "      rate         how many (rate, from 1/s, must be given)",
    "      share        which part (probability, default none)",
    "  heap  objects of any size",
    "",
  ]);
});

Deno.test("sectionText() fits every registered kind into the terminal", async () => {
  for (const [title, load] of Object.entries(SECTIONS)) {
    const text = sectionText(title, await load(), { color: true, columns: 60 });
    for (const line of text.split("\n")) assert(widthOf(line) <= 60, line);
  }
});
