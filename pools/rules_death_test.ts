/** What becomes of a pool when a worker dies: here it just stops where it is. That it may stop anywhere is explored (`explore/death_search.ts`). */
import { assertEquals, assertThrows } from "@std/assert";
import { ATOMIC, BLOCKING, type Handle } from "../allocators/allocator.ts";
import { MisuseError } from "../allocators/owner_table.ts";
import type { Composition } from "./composition.ts";
import { NOTHING_RECOVERED } from "./recovery_parts.ts";
import { soon } from "./testing/eventually.ts";
import { composed, flatMemory, pagePool } from "./testing/page_pool.ts";

const [COORDINATOR, SURVIVOR, VICTIM] = [0, 1, 2];

interface Sides {
  readonly coordinator: Composition;
  readonly survivor: Composition;
  readonly victim: Composition;
}

/** A pool of 4 over so many pages, with three who take part. */
function threeSides(pages = 64): Sides {
  const { sides } = pagePool({ memory: flatMemory(pages), minReserve: 4, participants: 3 });
  return {
    coordinator: sides[COORDINATOR]!,
    survivor: sides[SURVIVOR]!,
    victim: sides[VICTIM]!,
  };
}

function take(side: Composition, count: number): Handle[] {
  return Array.from({ length: count }, () => side.pool("pool").allocate(ATOMIC));
}

const NOTHING = { ...NOTHING_RECOVERED, participant: VICTIM };

Deno.test("Mempool rule 40: what a dead worker held and had cached is everybody's again, and is told", () => {
  const { survivor, victim, coordinator } = threeSides();
  const all = take(victim, 5);
  victim.pool("pool").free(all.pop()!);
  const cached = victim.largestMagazine("page") - 4;
  const { returned, adopted, ...rest } = survivor.recover(VICTIM);
  assertEquals(returned, { pool: 4 });
  assertEquals(adopted.page! > 0 && adopted.page! <= cached + 4, true);
  assertEquals({ ...rest, returned: {}, adopted: {} }, NOTHING);
  assertEquals(coordinator.outstanding("pool"), 0);
  // Freed by whoever put them back, so that allocations and frees still add up.
  const [gone, here] = [victim, survivor].map((side) => side.pool("pool").counts());
  assertEquals([gone!.allocs, gone!.frees, here!.frees], [5, 1, 4]);
  coordinator.check();
});

Deno.test("Mempool rule 40: a second recovery finds nothing", () => {
  const { survivor, victim, coordinator } = threeSides();
  take(victim, 3);
  survivor.recover(VICTIM);
  assertEquals(coordinator.recover(VICTIM), NOTHING);
  assertEquals(survivor.recover(VICTIM), NOTHING);
});

Deno.test("Mempool rule 40: a lock that a dead worker held is taken over, and what it changed under it put back", () => {
  const { survivor, victim, coordinator } = threeSides();
  const { reserve } = victim.pool("pool");
  reserve.lock.acquire();
  // Half of what puts a waiter into the queue: the step is not done.
  reserve.queue.enqueue(2 * 5);
  assertEquals(reserve.lock.owner(), VICTIM);
  const { locks, undone, queue } = survivor.recover(VICTIM);
  assertEquals([locks, undone > 0, queue], [["pool"], true, {}]);
  assertEquals([reserve.lock.owner(), reserve.queue.count()], [-1, 0]);
  coordinator.check();
});

Deno.test("Mempool rule 40: a dead waiter leaves the queue, and what it was handed serves the next", async () => {
  const { survivor, victim, coordinator } = threeSides(8);
  const held = take(coordinator, 8);
  const { reserve } = victim.pool("pool");
  for (const served of [true, false]) {
    reserve.lock.acquire();
    reserve.enqueue(2 * 5);
    reserve.lock.release();
    const waiting = survivor.pool("pool").allocateAsync();
    if (served) coordinator.pool("pool").free(held.pop()!);
    const { queue, inTransit } = coordinator.recover(VICTIM);
    assertEquals([queue, inTransit], [{ pool: 1 }, served ? 1 : 0]);
    if (!served) coordinator.pool("pool").free(held.pop()!);
    held.push(await soon(`who waits is served, by what was handed over: ${served}`, waiting));
    assertEquals(reserve.queue.count(), 0);
  }
  survivor.pool("pool").freeBulk(held);
  coordinator.check();
});

