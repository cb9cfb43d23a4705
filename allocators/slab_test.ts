import { assert, assertEquals, assertGreater, assertThrows } from "@std/assert";
import { Layout } from "../sync/mod.ts";
import { startCrew } from "../sync/testing/crew.ts";
import { ATOMIC, BLOCKING } from "./allocator.ts";
import { slab } from "./slab.ts";
import { memoryOf } from "./testing/memory.ts";
import { checkBooks, givePages, takePages } from "./testing/slab_books.ts";
import type { SlabChurnerAnswer, SlabChurnerTask } from "./testing/slab_churner.ts";
import { createSlabRig, type SlabRigSpec, type SlabSide } from "./testing/slab_rig.ts";

/** A rig over pages of 512 bytes. */
function small(
  objectBytes: number,
  memory: Partial<SlabRigSpec["memory"]> & { readonly pages: number },
): SlabSide {
  return createSlabRig({ objectBytes, memory: memoryOf({ pageBytes: 512, ...memory }) });
}

for (const objectBytes of [8, 24, 256, 1000, 4096, 5000, 100000]) {
  Deno.test(`slab of ${objectBytes} B gives all that fit, aligned, zero, and no two overlap`, () => {
    const memory = memoryOf({ pages: 64, pageBytes: 4096 });
    const side = createSlabRig({ objectBytes, memory });
    const { backend, planned, region } = side;
    const handles = side.refillAll(ATOMIC);
    assertEquals(handles.length, planned.capacity);
    assertEquals(new Set(handles).size, planned.capacity);
    assertEquals([Math.min(...handles), Math.max(...handles)], [1, planned.capacity]);
    const end = region.memoryAt + memory.pages * memory.pageBytes;
    for (const handle of handles) {
      const bytes = backend.bytes(handle);
      assertEquals([bytes.length, bytes.byteOffset % 8], [objectBytes, 0]);
      assert(bytes.byteOffset >= region.memoryAt && bytes.byteOffset + objectBytes <= end);
      assert(bytes.every((byte) => byte === 0), `element ${handle} overlaps another`);
      bytes.fill(handle % 251 + 1);
    }
    assert(
      handles.every((handle) => backend.bytes(handle).every((byte) => byte === handle % 251 + 1)),
    );
    assertEquals(side.refill(1, BLOCKING), []);
    checkBooks(side, handles.length);
    side.spill(handles);
    backend.shrink();
    assertEquals([backend.footprint().pages, side.arena.freePages()], [0, 64]);
    checkBooks(side, 0);
  });
}

Deno.test("slab keeps to larger alignments", () => {
  for (const align of [1, 64, 4096, 65536]) {
    const memory = memoryOf({ pages: 300, pageBytes: 512 });
    const side = createSlabRig({ objectBytes: 40, align, memory });
    const handles = side.refillAll(ATOMIC);
    assertGreater(handles.length, 1);
    for (const handle of handles) assertEquals(side.backend.bytes(handle).byteOffset % align, 0);
  }
});

Deno.test("slab refuses an alignment that is no power of two", () => {
  const memory = memoryOf({ pages: 4 });
  const context = { layout: new Layout(), name: "mine", memory, participants: 1 };
  for (const align of [24, 0, 131072]) {
    assertThrows(
      () => slab.plan({ objectBytes: 8, align }, context),
      RangeError,
      `Cannot plan slab allocator "mine" as align must be a power of two up to 65536: current value is ${align}`,
    );
  }
});

Deno.test("slab serves nothing where an object does not fit into the memory", () => {
  const side = small(5000, { pages: 8 });
  assertEquals([side.planned.capacity, side.refill(1, BLOCKING)], [0, []]);
  const { atomicFailures, blockingFailures } = side.backend.counts();
  assertEquals([atomicFailures, blockingFailures], [0, 1]);
});

Deno.test("slab says which share of its pages an object takes", () => {
  const shares = [64, 60, 512, 5000].map((objectBytes) => small(objectBytes, { pages: 64 }));
  assertEquals(shares.map(({ planned }) => planned.elementPages), [1 / 8, 1 / 8, 1, 16]);
});

