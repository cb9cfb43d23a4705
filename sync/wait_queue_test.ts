import { assert, assertEquals, assertLess } from "@std/assert";
import fc from "fast-check";
import { createRegion, Layout } from "./region.ts";
import { HANG_MS, startCrew } from "./testing/crew.ts";
import type { SleeperTask } from "./testing/queue_sleeper.ts";
import {
  attachWaitQueue,
  COLLECTING,
  LOOK_AGAIN,
  planLinks,
  planWaitQueue,
  type WaitQueue,
} from "./wait_queue.ts";

const SLOTS = 6;

function queueOf(slots = SLOTS) {
  const layout = new Layout();
  const queueAt = planWaitQueue(layout, "test", { workers: slots / 2, slotsPerWorker: 2 });
  const { words, buffer } = createRegion(layout, 0);
  return { queue: attachWaitQueue(words, queueAt), buffer, queueAt };
}

function queueWith(...slots: readonly number[]): WaitQueue {
  const { queue } = queueOf();
  for (const slot of slots) queue.enqueue(slot);
  return queue;
}

/** Hands off until nobody waits. @returns the slots in the order in which they were served. */
function serveAll(queue: WaitQueue): number[] {
  const served: number[] = [];
  while (queue.count() > 0) served.push(queue.handOff(100 + served.length));
  return served;
}

Deno.test("WaitQueue.handOff() serves first come first, each with its own element", () => {
  const queue = queueWith(3, 0, 5);
  assertEquals(serveAll(queue), [3, 0, 5]);
  assertEquals([3, 0, 5].map((slot) => queue.granted(slot)), [100, 101, 102]);
  assertEquals([1, 2, 4].map((slot) => queue.granted(slot)), [0, 0, 0]);
});

for (
  const { where, slot, left } of [
    { where: "head", slot: 3, left: [0, 5] },
    { where: "middle", slot: 0, left: [3, 5] },
    { where: "tail", slot: 5, left: [3, 0] },
  ]
) {
  Deno.test(`WaitQueue.leave() takes a waiter out of the ${where}, and who comes next is last`, () => {
    const queue = queueWith(3, 0, 5);
    assertEquals([queue.leave(slot), queue.count()], [0, 2]);
    queue.enqueue(1);
    queue.enqueue(slot);
    assertEquals(serveAll(queue), [...left, 1, slot]);
  });
}

/** A queue with links for a few elements. */
function linkedQueue(): WaitQueue {
  const layout = new Layout();
  const queueAt = planWaitQueue(layout, "test", { workers: 2, slotsPerWorker: 2 });
  const linksAt = planLinks(layout, "test", 9);
  return attachWaitQueue(createRegion(layout, 0).words, queueAt, linksAt);
}

Deno.test("WaitQueue.handOff() says that somebody collects by what is no slot", () => {
  const queue = linkedQueue();
  queue.enqueue(0);
  assert(queue.handOff(1) !== COLLECTING);
});

/** The elements that lead back from the last. */
function chain(queue: WaitQueue, last: number): number[] {
  return last === 0 ? [] : [last, ...chain(queue, queue.before(last))];
}

Deno.test("WaitQueue.handOff() lets who wants several collect at the head, and grants them together", () => {
  const queue = linkedQueue();
  queue.enqueue(2, 3);
  queue.enqueue(0);
  queue.enqueue(1, 2);
  assertEquals([queue.handOff(5), queue.handOff(9)], [COLLECTING, COLLECTING]);
  assertEquals([queue.granted(2), queue.missing(2), queue.collected()], [0, 1, 2]);
  assertEquals([queue.handOff(7), queue.collected(), queue.count()], [2, 0, 2]);
  assertEquals([queue.handOff(1), queue.handOff(2), queue.handOff(3)], [0, COLLECTING, 1]);
  assertEquals([0, 1, 2].map((slot) => chain(queue, queue.granted(slot))), [[1], [3, 2], [
    7,
    9,
    5,
  ]]);
});

Deno.test("WaitQueue.leave() gives up what was collected, or granted, once", () => {
  const queue = linkedQueue();
  queue.enqueue(3, 3);
  queue.handOff(4);
  queue.handOff(6);
  assertEquals([chain(queue, queue.leave(3)), queue.leave(3), queue.count()], [[6, 4], 0, 0]);
  queue.enqueue(3, 2);
  queue.handOff(6);
  queue.handOff(4);
  assertEquals([chain(queue, queue.leave(3)), queue.leave(3), queue.collected()], [[4, 6], 0, 0]);
});

Deno.test("WaitQueue.leave() of the only waiter empties the queue, which can be used again", () => {
  const queue = queueWith(2);
  queue.leave(2);
  assertEquals(queue.count(), 0);
  queue.enqueue(4);
  queue.enqueue(2);
  assertEquals(serveAll(queue), [4, 2]);
});