Deno.test("Mempool rule 40: what a dead worker had handed on is left alone where it was adopted, or is on its way", () => {
  const { survivor, victim, coordinator } = threeSides();
  const [adopted, underway, lost] = take(victim, 3) as [Handle, Handle, Handle];
  const pool = survivor.pool("pool");
  pool.adopt(adopted);
  const asked: [string, Handle][] = [];
  const keep = (name: string, handle: Handle) => {
    asked.push([name, handle]);
    return handle === underway;
  };
  const { kept, returned } = survivor.recover(VICTIM, { keep });
  assertEquals([kept, returned], [1, { pool: 1 }]);
  assertEquals(asked.toSorted(), [["pool", underway], ["pool", lost]].toSorted());
  pool.adopt(underway);
  pool.freeBulk([adopted, underway]);
  assertThrows(() => pool.free(lost), MisuseError);
  assertThrows(() => pool.adopt(lost), MisuseError);
  coordinator.check();
});

Deno.test("Mempool rule 40: one who has left recovers too, and has left again afterwards", () => {
  const { survivor, victim, coordinator } = threeSides();
  take(victim, 2);
  coordinator.detach();
  assertEquals(coordinator.recover(VICTIM).returned, { pool: 2 });
  assertEquals(coordinator.participant.isRunning(), false);
  survivor.check();
});

Deno.test("Mempool rule 40: nobody recovers after himself, or after somebody who is none of them", () => {
  const { survivor } = threeSides();
  for (const dead of [SURVIVOR, -1, 3, 0.5]) {
    assertThrows(() => survivor.recover(dead), RangeError, "Cannot recover after participant");
  }
});

Deno.test("Mempool rule 40: a dead recoverer's work is done to the end by whoever comes after it", () => {
  const { sides: [coordinator, , victim], plan, region } = pagePool({
    memory: flatMemory(64),
    minReserve: 4,
    participants: 3,
  });
  take(victim!, 2);
  // The survivor has begun to recover, and has died over it.
  const words = region.words.subarray(plan.participantsAt + 16);
  words[16 * VICTIM + 4] = SURVIVOR + 1;
  words[16 * VICTIM] = 2 + SURVIVOR;
  const { finished, claimed } = coordinator!.recover(SURVIVOR);
  assertEquals([finished.map(({ returned }) => returned), claimed], [[{ pool: 2 }], [VICTIM]]);
  coordinator!.check();
});

Deno.test("Mempool rule 40: elements put together go back whole, and parts of others' stay where they are", () => {
  const { sides: [coordinator, survivor, victim] } = composed({
    memory: flatMemory(64),
    allocators: {
      page: { kind: "page", order: 0 },
      whole: {
        kind: "composite",
        parts: [{ of: "inner", count: 1 }, { of: "page", count: 3 }],
      },
    },
    pools: {
      inner: { over: "page", minReserve: 2, policy: "five-level" },
      pool: { over: "whole", minReserve: 1, policy: "five-level" },
    },
    participants: 3,
    asyncSlots: 1,
  });
  const passed = victim!.pool("pool").allocate(BLOCKING);
  survivor!.pool("pool").adopt(passed);
  take(victim!, 2);
  assertEquals(survivor!.recover(VICTIM).returned, { pool: 2 });
  assertEquals(coordinator!.outstanding("pool"), 1);
  assertEquals(survivor!.allocator("whole").backend.parts!(passed).length, 4);
  survivor!.pool("pool").free(passed);
  coordinator!.check();
  assertEquals(["pool", "inner", "page"].map((name) => coordinator!.outstanding(name)), [0, 0, 0]);
});