Deno.test("slab constructs an object once: it comes back as it was left, from the depot and from its slab", () => {
  const side = small(64, { pages: 8, watermarks: { min: 0, low: 3, high: 4 } });
  const handles = side.refill(20, ATOMIC);
  for (const handle of handles) side.backend.bytes(handle).fill(handle);
  side.spill(handles);
  assertEquals(side.backend.counts().peakInUse, 8);
  assertEquals(side.refill(20, ATOMIC), handles);
  const foreign = takePages(side, 5);
  assert(side.arena.short());
  side.spill(handles.slice(1));
  assertEquals(side.backend.footprint().pages, 1);
  assertEquals(side.refill(1, ATOMIC), [handles.at(-1)]);
  for (const handle of handles) {
    assert(side.backend.bytes(handle).every((byte) => byte === handle));
  }
  checkBooks(side, 2, foreign.length);
});

Deno.test("slab constructs objects anew where their slab was made anew", () => {
  const side = small(64, { pages: 4 });
  givePages(side, takePages(side, 4));
  const handles = side.refill(8, ATOMIC);
  for (const handle of handles) {
    assert(side.backend.bytes(handle).every((byte) => byte === 0));
    side.backend.bytes(handle).fill(1);
  }
  side.spill(handles);
  assertEquals(side.backend.shrink(), 8);
  givePages(side, takePages(side, 4));
  for (const handle of side.refillAll(ATOMIC)) {
    assert(side.backend.bytes(handle).every((byte) => byte === 0));
  }
});

Deno.test("slab refills from the depot before the slabs, and from those before it makes another", () => {
  const side = small(64, { pages: 8 });
  const [first, second] = [side.refill(8, ATOMIC), side.refill(8, ATOMIC)];
  side.spill(first.slice(4));
  side.backend.shrink();
  side.spill(second.slice(4));
  assertEquals(side.refill(8, ATOMIC), second.slice(4));
  assertEquals(side.refill(8, ATOMIC).toSorted(), first.slice(4));
  assertEquals(side.backend.footprint(), { pages: 2, elements: 16 });
  assertEquals(side.refill(8, ATOMIC).length, 8);
  assertEquals(side.backend.footprint(), { pages: 3, elements: 24 });
  checkBooks(side, 24);
});

Deno.test("slab hands out one by one in shortage, whatever is wanted and wherever it is", () => {
  const side = small(64, { pages: 8, watermarks: { min: 0, low: 4, high: 6 } });
  const handles = side.refill(8, ATOMIC);
  side.spill(handles.slice(4));
  const foreign = takePages(side, 5);
  assert(side.arena.short());
  assertEquals(side.refill(8, ATOMIC), [8]);
  assertEquals(side.backend.hoarded(), 3);
  side.backend.shrink();
  assertEquals(side.refill(8, ATOMIC).length, 1);
  side.refill(8, ATOMIC);
  side.refill(8, ATOMIC);
  assertEquals([side.backend.hoarded(), side.backend.footprint().pages], [0, 1]);
  assertEquals(side.refill(8, ATOMIC).length, 1);
  assertEquals([side.backend.hoarded(), side.backend.footprint().pages], [7, 2]);
  checkBooks(side, 9, foreign.length);
});

Deno.test("slab hands out one by one of a slab whose making brought the shortage about", () => {
  const side = small(64, { pages: 4, watermarks: { min: 0, low: 4, high: 4 } });
  assertEquals(side.refill(8, ATOMIC).length, 1);
});

Deno.test("slab keeps to the depot while memory is not short, and gives slabs back in shortage", () => {
  const side = small(64, { pages: 8, watermarks: { min: 0, low: 3, high: 8 } });
  const handles = side.refill(8, ATOMIC);
  side.spill(side.refill(8, ATOMIC));
  assertEquals([side.backend.hoarded(), side.backend.footprint().pages], [8, 2]);
  const foreign = takePages(side, 4);
  side.spill(handles.slice(1));
  assertEquals([side.backend.hoarded(), side.backend.footprint().pages], [15, 2]);
  side.spill(handles.slice(0, 1));
  assertEquals([side.backend.hoarded(), side.backend.footprint().pages], [8, 1]);
  checkBooks(side, 0, foreign.length);
});