Deno.test("WaitQueue.leave() after a hand-off returns the element, once, and disturbs nobody", () => {
  const queue = queueWith(3, 0);
  queue.handOff(77);
  assertEquals([queue.leave(3), queue.leave(3), queue.count()], [77, 0, 1]);
  assertEquals(serveAll(queue), [0]);
});

Deno.test("WaitQueue.leave() returns no element to one who was only asked to look again", () => {
  const queue = queueWith(3);
  queue.kick(1);
  assertEquals([queue.granted(3), queue.leave(3), queue.count()], [LOOK_AGAIN, 0, 0]);
});

Deno.test("WaitQueue.look() shows who waits, what he was handed and has not accepted, and how often he tried", () => {
  const queue = queueWith(3, 0);
  const seen = (slot: number) => {
    const { isQueued, granted, tries } = queue.look(slot);
    return [isQueued, granted, tries];
  };
  assertEquals([seen(3), seen(5)], [[true, 0, 0], [false, 0, 0]]);
  queue.noteTry(3);
  queue.noteTry(3);
  assertEquals(seen(3), [true, 0, 2]);
  queue.handOff(77);
  assertEquals([seen(3), seen(0)], [[false, 77, 2], [true, 0, 0]]);
  queue.accept(3);
  assertEquals(seen(3), [false, 0, 2]);
  queue.kick(1);
  assertEquals(seen(0), [true, LOOK_AGAIN, 0]);
  queue.enqueue(3);
  assertEquals(seen(3), [true, 0, 2], "tries are counted on");
});

Deno.test("WaitQueue.look() shows how long a wait has lasted, from its beginning", () => {
  const queue = queueWith(3);
  const startMs = performance.now();
  queue.noteBeginning(3);
  const { waitedMs } = queue.look(3);
  assert(waitedMs >= 0 && waitedMs <= performance.now() - startMs + 1, String(waitedMs));
});

Deno.test("WaitQueue.kick() asks the longest waiters to look again, and they keep their places", () => {
  const queue = queueWith(3, 0, 5);
  queue.kick(2);
  assertEquals([3, 0, 5].map((slot) => queue.granted(slot)), [LOOK_AGAIN, LOOK_AGAIN, 0]);
  queue.acknowledge(3);
  assertEquals([queue.granted(3), queue.count()], [0, 3]);
  assertEquals(serveAll(queue), [3, 0, 5]);
  assertEquals(queue.granted(0), 101, "a hand-off counts for more than a request to look again");
});

Deno.test("WaitQueue.kick() asks others than those who have not looked yet", () => {
  const queue = queueWith(3, 0, 5);
  queue.kick(1);
  queue.kick(1);
  assertEquals([3, 0, 5].map((slot) => queue.granted(slot)), [LOOK_AGAIN, LOOK_AGAIN, 0]);
});

Deno.test("WaitQueue passes a request to look again on from who is served or leaves before it has looked", () => {
  const queue = queueWith(3, 0, 5);
  queue.kick(1);
  assertEquals([queue.handOff(7), queue.granted(3), queue.granted(0)], [3, 7, LOOK_AGAIN]);
  assertEquals([queue.leave(0), queue.granted(5)], [0, LOOK_AGAIN]);
  queue.acknowledge(5);
  assertEquals([queue.leave(5), queue.count()], [0, 0]);
});

Deno.test("WaitQueue.acknowledge() keeps an element that came in between", () => {
  const queue = queueWith(3);
  queue.kick(1);
  queue.handOff(5);
  queue.acknowledge(3);
  assertEquals(queue.granted(3), 5);
});

Deno.test("WaitQueue.maxDepth() is the most at once, and begins again from those who wait", () => {
  const queue = queueWith(3, 0, 5);
  queue.handOff(1);
  queue.enqueue(1);
  assertEquals(queue.maxDepth(), 3);
  queue.handOff(1);
  queue.resetCounts();
  assertEquals([queue.count(), queue.maxDepth()], [2, 2]);
});

Deno.test("WaitQueue.sleep() and sleepAsync() return at once where the grant came before the sleep", async () => {
  const queue = queueWith(3, 0);
  queue.handOff(5);
  queue.kick(1);
  const startMs = performance.now();
  assertEquals(queue.sleep(3, HANG_MS), 5);
  assertEquals(await queue.sleepAsync(3, HANG_MS), 5);
  assertEquals(queue.sleep(0, HANG_MS), LOOK_AGAIN);
  assertLess(performance.now() - startMs, HANG_MS);
});

Deno.test("WaitQueue.sleep() and sleepAsync() return 0 where the time is over, with nothing else to keep the loop alive", async () => {
  const queue = queueWith(3);
  assertEquals(queue.sleep(3, 1), 0);
  assertEquals(await queue.sleepAsync(3, 1), 0);
  assertEquals(queue.count(), 1);
});

