import { assert, assertEquals, assertGreater, assertThrows } from "@std/assert";
import {
  alone,
  attachParticipant,
  nextParticipant,
  participantAt,
  ParticipantWord,
  planParticipants,
} from "./participant.ts";
import { createRegion, Layout } from "./region.ts";
import { startCrew } from "./testing/crew.ts";
import type { Order } from "./testing/told_participant.ts";
import { signal, until } from "./testing/until.ts";

/** Two participants in one thread: enough for whatever does not block. */
function two() {
  const layout = new Layout();
  const at = planParticipants(layout, "two", 2);
  const region = createRegion(layout, 0);
  const [asker, owner] = [0, 1].map((id) => attachParticipant(region, at, id, 2));
  let drained = 0;
  owner!.onDrain(() => void drained++);
  return { asker: asker!, owner: owner!, drained: () => drained, region, at };
}

Deno.test("planParticipants() refuses a number of participants that is none, in one sentence", () => {
  for (const count of [0, -1, 1.5, NaN]) {
    const plan = () => planParticipants(new Layout(), "none", count);
    const { message } = assertThrows(plan, RangeError);
    assertEquals(
      message,
      `Cannot plan participants as their number must be an integer >= 1: current value is ${count}`,
    );
  }
});

Deno.test("Participant.requestDrain() asks one that runs, which answers at its next poll, once", () => {
  const { asker, owner, drained } = two();
  owner.poll();
  assertEquals(drained(), 0);
  assertEquals(asker.requestDrain(() => assert(false, "a running worker was claimed")), 1);
  assertEquals(drained(), 0);
  owner.poll();
  owner.poll();
  assertEquals(drained(), 1);
});

Deno.test("Participant.requestDrain() claims one that is parked, and asks it once it has resumed", () => {
  const { asker, owner } = two();
  const claimed: number[] = [];
  const running = owner.park(() => asker.requestDrain((id) => claimed.push(id)));
  assertEquals([claimed, running], [[1], 0]);
  assertEquals(asker.requestDrain(() => claimed.push(-1)), 1);
  assertEquals(claimed, [1]);
});

Deno.test("Participant.requestDrain() lets go of the claimed even where the drain throws", () => {
  const { asker, owner } = two();
  const claim = () => asker.requestDrain(() => assert(false, "thrown"));
  owner.park(() => assertThrows(claim, Error, "thrown"));
  assertEquals(asker.requestDrain(() => {}), 1, "the owner runs again");
});

Deno.test("Participant.requestDrain() counts one that another has claimed among those that answer later", () => {
  const layout = new Layout();
  const at = planParticipants(layout, "three", 3);
  const region = createRegion(layout, 0);
  const [first, second, owner] = [0, 1, 2].map((id) => attachParticipant(region, at, id, 3));
  const inner: number[] = [];
  owner!.park(() =>
    first!.requestDrain((id) => {
      if (id === 2) inner.push(second!.requestDrain(() => assert(false, "claimed twice")));
    })
  );
  assertEquals(inner, [2]);
});

Deno.test("Participant.requestDrain() claims those who have never attached", () => {
  const layout = new Layout();
  const at = planParticipants(layout, "early", 3);
  const asker = attachParticipant(createRegion(layout, 0), at, 0, 3);
  const claimed: number[] = [];
  assertEquals(asker.requestDrain((id) => claimed.push(id)), 0);
  assertEquals(claimed, [1, 2]);
});

Deno.test("Participant.park() answers what was asked before, then waits, and returns what the wait did", () => {
  const { asker, owner, drained } = two();
  asker.requestDrain(() => {});
  assertEquals(owner.park(() => drained()), 1);
  assertThrows(() => owner.park(() => assert(false, "the wait throws")), Error, "the wait throws");
  assertEquals(asker.requestDrain(() => {}), 1, "the owner runs again");
});

Deno.test("Participant.visit() takes part for a time, then drains and has left again", () => {
  const { asker, owner, drained } = two();
  const claimed: number[] = [];
  owner.detach();
  const running = owner.visit(() => asker.requestDrain((id) => claimed.push(id)));
  assertEquals([running, claimed], [1, []]);
  assertGreater(drained(), 1);
  assertThrows(() => owner.visit(() => assert(false, "thrown")), Error, "thrown");
  assertEquals([asker.requestDrain((id) => claimed.push(id)), claimed], [0, [1]]);
});

Deno.test("Participant.detach() drains, and is parked from then on", () => {
  const { asker, owner, drained } = two();
  owner.detach();
  assertEquals(drained(), 1);
  const claimed: number[] = [];
  assertEquals(asker.requestDrain((id) => claimed.push(id)), 0);
  assertEquals([claimed, drained()], [[1], 1]);
});

Deno.test("Participant.listen() answers on the event loop, as often as it is asked, until it detaches", async () => {
  const { asker, owner } = two();
  const answers: (() => void)[] = [];
  owner.onDrain(() => answers.shift()?.());
  owner.listen();
  owner.listen();
  for (let time = 0; time < 3; time++) {
    const { promise, resolve } = Promise.withResolvers<void>();
    answers.push(resolve);
    const keepAlive = setTimeout(() => {}, 20_000);
    assertEquals(asker.requestDrain(() => {}), 1);
    await promise;
    clearTimeout(keepAlive);
  }
  owner.detach();
});

