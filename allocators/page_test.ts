import { assert, assertEquals, assertGreater, assertThrows } from "@std/assert";
import { attachParticipant, createRegion, Layout, planParticipants } from "../sync/mod.ts";
import type { Participant } from "../sync/mod.ts";
import { startCrew } from "../sync/testing/crew.ts";
import { ATOMIC, BLOCKING, type Context } from "./allocator.ts";
import { attachArena, MAX_ORDER, type MemorySpec, planArena } from "./arena.ts";
import { blocksIn, page } from "./page.ts";
import type { ChurnerAnswer, ChurnerTask } from "./testing/page_churner.ts";
import { createRig, type Rig, type RigSpec } from "./testing/page_rig.ts";
import { memoryOf } from "./testing/memory.ts";
import { isMarked, mark } from "./testing/sentinel.ts";

const marked: MemorySpec = memoryOf({ pages: 20, watermarks: { min: 6, low: 6, high: 6 } });

interface BareOptions {
  readonly order?: number;
  /** What direct reclaim does; what it returns is whether more may come back. */
  readonly reclaim?: (bare: Bare) => boolean;
  /** What a participant does instead of sleeping. */
  readonly asleep?: (bare: Bare) => void;
}

/** A page allocator without magazines, which notes when it reclaims and sleeps. */
interface Bare {
  readonly backend: ReturnType<ReturnType<typeof page.plan>["attach"]>;
  readonly arena: ReturnType<typeof attachArena>;
  readonly reclaims: () => number;
  readonly sleeps: () => number;
  refill(want: number, context: Context): number[];
  spill(...handles: readonly number[]): void;
}

function bareOf(memory: MemorySpec, options: BareOptions = {}): Bare {
  const layout = new Layout();
  const participantsAt = planParticipants(layout, "bare", 1);
  const arenaPlan = planArena(layout, "memory", memory);
  const planned = page.plan({ order: options.order ?? 0 }, {
    layout,
    name: "pages",
    memory,
    participants: 1,
  });
  const words = layout.words("handles", memory.growTo);
  const region = createRegion(layout, memory.growTo * memory.pageBytes);
  let [reclaims, sleeps] = [0, 0];
  const attached = attachParticipant(region, participantsAt, 0, 1);
  const participant: Participant = {
    ...attached,
    park(wait) {
      sleeps++;
      options.asleep?.(bare);
      return attached.park(wait);
    },
  };
  const arena = attachArena(region, arenaPlan, 0);
  arena.initialise();
  const reclaim = () => {
    reclaims++;
    return options.reclaim?.(bare) ?? false;
  };
  const backend = planned.attach({ region, arena, participant, reclaim });
  const bare: Bare = {
    backend,
    arena,
    reclaims: () => reclaims,
    sleeps: () => sleeps,
    refill(want, context) {
      const got = backend.source!.refill(words, want, context);
      return [...region.words.subarray(words, words + got)];
    },
    spill(...handles) {
      region.words.set(handles, words);
      backend.source!.spill(words, handles.length);
    },
  };
  return bare;
}

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

Deno.test("page refuses orders that are none, in one sentence", () => {
  for (const order of [-1, 0.5, MAX_ORDER + 1, NaN]) {
    const { message } = assertThrows(() => bareOf(marked, { order }), RangeError);
    assertEquals(
      message,
      `Cannot plan page allocator "pages" as order must be an integer from 0 to 10: current value is ${order}`,
    );
  }
});

Deno.test("page says how many elements there are at its largest", () => {
  const memory = memoryOf({ pages: 4, growTo: 11 });
  assertEquals([0, 1, 3, 4].map((order) => blocksIn(memory, order)), [11, 5, 1, 0]);
});

Deno.test("page never goes below min for an atomic caller, and neither reclaims nor grows nor sleeps for one", () => {
  const bare = bareOf({ ...marked, growTo: 40 }, { reclaim: () => true });
  assertEquals(bare.refill(40, ATOMIC).length, 14);
  assertEquals(bare.refill(1, ATOMIC), []);
  assertEquals([bare.arena.freePages(), bare.arena.pages()], [6, 20]);
  assertEquals([bare.reclaims(), bare.sleeps()], [0, 0]);
  const { atomicFailures, blockingFailures, reclaimed } = bare.backend.counts();
  assertEquals([atomicFailures, blockingFailures, reclaimed], [1, 0, 0]);
});

Deno.test("page keeps to min by whole blocks", () => {
  const bare = bareOf(marked, { order: 2 });
  assertEquals([bare.refill(9, ATOMIC).length, bare.arena.freePages()], [3, 8]);
});