Deno.test("WaitQueue.sleepAsync() is woken by a hand-off", async () => {
  const queue = queueWith(3);
  const asleep = queue.sleepAsync(3, HANG_MS);
  const startMs = performance.now();
  queueMicrotask(() => queue.wake(queue.handOff(8)));
  assertEquals(await asleep, 8);
  assertLess(performance.now() - startMs, HANG_MS);
});

Deno.test("WaitQueue.sleepAsync() returns early where its waiter is woken with nothing", async () => {
  const queue = queueWith(3);
  const asleep = queue.sleepAsync(3, HANG_MS);
  const startMs = performance.now();
  queueMicrotask(() => queue.wake(3));
  assertEquals(await asleep, 0);
  assertLess(performance.now() - startMs, HANG_MS);
});

Deno.test("WaitQueue.kick() wakes those whom it asks to look again", async () => {
  const queue = queueWith(3, 0);
  const asleep = [queue.sleepAsync(3, HANG_MS), queue.sleepAsync(0, HANG_MS)];
  const startMs = performance.now();
  queueMicrotask(() => queue.kick(2));
  assertEquals(await Promise.all(asleep), [LOOK_AGAIN, LOOK_AGAIN]);
  assertLess(performance.now() - startMs, HANG_MS);
});

Deno.test("WaitQueue wakes sleepers in other workers, kicked and handed to, in the order they came", async () => {
  const { queue, buffer, queueAt } = queueOf();
  for (const slot of [4, 0, 2]) queue.enqueue(slot);
  using crew = startCrew(new URL("./testing/queue_sleeper.ts", import.meta.url), 3);
  const answers = crew.ask<number[]>(
    [0, 2, 4].map((slot): SleeperTask => ({ buffer, queueAt, slot, timeoutMs: HANG_MS })),
  );
  queue.kick(1);
  const served = [11, 12, 13].map((element) => {
    const slot = queue.handOff(element);
    queue.wake(slot);
    return slot;
  });
  assertEquals(served, [4, 0, 2]);
  assertEquals((await answers).map((seen) => seen.at(-1)), [12, 13, 11]);
});

type Command =
  | { readonly what: "enqueue" | "leave" | "acknowledge"; readonly slot: number }
  | { readonly what: "handOff" }
  | { readonly what: "kick"; readonly limit: number };

const slot = fc.integer({ min: 0, max: SLOTS - 1 });
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ what: fc.constant("enqueue" as const), slot }) },
  fc.record({ what: fc.constantFrom("leave" as const, "acknowledge" as const), slot }),
  fc.record({ what: fc.constant("handOff" as const) }),
  fc.record({ what: fc.constant("kick" as const), limit: fc.integer({ min: 0, max: SLOTS }) }),
);

/** The queue as an array of slots, and what stands in each grant word. */
class Model {
  readonly waiting: number[] = [];
  readonly grants: number[] = Array(SLOTS).fill(0);
  depth = 0;
  #element = 100;

  apply(queue: WaitQueue, command: Command): void {
    const { waiting, grants } = this;
    if (command.what === "enqueue") {
      if (waiting.includes(command.slot)) return;
      queue.enqueue(command.slot);
      waiting.push(command.slot);
      grants[command.slot] = 0;
      this.depth = Math.max(this.depth, waiting.length);
    } else if (command.what === "leave") {
      assertEquals(queue.leave(command.slot), Math.max(0, grants[command.slot]!));
      if (waiting.includes(command.slot)) waiting.splice(waiting.indexOf(command.slot), 1);
      this.#replaceGrant(command.slot, 0);
    } else if (command.what === "acknowledge") {
      queue.acknowledge(command.slot);
      if (grants[command.slot] === LOOK_AGAIN) grants[command.slot] = 0;
    } else if (command.what === "kick") {
      queue.kick(command.limit);
      this.#kick(command.limit);
    } else if (waiting.length > 0) {
      const element = this.#element++;
      const served = waiting.shift()!;
      assertEquals(queue.handOff(element), served);
      this.#replaceGrant(served, element);
    }
  }

  #kick(limit: number): void {
    const unasked = this.waiting.filter((slot) => this.grants[slot] === 0);
    for (const slot of unasked.slice(0, limit)) this.grants[slot] = LOOK_AGAIN;
  }

  #replaceGrant(slot: number, grant: number): void {
    if (this.grants[slot] === LOOK_AGAIN) this.#kick(1);
    this.grants[slot] = grant;
  }
}

Deno.test("WaitQueue behaves as an array does, whatever is called in whatever order", () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
      const { queue } = queueOf();
      const model = new Model();
      for (const command of commands) {
        model.apply(queue, command);
        assertEquals(queue.count(), model.waiting.length);
        assertEquals(queue.maxDepth(), model.depth);
        assertEquals(model.grants.map((_, slot) => queue.granted(slot)), model.grants);
      }
      assertEquals(serveAll(queue), model.waiting);
      assert(queue.count() === 0);
    }),
    { numRuns: 300 },
  );
});