Deno.test("ParticipantWord has a word of its own for each", () => {
  const offsets = Object.values(ParticipantWord);
  assertEquals(new Set(offsets).size, offsets.length);
  const room = participantAt(0, 1) - participantAt(0, 0);
  assert(offsets.every((offset) => offset >= 0 && offset < room));
});

Deno.test("Participant.stop() is seen by everybody, setStuck() by number", () => {
  const { asker, owner } = two();
  assertEquals([asker.stopped(), owner.stopped()], [false, false]);
  assertEquals([asker.isStuck(1), owner.isStuck(1)], [false, false]);
  owner.setStuck(true);
  assertEquals([asker.isStuck(0), asker.isStuck(1)], [false, true]);
  owner.setStuck(false);
  assertEquals(asker.isStuck(1), false);
  assertEquals([asker.stuckChanges(0), asker.stuckChanges(1)], [0, 2]);
  owner.setStuck(false);
  assertEquals(asker.stuckChanges(1), 2, "saying it again changes nothing");
  asker.stop();
  assertEquals([asker.stopped(), owner.stopped()], [true, true]);
});

Deno.test("nextParticipant() hands each number out once, and again after its owner has detached", () => {
  const { region, at, owner } = two();
  const next = () => nextParticipant(region, at, 2);
  assertEquals([next(), next(), next()], [0, 1, -1]);
  owner.detach();
  assertEquals([next(), next()], [1, -1]);
});

Deno.test("alone() asks nobody, and shares the wait and the stop of the participant that it is", () => {
  const { asker, owner, drained } = two();
  const single = alone(owner);
  assertEquals([single.id, single.count, owner.id, owner.count], [0, 1, 1, 2]);
  assertEquals(single.requestDrain(() => assert(false, "asked somebody")), 0);
  single.whileWaiting = () => 7;
  assertEquals(owner.whileWaiting(), 7);
  owner.whileWaiting = () => 8;
  assertEquals(single.whileWaiting(), 8);
  asker.requestDrain(() => {});
  single.poll();
  assertEquals(drained(), 1);
  asker.stop();
  assert(single.stopped());
});

/** An asker here, and an owner in a worker that does as it is told. */
async function told() {
  const layout = new Layout();
  const participantsAt = planParticipants(layout, "told", 2);
  const signsAt = layout.words("signs", 3);
  const region = createRegion(layout, 0);
  const asker = attachParticipant(region, participantsAt, 0, 2);
  const crew = startCrew(new URL("./testing/told_participant.ts", import.meta.url), 1);
  const [there, go, on] = [signsAt, signsAt + 1, signsAt + 2];
  const order = (order: Order) => crew.send(0, order);
  order({ order: "attach", region, participantsAt, signsAt });
  await crew.answer(0);
  return {
    crew,
    asker,
    order,
    awaitThere: () => until(region.words, there, (value) => value === 1, "the owner is there"),
    letGo: () => signal(region.words, go, 1),
    awaitGone: () => until(region.words, there, (value) => value === 0, "the owner's wait ends"),
    /** Whether it stays where it is for as long as one can look. */
    staysBehind: () => Atomics.wait(region.words, on, 0, 20) === "timed-out",
    [Symbol.dispose]: () => crew[Symbol.dispose](),
  };
}

Deno.test("Participant.requestDrain() reaches a worker that sleeps in a wait at once, and keeps it there meanwhile", async () => {
  using owner = await told();
  owner.order({ order: "park" });
  owner.awaitThere();
  let stayed = false;
  const running = owner.asker.requestDrain(() => {
    owner.letGo();
    owner.awaitGone();
    stayed = owner.staysBehind();
  });
  assertEquals([running, stayed], [0, true]);
  assertEquals(await owner.crew.answer(0), 0, "it resumed, and had nothing to drain itself");
});

Deno.test("Participant.requestDrain() reaches a worker that computes at its next poll", async () => {
  using owner = await told();
  owner.order({ order: "compute" });
  owner.awaitThere();
  assertEquals(owner.asker.requestDrain(() => assert(false, "claimed while it computes")), 1);
  owner.letGo();
  assertEquals(await owner.crew.answer(0), 0);
  owner.order({ order: "poll" });
  assertEquals(await owner.crew.answer(0), 1);
});

Deno.test("Participant.requestDrain() reaches a worker that is back in its event loop and listens", async () => {
  using owner = await told();
  owner.order({ order: "listen" });
  assertEquals(await owner.crew.answer(0), 0);
  for (const times of [1, 2, 3]) {
    assertEquals(owner.asker.requestDrain(() => assert(false, "claimed while it listens")), 1);
    assertEquals(await owner.crew.answer(0), times);
  }
});

Deno.test("Participant.tryVisit() takes part for a while, and gives up where another one goes on having it claimed", () => {
  const { asker, owner, drained } = two();
  owner.detach();
  const before = drained();
  assertEquals([owner.tryVisit(() => assert(owner.isRunning()), 0), owner.isRunning()], [
    true,
    false,
  ]);
  assertEquals(drained(), before, "what it runs is to leave nothing cached");
  let visits = 0;
  const isDone = [0, 2].map((withinMs) => {
    let done = true;
    asker.requestDrain(() => done = owner.tryVisit(() => visits++, withinMs));
    return done;
  });
  assertEquals([isDone, visits], [[false, false], 0]);
  assertThrows(() => owner.tryVisit(() => assert(false, "thrown"), 0), Error, "thrown");
  assertEquals(owner.isRunning(), false);
});
