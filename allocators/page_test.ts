import { assert, assertEquals, assertGreater } from "@std/assert";
import { startCrew } from "../sync/testing/crew.ts";
import { ATOMIC, BLOCKING, type Context } from "./allocator.ts";
import { MAX_ORDER } from "./arena.ts";
import { blocksIn } from "./page.ts";
import type { ChurnerAnswer, ChurnerTask } from "./testing/page_churner.ts";
import { createRig, type Rig, type RigSpec } from "./testing/page_rig.ts";
import { memoryOf } from "./testing/memory.ts";
import { isMarked, mark } from "./testing/sentinel.ts";

/** Takes one element after the other until there is none. */
function takeAll(rig: Rig, which: number, context: Context): number[] {
  const { raw } = rig.pages[which]!;
  const handles: number[] = [];
  for (let handle = raw.allocate(context); handle !== 0; handle = raw.allocate(context)) {
    handles.push(handle);
  }
  return handles;
}

function assertAllBack(rig: Rig): void {
  for (const { raw, backend } of rig.pages) {
    raw.exchange.drain();
    backend.shrink();
    assertEquals(backend.hoarded(), 0);
  }
  assertEquals(rig.arena.freePages(), rig.arena.pages());
  rig.arena.check();
}

for (let order = 0; order <= MAX_ORDER; order++) {
  Deno.test(`page of order ${order} gives as many elements as fit, and their bytes never overlap`, () => {
    const rig = createRig({
      memory: memoryOf({ pages: 3 * 2 ** order + order % 2 }),
      participants: 1,
      orders: [order],
      rounds: 2,
    });
    const [{ planned, backend, raw }] = rig.pages as [typeof rig.pages[0]];
    const handles = takeAll(rig, 0, ATOMIC);
    assertEquals([planned.capacity, planned.elementPages], [handles.length, 2 ** order]);
    assertGreater(handles.length, 2);
    for (const handle of handles) mark(backend.bytes(handle), handle);
    for (const handle of handles) {
      assertEquals(backend.bytes(handle).length, planned.elementBytes);
      assert(isMarked(backend.bytes(handle), handle), `element ${handle} was overwritten`);
    }
    for (const handle of handles) raw.free(handle);
    assertAllBack(rig);
  });
}

Deno.test("page allocators of several orders share an arena, and their elements never overlap", () => {
  const rig = createRig({
    memory: memoryOf({ pages: 200 }),
    participants: 1,
    orders: [0, 1, 3],
    rounds: 2,
  });
  const live: { readonly which: number; readonly handle: number }[] = [];
  for (let round = 0; live.length < 300 && round < 300; round++) {
    const which = round % 3;
    const handle = rig.pages[which]!.raw.allocate(ATOMIC);
    if (handle !== 0) live.push({ which, handle });
  }
  live.forEach(({ which, handle }, index) => mark(rig.pages[which]!.backend.bytes(handle), index));
  live.forEach(({ which, handle }, index) => {
    assert(isMarked(rig.pages[which]!.backend.bytes(handle), index), `${which}: ${handle}`);
    rig.pages[which]!.raw.free(handle);
  });
  assertAllBack(rig);
});

Deno.test("page says how many elements there are at its largest", () => {
  const memory = memoryOf({ pages: 4, growTo: 11 });
  assertEquals([0, 1, 3, 4].map((order) => blocksIn(memory, order)), [11, 5, 1, 0]);
});

Deno.test("page grows for blocks of any order wherever the frontier stands", () => {
  const rig = createRig({
    memory: memoryOf({ pages: 100, growTo: 256 }),
    participants: 1,
    orders: [0, 4],
    rounds: 1,
  });
  assertEquals(takeAll(rig, 0, ATOMIC).length, 100);
  assertEquals(takeAll(rig, 1, BLOCKING).length, 9, "112 to 256 is 9 blocks of 16");
});

/** Two participants in one thread, of which the other has cached and hoarded all that there is. */
function hoarded(spec: RigSpec) {
  const rig = createRig(spec);
  const { raw } = rig.pages[0]!;
  const all = takeAll(rig, 0, ATOMIC);
  for (const handle of all) raw.free(handle);
  return { rig, all };
}

Deno.test("page reclaims the caller's own magazines and every depot, of all orders", () => {
  const { rig, all } = hoarded({
    memory: memoryOf({ pages: 64 }),
    participants: 1,
    orders: [0, 6],
    rounds: 16,
  });
  assertEquals([all.length, rig.arena.freePages()], [64, 0]);
  assertGreater(rig.pages[0]!.cachedBy(0), 0);
  assertGreater(rig.pages[0]!.backend.hoarded(), 0);
  assertEquals(rig.pages[1]!.raw.allocate(ATOMIC), 0);
  assertEquals(rig.reclaims(), 0);
  assertEquals(rig.pages[1]!.raw.allocate(BLOCKING), 1);
  assertEquals([rig.reclaims(), rig.pages[0]!.cachedBy(0)], [1, 0]);
});

const churned: RigSpec = {
  memory: memoryOf({
    pages: 96,
    pageBytes: 128,
    growTo: 128,
    watermarks: { min: 8, low: 12, high: 24 },
  }),
  participants: 4,
  orders: [0, 0, 2],
  rounds: 4,
};

Deno.test("page serves four workers at the brink of exhaustion without doubling or losing a page", async () => {
  const rig = createRig(churned);
  using crew = startCrew(new URL("./testing/page_churner.ts", import.meta.url), 3);
  rig.participant.detach();
  const answers = await crew.ask<ChurnerAnswer>(
    [1, 2, 3].map((me): ChurnerTask => ({
      spec: churned,
      buffer: rig.region.buffer,
      me,
      rounds: 6000,
      most: 200,
    })),
  );
  for (const { allocations, refusals, overwritten } of answers) {
    assertEquals(overwritten, 0);
    assertGreater(allocations, 1000);
    assertGreater(refusals, 0, "the memory was never exhausted");
  }
  assertAllBack(rig);
  for (const { backend } of rig.pages) {
    const { atomicFailures, blockingFailures } = backend.counts();
    assertGreater(atomicFailures + blockingFailures, 0);
  }
  assertEquals(rig.arena.pages(), 128);
});
