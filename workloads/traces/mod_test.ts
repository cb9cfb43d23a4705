import { assertEquals, assertMatch } from "@std/assert";
import { readWhole } from "./made_up.ts";
import * as formats from "./mod.ts";
import type { TraceFormat } from "./trace.ts";

const registry: Readonly<Record<string, TraceFormat>> = formats;

/** The same story in every format: an element lives, is resized, and dies; another stays. */
const stories: Readonly<Record<string, string>> = {
  "native-csv": "op,id,size\na,x,16\nr,x,32\na,y,8\nf,x,\n",
  "native-ndjson": [
    '{"op":"a","id":"x","size":16}',
    '{"op":"r","id":"x","size":32}',
    '{"op":"a","id":"y","size":8}',
    '{"op":"f","id":"x"}\n',
  ].join("\n"),
  mtrace: "= Start\n+ 0x10 0x10\n< 0x10\n> 0x90 0x20\n+ 0x10 0x8\n- 0x90\n",
};

for (const [name, format] of Object.entries(registry)) {
  const story = stories[name]!;

  Deno.test(`${name}.recognises() its own story and no other's`, () => {
    for (const [other, head] of Object.entries(stories)) {
      assertEquals(format.recognises(head), other === name, other);
      assertEquals(format.recognises(head.replaceAll("\n", "\r\n")), other === name, other);
    }
    for (const head of ["", "\n", "hello\n", "{", "[]\n", "0\n", ",,,\n"]) {
      assertEquals(format.recognises(head), false, head);
    }
  });

  Deno.test(`${name}.read() tells the story`, async () => {
    const { format, events, notes } = await readWhole(story);
    assertEquals(format, name);
    assertEquals(
      events.map(({ timeNs, op, sizeBytes }) => `${timeNs} ${op} ${sizeBytes}`),
      ["0 a 16", "1 r 32", "2 a 8", "3 f 0"],
    );
    const [first, resized, stays, freed] = events.map((event) => event.id);
    assertEquals([first === resized, first === stays, first === freed], [true, false, true]);
    assertEquals(notes, {
      timed: false,
      resolutionNs: null,
      nullFrees: 0,
      foreignLines: 0,
      warnings: [],
    });
  });

  Deno.test(`${name}.summary is one line`, () => assertMatch(format.summary, /^.{10,90}$/));
}
