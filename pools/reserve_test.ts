/** The reserve itself: its poison, and that its check finds what is broken. */
import { assertEquals, assertThrows } from "@std/assert";
import {
  blockOf,
  fixedRounds,
  type FrontPlan,
  initialiseFront,
  LIMIT,
  planFront,
} from "../allocators/front.ts";
import { createRegion, Layout } from "../sync/mod.ts";
import { carriedTag, planOwners, tagOf } from "../allocators/owner_table.ts";
import { attachReserve, KEPT, REFUSED } from "./reserve.ts";
import { planReserve } from "./reserve_plan.ts";

const WORKERS = 3;
const ROUNDS = 8;

function reserveOf(handles: readonly number[]) {
  const layout = new Layout();
  const front = planFront(layout, "test", { participants: WORKERS, ...fixedRounds(ROUNDS) });
  const size = { max: handles.length, participants: WORKERS, slotsPerWorker: 2, front };
  const plan = planReserve(layout, "test", size);
  const { words, ...region } = createRegion(layout, 0);
  initialiseFront({ words, ...region }, front);
  const reserve = attachReserve({ words, ...region }, plan, 0);
  reserve.initialise(handles);
  return { reserve, words, plan, limits: () => limitsOf(words, front) };
}

function limitsOf(words: Int32Array, front: FrontPlan): (number | undefined)[] {
  return [0, 1, 2].map((worker) => words[blockOf(front, worker) + LIMIT]);
}

const POISONED = [0, 0, 0];
const LIFTED = [ROUNDS, ROUNDS, ROUNDS];

Deno.test("Reserve poisons everybody's limit as long as N < M", () => {
  const { reserve, limits } = reserveOf([1, 2]);
  assertEquals(limits(), LIFTED);
  const taken = [reserve.pop(), reserve.pop()];
  assertEquals([taken, limits()], [[2, 1], POISONED]);
  assertEquals([reserve.give(1), limits()], [KEPT, POISONED]);
  assertEquals([reserve.give(2), limits()], [KEPT, LIFTED]);
  assertEquals([reserve.give(3), limits()], [REFUSED, LIFTED]);
  assertEquals(reserve.lowWater(), 0);
  reserve.check();
});

Deno.test("Reserve poisons everybody's limit as long as somebody waits, with M = 0 as well", () => {
  const { reserve, limits } = reserveOf([]);
  reserve.enqueue(3);
  reserve.enqueue(5);
  reserve.enqueue(1);
  assertEquals([limits(), reserve.give(7)], [POISONED, 3]);
  assertEquals([reserve.leave(5), limits()], [0, POISONED]);
  assertEquals([reserve.give(8), limits()], [1, LIFTED]);
  assertEquals([reserve.leave(3), reserve.leave(1)], [7, 8]);
  assertEquals([reserve.give(9), reserve.queue.maxDepth()], [REFUSED, 3]);
  reserve.check();
});

Deno.test("Reserve.resize() sets M, gives up what is beyond it, and low water and poison follow", () => {
  const { reserve, limits } = reserveOf([1, 2, 3, 4]);
  assertEquals([reserve.resize(3), reserve.lowWater(), limits()], [[4], 3, LIFTED]);
  assertEquals([reserve.resize(4), reserve.lowWater(), limits()], [[], 3, POISONED]);
  assertEquals([reserve.give(5), limits()], [KEPT, LIFTED]);
  reserve.check();
});

Deno.test("Reserve.close() gives everything up, stays poisoned, and refuses frees even where somebody waits", () => {
  const { reserve, limits } = reserveOf([1, 2]);
  assertEquals([reserve.isClosed(), reserve.close(), reserve.isClosed()], [false, [1, 2], true]);
  reserve.enqueue(3);
  assertEquals([reserve.give(1), reserve.leave(3)], [REFUSED, 0]);
  assertEquals([reserve.min(), reserve.current(), limits()], [0, 0, POISONED]);
  reserve.check();
});

Deno.test("Reserve.resetCounts() begins again from what is there", () => {
  const { reserve } = reserveOf([1, 2, 3]);
  reserve.lock.acquire();
  for (const handle of [reserve.pop(), reserve.pop()].slice(1)) reserve.give(handle);
  reserve.lock.release();
  assertEquals([reserve.lowWater(), reserve.lock.acquisitions()], [1, 1]);
  reserve.resetCounts();
  assertEquals([reserve.lowWater(), reserve.lock.acquisitions(), reserve.current()], [2, 0, 2]);
});

/** Words of the reserve by name, and what is wrong once they are changed. */
const BROKEN = [
  { what: "more than M", word: 1, value: 4, says: "N = 4 of M = 3" },
  { what: "less than nothing", word: 1, value: -1, says: "N = -1 of M = 3" },
  { what: "a poison that is not lifted", word: 3, value: 1, says: "poisoned = true with N = 3" },
  { what: "a poison that is missing", word: 1, value: 2, says: "poisoned = false with N = 2" },
] as const;

for (const { what, word, value, says } of BROKEN) {
  Deno.test(`Reserve.check() finds ${what}`, () => {
    const { reserve, words, plan } = reserveOf([1, 2, 3]);
    reserve.check();
    words[plan.at + word] = value;
    assertThrows(() => reserve.check(), Error, says);
  });
}

Deno.test("Reserve.check() finds somebody who waits though there is an element", () => {
  const { reserve } = reserveOf([1, 2, 3]);
  reserve.enqueue(0);
  assertThrows(() => reserve.check(), Error, "1 wait while N = 3");
});

Deno.test("Reserve.leave() notes what a waiter had collected as in its hands, before it leaves the queue", () => {
  const layout = new Layout();
  const front = planFront(layout, "test", { participants: WORKERS, ...fixedRounds(ROUNDS) });
  const size = { max: 2, participants: WORKERS, slotsPerWorker: 2, front };
  const plan = planReserve(layout, "test", size);
  const owners = planOwners(layout, "test", 4);
  const region = createRegion(layout, 0);
  initialiseFront(region, front);
  const tag = tagOf(1, 0);
  const reserve = attachReserve(region, plan, 0, undefined, { owners, tag });
  const tagged = () => region.words[owners + 4];
  reserve.enqueue(3, 2);
  assertEquals([reserve.give(4), tagged()], [KEPT, -tag]);
  assertEquals([reserve.leave(3), tagged()], [4, carriedTag(tag)]);
});