Deno.test("slab keeps one empty slab once the shortage is over, and none when it is asked to shrink", () => {
  const side = small(64, { pages: 8, watermarks: { min: 0, low: 2, high: 3 } });
  const handles = Array.from({ length: 7 }, () => side.refill(8, ATOMIC)).flat();
  assertEquals([handles.length, side.arena.short()], [49, true]);
  side.spill(handles);
  assertEquals([side.arena.short(), side.backend.footprint().pages], [false, 1]);
  assertEquals([side.backend.shrink(), side.backend.footprint().pages], [8, 0]);
  assertEquals([side.backend.shrink(), side.arena.freePages()], [0, 8]);
});

const marked = { pages: 20, watermarks: { min: 6, low: 6, high: 6 } };

Deno.test("slab never goes below min for an atomic caller, and neither reclaims nor grows for one", () => {
  const side = small(64, { ...marked, growTo: 40 });
  assertEquals(side.refillAll(ATOMIC).length, 14 * 8);
  assertEquals([side.arena.freePages(), side.arena.pages(), side.reclaims()], [6, 20, 0]);
  const { atomicFailures, blockingFailures, reclaimed, peakInUse } = side.backend.counts();
  assertEquals([atomicFailures, blockingFailures, reclaimed, peakInUse], [1, 0, 0, 112]);
});

Deno.test("slab keeps to min by whole slabs", () => {
  const side = small(512, marked);
  assertEquals([side.refillAll(ATOMIC).length, side.arena.freePages()], [8, 12]);
});

Deno.test("slab reclaims, then grows, then goes below min for a blocking caller, then fails", () => {
  const side = small(64, { ...marked, growTo: 24 });
  const handles = side.refillAll(ATOMIC);
  assertEquals(side.refill(5, BLOCKING).length, 1);
  assertEquals([side.reclaims(), side.arena.pages(), side.arena.freePages()], [1, 24, 9]);
  handles.push(...side.refillAll(ATOMIC), ...side.refillAll(BLOCKING));
  assertEquals([handles.length, side.arena.freePages()], [24 * 8 - 1, 0]);
  const { blockingFailures, reclaimed } = side.backend.counts();
  assertEquals([blockingFailures, reclaimed], [1, 7]);
  checkBooks(side, handles.length + 1);
});

Deno.test("slab finds what came into its slabs by reclaim, in the order of the steps", () => {
  const side = small(64, { pages: 4 });
  const handles = side.refillAll(ATOMIC);
  side.spill(handles.slice(8));
  side.backend.shrink();
  const foreign = takePages(side, 4);
  assertEquals(foreign.length, 3);
  side.spill(handles.slice(0, 3));
  assertEquals(side.refill(2, BLOCKING).length, 2);
  assertEquals(side.reclaims(), 0);
  checkBooks(side, 7, foreign.length);
});

for (
  const { what, block, offset } of [
    { what: "a lost user", block: "depot", offset: 1 },
    { what: "an element that the depot lost", block: "depot", offset: 0 },
    { what: "a slab that is linked wrongly", block: "slabs", offset: 1 },
  ]
) {
  Deno.test(`slab.check() finds ${what}`, () => {
    const side = small(64, { pages: 4 });
    side.spill(side.refill(12, ATOMIC).slice(2));
    side.refill(3, ATOMIC);
    checkBooks(side, 5);
    side.spoil(block, offset, -1);
    assertThrows(() => side.backend.check(), Error, "slab");
  });
}

Deno.test("slab serves four workers at the brink of exhaustion without doubling, spoiling or losing an object", async () => {
  const spec: SlabRigSpec = {
    memory: memoryOf({
      pages: 8,
      pageBytes: 512,
      growTo: 10,
      watermarks: { min: 1, low: 2, high: 4 },
    }),
    objectBytes: 60,
    participants: 5,
  };
  const side = createSlabRig(spec);
  using crew = startCrew(new URL("./testing/slab_churner.ts", import.meta.url), 4);
  const answers = await crew.ask<SlabChurnerAnswer>(
    [1, 2, 3, 4].map((me): SlabChurnerTask => ({
      spec,
      buffer: side.region.buffer,
      me,
      rounds: 8000,
    })),
  );
  for (const { taken, refusals, spoilt } of answers) {
    assertEquals(spoilt, 0);
    assertGreater(taken, 1000);
    assertGreater(refusals, 0, "the memory was never exhausted");
  }
  checkBooks(side, 0);
  side.backend.shrink();
  assertEquals([side.arena.freePages(), side.arena.pages()], [10, 10]);
});
