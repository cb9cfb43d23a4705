/** Watermarks, direct reclaim, growth and hoarding of the page allocator, batch by batch. */
import { assertEquals, assertThrows } from "@std/assert";
import { ATOMIC, BLOCKING } from "./allocator.ts";
import { MAX_ORDER, type MemorySpec } from "./arena.ts";
import { bareOf } from "./testing/bare_pages.ts";
import { memoryOf } from "./testing/memory.ts";

const marked: MemorySpec = memoryOf({ pages: 20, watermarks: { min: 6, low: 6, high: 6 } });

Deno.test("page refuses orders that are none, in one sentence", () => {
  for (const order of [-1, 0.5, MAX_ORDER + 1, NaN]) {
    const { message } = assertThrows(() => bareOf(marked, { order }), RangeError);
    assertEquals(
      message,
      `Cannot plan page allocator "pages" as order must be an integer from 0 to 10: current value is ${order}`,
    );
  }
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
