import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { attachRegion, createRegion, Layout, LINE_WORDS } from "./region.ts";
import { startCrew } from "./testing/crew.ts";
import type { PlannerAnswer, PlannerTask } from "./testing/region_planner.ts";

const sizes = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 30 });

function planned(lengths: readonly number[]): Layout {
  const layout = new Layout();
  lengths.forEach((words, index) => layout.words(`block/${index}`, words));
  return layout;
}

Deno.test("Layout.words() gives blocks that start on cache lines and share none", () => {
  fc.assert(fc.property(sizes, (lengths) => {
    const { blocks, length } = planned(lengths);
    let line = 0;
    blocks.forEach(({ at, words }, index) => {
      assertEquals(words, lengths[index]);
      assertEquals(at % LINE_WORDS, 0);
      assert(at / LINE_WORDS > line, `block ${index} begins in a line that is another's`);
      line = (at + words - 1) / LINE_WORDS | 0;
    });
    assert(length > line * LINE_WORDS && length % LINE_WORDS === 0);
  }));
});

Deno.test("Layout.words() keeps the first line free, so that no block is at word 0", () => {
  assertEquals(new Layout().words("first", 1), LINE_WORDS);
});

Deno.test("Layout.blockAt() names the block of each of its words, and nothing for the gaps", () => {
  fc.assert(fc.property(sizes, (lengths) => {
    const layout = planned(lengths);
    for (let word = 0; word < layout.length; word++) {
      const owners = layout.blocks.filter(({ at, words }) => word >= at && word < at + words);
      assert(owners.length <= 1);
      assertEquals(layout.blockAt(word), owners[0]);
    }
    assertEquals(layout.blockAt(layout.length), undefined);
  }));
});

Deno.test("createRegion() puts zeroed words in front of page memory on a 64 KiB boundary", () => {
  const layout = planned([20_000, 5]);
  const { buffer, words, doubles, memoryAt } = createRegion(layout, 4096);
  assertEquals(words.length, layout.length);
  assert(words.every((word) => word === 0));
  assertEquals(doubles.byteLength, words.byteLength);
  assertEquals([memoryAt % 65_536, memoryAt >= words.byteLength], [0, true]);
  assertEquals(buffer.byteLength, memoryAt + 4096);
});

Deno.test("attachRegion() gives other views of the same words", () => {
  const layout = planned([4]);
  const mine = createRegion(layout, 0);
  const yours = attachRegion(layout, mine.buffer);
  mine.words[LINE_WORDS] = 7;
  mine.doubles[LINE_WORDS / 2 + 1] = 0.5;
  assertEquals(yours.words[LINE_WORDS], 7);
  assertEquals(yours.doubles[LINE_WORDS / 2 + 1], 0.5);
});

Deno.test("attachRegion() refuses a buffer that is too short for its plan", () => {
  assertThrows(() => attachRegion(planned([1000]), new SharedArrayBuffer(64)), RangeError);
});

Deno.test("Layout plans the same offsets in every worker, and their blocks stay apart", async () => {
  const lengths = [3, 16, 17, 1];
  const layout = planned(lengths);
  const { buffer, words, memoryAt } = createRegion(layout, 0);
  using crew = startCrew(new URL("./testing/region_planner.ts", import.meta.url), lengths.length);
  const tasks = lengths.map((_, own): PlannerTask => ({
    blocks: layout.blocks.map(({ name, words }) => ({ name, words })),
    buffer,
    own,
  }));
  for (const answer of await crew.ask<PlannerAnswer>(tasks)) {
    assertEquals(answer, { blocks: layout.blocks, length: layout.length, memoryAt });
  }
  const written = layout.blocks.map(({ at, words: n }) => [...new Set(words.slice(at, at + n))]);
  assertEquals(written, [[1], [2], [3], [4]]);
});