Deno.test("page reclaims for a blocking caller before it grows or goes below min", () => {
  let given: number[] = [];
  const bare = bareOf({ ...marked, growTo: 40 }, {
    reclaim(bare) {
      bare.spill(given.pop()!);
      return false;
    },
  });
  given = bare.refill(40, ATOMIC);
  const expected = given.at(-1)!;
  assertEquals(bare.refill(5, BLOCKING), [expected]);
  assertEquals([bare.reclaims(), bare.arena.freePages(), bare.arena.pages()], [1, 6, 20]);
  assertEquals(bare.backend.counts().reclaimed, 1);
});

Deno.test("page grows for a blocking caller before it goes below min, to the limit and no further", () => {
  const bare = bareOf({ ...marked, growTo: 25 });
  bare.refill(40, ATOMIC);
  const grown = [1, 2, 3, 4, 5].map(() => bare.refill(1, BLOCKING).length);
  assertEquals(grown, [1, 1, 1, 1, 1]);
  assertEquals([bare.arena.pages(), bare.arena.freePages()], [25, 6]);
  assertEquals(bare.refill(1, BLOCKING).length, 1);
  assertEquals([bare.arena.pages(), bare.arena.freePages()], [25, 5]);
});

Deno.test("page takes the last page below min for a blocking caller, then fails and counts it", () => {
  const bare = bareOf(marked);
  bare.refill(40, ATOMIC);
  const last = [1, 2, 3, 4, 5, 6, 7].map(() => bare.refill(3, BLOCKING).length);
  assertEquals(last, [1, 1, 1, 1, 1, 1, 0]);
  const { atomicFailures, blockingFailures, reclaimed, peakInUse } = bare.backend.counts();
  assertEquals([atomicFailures, blockingFailures, reclaimed, peakInUse], [0, 1, 6, 20]);
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

Deno.test("page sleeps parked while elements may come back, for a few rounds and no more", () => {
  const bare = bareOf(marked, { reclaim: () => true });
  while (bare.refill(1, BLOCKING).length > 0);
  assertEquals(bare.sleeps(), 4);
  assertEquals(bare.backend.counts().blockingFailures, 1);
});

Deno.test("page takes what comes back while it sleeps", () => {
  const given: number[] = [];
  const bare = bareOf(marked, {
    reclaim: () => true,
    asleep: (bare) => bare.spill(given.pop()!),
  });
  given.push(...bare.refill(40, ATOMIC));
  for (let below = 0; below < 6; below++) given.push(...bare.refill(1, BLOCKING));
  const expected = given.at(-1)!;
  assertEquals(bare.refill(1, BLOCKING), [expected]);
  assertEquals([bare.sleeps(), bare.backend.counts().blockingFailures], [1, 0]);
});

Deno.test("page hoards in its depot where memory is plenty, and takes from there first, last in first out", () => {
  const bare = bareOf(memoryOf({ pages: 20 }));
  const handles = bare.refill(5, ATOMIC);
  bare.spill(...handles);
  assertEquals([bare.backend.hoarded(), bare.arena.freePages()], [5, 15]);
  assertEquals(bare.refill(2, ATOMIC), handles.slice(3));
  assertEquals([bare.backend.hoarded(), bare.backend.counts().peakInUse], [3, 5]);
});

Deno.test("page hoards nothing where memory is short: one by one out, straight back in", () => {
  const bare = bareOf(memoryOf({ pages: 20, watermarks: { min: 0, low: 10, high: 15 } }));
  const handles = bare.refill(11, ATOMIC);
  assertEquals([handles.length, bare.arena.short()], [11, true]);
  assertEquals(bare.refill(5, ATOMIC).length, 1);
  bare.spill(...handles.slice(0, 3));
  assertEquals([bare.backend.hoarded(), bare.arena.freePages()], [0, 11]);
  bare.spill(...handles.slice(3, 7));
  assertEquals([bare.arena.short(), bare.backend.hoarded()], [false, 0]);
  bare.spill(...handles.slice(7));
  assertEquals(bare.backend.hoarded(), 4);
});

Deno.test("page.shrink() gives the whole depot back, however much that is", () => {
  const bare = bareOf(memoryOf({ pages: 500 }));
  const handles = bare.refill(500, ATOMIC);
  bare.spill(...handles.slice(0, 333));
  assertEquals([bare.backend.hoarded(), bare.arena.freePages()], [333, 0]);
  assertEquals([bare.backend.shrink(), bare.backend.shrink()], [333, 0]);
  assertEquals([bare.backend.hoarded(), bare.arena.freePages()], [0, 333]);
  bare.arena.check();
});

Deno.test("page.resetCounts() begins again from what is in use", () => {
  const bare = bareOf(marked);
  const handles = bare.refill(10, ATOMIC);
  while (bare.refill(1, ATOMIC).length > 0);
  bare.spill(...handles);
  bare.backend.resetCounts();
  const { lock, ...counts } = bare.backend.counts();
  assertEquals(lock, { acquisitions: 0, contended: 0 });
  assertEquals([counts.atomicFailures, counts.peakInUse], [0, 4]);
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
