/**
 * The most delicate spot of a fast path without Atomics: an element that lies in the magazine of a worker which never calls the
 * pool again must reach a sleeper all the same. Here nobody frees, and nobody tries again by himself for a minute: who is
 * served at all was served by the owner's answer, or by taking over from it.
 */
import { assertEquals, assertNotEquals } from "@std/assert";
import { BLOCKING, type Handle, NONE } from "../allocators/allocator.ts";
import { blockOf, TOP } from "../allocators/front.ts";
import { resolvePolicy } from "./composition_plan.ts";
import { eventually } from "./testing/eventually.ts";
import { allocation, type Fleet, startFleet } from "./testing/fleet.ts";
import { type Afterwards, LATE } from "./testing/late_free.ts";

const OWNER = 1;
const SLEEPER = 2;
const GO_ON = 2;
const PAGES = 64;

/** What comes back goes to the pages, below the minimum, where only a caller who may sleep gets it. */
const MEMORY = {
  pages: PAGES,
  pageBytes: 256,
  watermarks: { min: 2, low: 4, high: 6 },
  growTo: PAGES,
};
const AFTERWARDS: readonly Afterwards[] = ["parks", "is back in its event loop", "detaches"];

function start(minReserve: number): Promise<Fleet> {
  const policy = { ...resolvePolicy("five-level"), retryMs: 60_000 };
  return startFleet({ workers: 2, gated: false, memory: MEMORY, minReserve, policy });
}

/** What lies in the owner's magazine. */
function cachedByOwner({ planned: { plan }, region }: Fleet): number {
  return region.words[blockOf(plan.pools[0]!.front, OWNER) + TOP]!;
}

/** Has the test take everything but what the owner holds. */
function takeTheRest(fleet: Fleet, ofOwner: number): Handle[] {
  return Array.from({ length: PAGES - ofOwner }, () => fleet.pool.allocate(BLOCKING));
}

/** Lets the owner go on, has everything freed, and checks that all is there. */
async function end(fleet: Fleet, held: readonly Handle[]): Promise<void> {
  held.forEach(fleet.pool.free);
  await fleet.check();
  assertEquals(fleet.composition.outstanding("pool"), 0);
  assertEquals(fleet.pool.currentReserve, fleet.pool.minReserve);
}

for (const minReserve of [0, 1]) {
  for (const afterwards of AFTERWARDS) {
    Deno.test(`Mempool with M = ${minReserve} serves a sleeper from a late free whose worker ${afterwards}`, async () => {
      using fleet = await start(minReserve);
      await fleet.ask(OWNER, { do: "listen" });
      const handles = await fleet.ask<Handle[]>(OWNER, allocation(1, BLOCKING));
      const rest = takeTheRest(fleet, 1);
      fleet.tell(OWNER, { do: "freeLateAndLeave", handles, afterwards });
      await eventually("the owner is about to free", () => fleet.board(LATE) === 1);
      await fleet.queueUp(SLEEPER);
      fleet.writeBoard(LATE, 2);
      const served = await fleet.answer<Handle[]>(SLEEPER);
      assertEquals(served, handles);
      fleet.writeBoard(GO_ON, 1);
      assertEquals(await fleet.answer(OWNER), 1, "it was in the magazine");
      assertEquals(cachedByOwner(fleet), 0);
      await end(fleet, [...rest, ...served]);
    });
  }
}

for (const afterwards of AFTERWARDS) {
  Deno.test(`Mempool gives a worker what another has cached that ${afterwards}`, async () => {
    using fleet = await start(0);
    await fleet.ask(OWNER, { do: "listen" });
    const handles = await fleet.ask<Handle[]>(OWNER, allocation(2, BLOCKING));
    const rest = takeTheRest(fleet, 2);
    fleet.tell(OWNER, { do: "freeAndLeave", handles, afterwards });
    if (afterwards === "parks") await parked(fleet);
    else assertEquals(await fleet.answer(OWNER), 2, "both were in the magazine");
    if (afterwards === "detaches") assertEquals(cachedByOwner(fleet), 0);
    const served = await fleet.ask<Handle[]>(SLEEPER, allocation(2, BLOCKING));
    assertEquals(served.toSorted(), handles.toSorted());
    fleet.writeBoard(GO_ON, 1);
    if (afterwards === "parks") assertEquals(await fleet.answer(OWNER), 2);
    await end(fleet, [...rest, ...served]);
  });
}

/** Waits until the owner has freed both and sleeps. */
async function parked(fleet: Fleet): Promise<void> {
  await eventually(
    "the owner has freed",
    () => fleet.composition.outstanding("pool") === PAGES - 2,
  );
}

Deno.test("Mempool serves a sleeper from its own event loop's magazine: async callers of one worker", async () => {
  using fleet = await start(0);
  await fleet.ask(SLEEPER, { do: "listen" });
  const rest = takeTheRest(fleet, 0);
  await fleet.queueUp(SLEEPER, "async");
  await fleet.queueUp(SLEEPER, "async");
  fleet.pool.free(rest.shift()!);
  const first = await fleet.answer<Handle>(SLEEPER);
  fleet.tell(SLEEPER, { do: "free", handles: [first] });
  const answers = [await fleet.answer(SLEEPER), await fleet.answer(SLEEPER)];
  assertEquals(answers.toSorted(), [first, null].toSorted());
  assertNotEquals(first, NONE);
  await end(fleet, [...rest, first]);
});
