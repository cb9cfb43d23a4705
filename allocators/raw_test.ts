import { assertEquals, assertThrows } from "@std/assert";
import { attachParticipant, createRegion, Layout, planParticipants } from "../sync/mod.ts";
import { ATOMIC, BLOCKING, NONE } from "./allocator.ts";
import { blockOf, Count, fixedRounds, initialiseFront, LIMIT, planFront } from "./front.ts";
import { MisuseError, outstanding, planOwners, tagOf } from "./owner_table.ts";
import { attachRaw } from "./raw.ts";
import { countingSource } from "./testing/counting_source.ts";

const FRONT = 2;

/** Two workers' raw allocators in one thread, each over a stock of its own. */
function rawOf(stock: readonly number[], rounds = 4) {
  const capacity = 10;
  const layout = new Layout();
  const participantsAt = planParticipants(layout, "test", 2);
  const front = planFront(layout, "test", { participants: 2, ...fixedRounds(rounds) });
  const owners = planOwners(layout, "test", capacity);
  const region = createRegion(layout, 0);
  initialiseFront(region, front);
  const attach = (id: number) => {
    const participant = attachParticipant(region, participantsAt, id, 2);
    const source = countingSource(region, id === 0 ? stock : []);
    const tag = tagOf(FRONT, id);
    const raw = attachRaw({
      name: "raw",
      region,
      participant,
      front,
      source,
      owners,
      capacity,
      tag,
    });
    return { raw, source, participant };
  };
  return {
    mine: attach(0),
    yours: attach(1),
    out: () => outstanding(region.words, owners, capacity, FRONT),
    setOwner: (handle: number, tag: number) => region.words[owners + handle] = tag,
    limit: () => region.words[blockOf(front, 0) + LIMIT],
  };
}

Deno.test("attachRaw() serves from its source in batches and counts each allocation once", () => {
  const { mine: { raw, source }, out } = rawOf([1, 2, 3, 4, 5]);
  const handles = [1, 2, 3, 4, 5, 6].map((call) =>
    raw.allocate(call % 2 === 0 ? ATOMIC : BLOCKING)
  );
  assertEquals(handles, [5, 4, 3, 2, 1, NONE]);
  assertEquals(source.refills.map(({ want }) => want), [2, 2, 2, 2]);
  raw.tally.fold();
  const { fastAllocs, backendServed, hits } = Count;
  const counts = [fastAllocs, backendServed, hits + 1, hits + 3].map(raw.tally.get);
  assertEquals(counts, [2, 3, 0, 3], "refills at calls 1, 3 and 5, which block");
  assertEquals(out(), { total: 5, byParticipant: new Map([[0, 5]]) });
});

Deno.test("attachRaw() frees through its magazine and spills to its source, counted once each", () => {
  const { mine: { raw, source }, out } = rawOf([1, 2, 3, 4, 5, 6]);
  for (let call = 0; call < 6; call++) raw.allocate(ATOMIC);
  for (const handle of [1, 2, 3, 4, 5, 6]) raw.free(handle);
  assertEquals(source.spills, [[1, 2]]);
  raw.tally.fold();
  const counts = [Count.fastFrees, Count.slowFrees, Count.backendFreed].map(raw.tally.get);
  assertEquals(counts, [5, 1, 1]);
  assertEquals(out().total, 0);
  assertEquals(raw.allocate(ATOMIC), 6);
});

Deno.test("attachRaw() takes back what another worker allocated", () => {
  const { mine, yours, out } = rawOf([1, 2]);
  const handle = mine.raw.allocate(ATOMIC);
  assertEquals(out().byParticipant, new Map([[0, 1]]));
  yours.raw.free(handle);
  assertEquals(yours.raw.allocate(ATOMIC), handle);
  assertEquals(out().byParticipant, new Map([[1, 1]]));
});

Deno.test("attachRaw() refuses frees of what is not out, at full magazines too, and changes nothing", () => {
  for (const rounds of [1, 4]) {
    const { mine: { raw, source }, out, setOwner } = rawOf([1, 2, 3], rounds);
    const handles = [1, 2, 3].map(() => raw.allocate(ATOMIC));
    raw.free(handles[0]!);
    setOwner(9, tagOf(FRONT + 1, 1));
    for (const handle of [handles[0]!, 9, 8, 0, 11, -1, 1.5, NaN]) {
      const { message } = assertThrows(() => raw.free(handle), MisuseError);
      assertEquals(message.startsWith(`Cannot free element ${handle} into "raw": `), true);
    }
    assertEquals([out().total, source.spills], [2, []]);
    raw.tally.fold();
    assertEquals(raw.tally.get(Count.fastFrees) + raw.tally.get(Count.slowFrees), 1);
  }
});

Deno.test("attachRaw() answers requests for what it has cached on its slow paths, and only there", () => {
  const { mine, yours } = rawOf([1, 2, 3]);
  const drained: number[] = [];
  mine.participant.onDrain(() => drained.push(mine.raw.exchange.drain()));
  const handle = mine.raw.allocate(ATOMIC);
  yours.participant.requestDrain(() => {});
  mine.raw.free(handle);
  assertEquals([mine.raw.allocate(ATOMIC), mine.raw.allocate(ATOMIC), drained], [3, 2, []]);
  assertEquals([mine.raw.allocate(ATOMIC), drained], [1, [0]]);
  yours.participant.requestDrain(() => {});
  for (const each of [1, 2, 3]) mine.raw.free(each);
  assertThrows(() => mine.raw.free(1), MisuseError);
  assertEquals(drained, [0, 3]);
});
