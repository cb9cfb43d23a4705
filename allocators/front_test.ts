import { assertEquals, assertGreaterOrEqual } from "@std/assert";
import { createRegion, Layout, LINE_WORDS } from "../sync/mod.ts";
import {
  ALLOCS,
  attachTally,
  blockOf,
  Count,
  fixedRounds,
  FREES,
  initialiseFront,
  LIMIT,
  OWN,
  planFront,
  ROUNDS,
  SLOTS,
} from "./front.ts";
import { tagOf } from "./owner_table.ts";

function frontOf(participants: number, maxRounds: number) {
  const layout = new Layout();
  const plan = planFront(layout, "test", { participants, ...fixedRounds(maxRounds) });
  const after = layout.words("after", 1);
  return { plan, after, region: createRegion(layout, 0) };
}

/** Every count's index: the five levels' hits, and all others. */
function placesOf({ hits, ...others }: typeof Count): number[] {
  return [...Object.values(others), ...[1, 2, 3, 4, 5].map((level) => hits + level)];
}

Deno.test("planFront() gives every participant lines of its own, with room for its slots", () => {
  for (const maxRounds of [0, 1, 16, 17, 256]) {
    const { plan, after } = frontOf(3, maxRounds);
    for (let participant = 0; participant < 3; participant++) {
      const block = blockOf(plan, participant);
      assertEquals(block % LINE_WORDS, 0);
      const end = participant < 2 ? blockOf(plan, participant + 1) : after;
      assertGreaterOrEqual(end - block, SLOTS + maxRounds);
    }
  }
});

Deno.test("initialiseFront() sets everybody's size and limit", () => {
  const { plan, region } = frontOf(2, 8);
  initialiseFront(region, plan);
  for (const block of [blockOf(plan, 0), blockOf(plan, 1)]) {
    assertEquals([region.words[block + ROUNDS], region.words[block + LIMIT]], [8, 8]);
  }
});

Deno.test("initialiseFront() sets everybody's own tag where the front has a number", () => {
  for (const [number, tags] of [[undefined, [0, 0]], [7, [tagOf(7, 0), tagOf(7, 1)]]] as const) {
    const { plan, region } = frontOf(2, 1);
    initialiseFront(region, { ...plan, ...number && { number } });
    assertEquals([0, 1].map((worker) => region.words[blockOf(plan, worker) + OWN]), [...tags]);
  }
});

Deno.test("Tally.fold() counts what the fast path did since the last time, once", () => {
  const { plan, region } = frontOf(2, 1);
  const at = blockOf(plan, 1);
  const [mine, other] = [attachTally(region, at), attachTally(region, blockOf(plan, 0))];
  region.words[at + ALLOCS] = 5;
  region.words[at + FREES] = 3;
  mine.fold();
  mine.fold();
  region.words[at + ALLOCS] = 7;
  mine.fold();
  assertEquals([mine.get(Count.fastAllocs), mine.get(Count.fastFrees)], [7, 3]);
  assertEquals([other.get(Count.fastAllocs), other.get(Count.fastFrees)], [0, 0]);
});

Deno.test("Tally.fold() is exact where the 32-bit counts wrap", () => {
  for (const [before, after, made] of [[2 ** 31 - 2, -(2 ** 31) + 3, 5], [-3, 4, 7]] as const) {
    const { plan, region } = frontOf(1, 1);
    const at = blockOf(plan, 0);
    const tally = attachTally(region, at);
    region.words[at + ALLOCS] = region.words[at + FREES] = before;
    tally.reset();
    region.words[at + ALLOCS] = region.words[at + FREES] = after;
    tally.fold();
    assertEquals([tally.get(Count.fastAllocs), tally.get(Count.fastFrees)], [made, made]);
  }
});

Deno.test("Tally counts beyond 32 bits", () => {
  const { plan, region } = frontOf(1, 1);
  const at = blockOf(plan, 0);
  const tally = attachTally(region, at);
  const step = 0x7fff_0000;
  for (let time = 1; time <= 5; time++) {
    region.words[at + ALLOCS] = region.words[at + ALLOCS]! + step;
    tally.fold();
  }
  assertEquals(tally.get(Count.fastAllocs), 5 * step);
});

Deno.test("Tally.add() and raise() keep each count apart, reset() clears them all", () => {
  const { plan, region } = frontOf(1, 4);
  const tally = attachTally(region, blockOf(plan, 0));
  const counts = placesOf(Count);
  counts.forEach((count, index) => tally.add(count, index + 1));
  assertEquals(counts.map(tally.get), counts.map((_, index) => index + 1));
  tally.raise(Count.maxWaitNs, 500);
  tally.raise(Count.maxWaitNs, 400);
  assertEquals(tally.get(Count.maxWaitNs), 500);
  tally.reset();
  assertEquals(counts.map(tally.get), counts.map(() => 0));
  const words = region.words.subarray(blockOf(plan, 0) + SLOTS);
  assertEquals(words.every((word) => word === 0), true, "no count reaches into the slots");
});

Deno.test("Count keeps the five levels' hits and all others in places of their own", () => {
  const places = placesOf(Count);
  assertEquals(new Set(places).size, places.length);
});
