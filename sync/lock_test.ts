import { assertEquals, assertGreaterOrEqual } from "@std/assert";
import { attachBarrier, planBarrier } from "./barrier.ts";
import { attachLock, type Lock, planLock } from "./lock.ts";
import { createRegion, Layout } from "./region.ts";
import { startCrew } from "./testing/crew.ts";
import type { CounterAnswer, CounterTask } from "./testing/lock_counter.ts";
import { attachRacer, ENTRIES, Track } from "./testing/lock_racer.ts";
import type { RacerTask } from "./testing/lock_racer_worker.ts";
import { planTurnstile } from "./testing/turnstile.ts";
import { signal, until } from "./testing/until.ts";

const ME = 9;

function lockAlone(): Lock {
  const layout = new Layout();
  const at = planLock(layout, "alone");
  return attachLock(createRegion(layout, 0).words, at, ME);
}

Deno.test("Lock.owner() names the holder, worker 0 included, and -1 when it is free", () => {
  const layout = new Layout();
  const at = planLock(layout, "two");
  const { words } = createRegion(layout, 0);
  const [first, last] = [attachLock(words, at, 0), attachLock(words, at, 254)];
  assertEquals([first.owner(), last.owner()], [-1, -1]);
  first.acquire();
  assertEquals([first.owner(), last.owner()], [0, 0]);
  first.release();
  last.acquire();
  assertEquals([first.owner(), last.owner()], [254, 254]);
  last.release();
  assertEquals(first.owner(), -1);
});

Deno.test("Lock.acquisitions() counts each, and none as contended where nobody else is", () => {
  const lock = lockAlone();
  for (let round = 0; round < 5; round++) {
    lock.acquire();
    lock.release();
  }
  assertEquals([lock.acquisitions(), lock.contended()], [5, 0]);
  lock.resetCounts();
  assertEquals([lock.acquisitions(), lock.contended(), lock.owner()], [0, 0, -1]);
});

Deno.test("Lock.tryAcquire() takes a free lock and gives up on a held one, now or after a while, and counts neither", () => {
  const layout = new Layout();
  const at = planLock(layout, "two");
  const { words } = createRegion(layout, 0);
  const [first, second] = [attachLock(words, at, 0), attachLock(words, at, 1)];
  for (const withinMs of [0, 2]) {
    assertEquals([first.tryAcquire(withinMs), first.owner()], [true, 0]);
    assertEquals([second.tryAcquire(withinMs), first.owner()], [false, 0]);
    first.release();
  }
  assertEquals([first.owner(), first.acquisitions(), second.contended()], [-1, 0, 0]);
  // Whoever has given up meanwhile is nobody whom the holder has to wake for long.
  first.acquire();
  first.release();
  assertEquals(words[at], 0);
});

/** Counters that start while this thread has the lock, which goes on only when one sleeps for it. */
async function countUnderLock(rounds: number, workers = 4) {
  const layout = new Layout();
  const [lockAt, barrierAt] = [planLock(layout, "four"), planBarrier(layout, "four")];
  const countAt = layout.words("count", 1);
  const { words, buffer } = createRegion(layout, 0);
  const lock = attachLock(words, lockAt, ME);
  const barrier = attachBarrier(words, barrierAt);
  using crew = startCrew(new URL("./testing/lock_counter.ts", import.meta.url), workers);
  const tasks = Array.from({ length: workers }, (_, me): CounterTask => ({
    buffer,
    lockAt,
    barrierAt,
    countAt,
    me,
    rounds,
  }));
  lock.acquire();
  const answers = crew.ask<CounterAnswer>(tasks);
  barrier.open();
  until(words, lockAt, (state) => (state & 1) === 1, "a worker sleeps for the held lock");
  const ownerMeanwhile = lock.owner();
  const countMeanwhile = words[countAt]!;
  lock.release();
  return { answers: await answers, count: words[countAt]!, countMeanwhile, ownerMeanwhile, lock };
}

Deno.test("Lock excludes four workers that count in plain words, and its counts are exact", async () => {
  const rounds = 5000;
  const { answers, count, countMeanwhile, ownerMeanwhile, lock } = await countUnderLock(rounds);
  assertEquals([ownerMeanwhile, countMeanwhile], [ME, 0]);
  assertEquals(count, 4 * rounds);
  assertEquals(answers, Array(4).fill({ wrongOwners: 0 }));
  assertEquals(lock.acquisitions(), 4 * rounds + 1);
  assertGreaterOrEqual(lock.contended(), 1);
  assertEquals(lock.owner(), -1);
});

Deno.test("Lock.contended() is one more for each that found it held, however long it waited", async () => {
  const { lock } = await countUnderLock(1, 1);
  assertEquals([lock.acquisitions(), lock.contended(), lock.met()], [2, 1, 0]);
});

/** Two racers, the other of which is in a worker that begins when told to. */
async function raceOf(rounds: number) {
  const layout = new Layout();
  const [lockAt, turnstileAt] = [planLock(layout, "race"), planTurnstile(layout, "race")];
  const trackAt = layout.words("track", 4);
  const region = createRegion(layout, 0);
  const { words } = region;
  const crew = startCrew(new URL("./testing/lock_racer_worker.ts", import.meta.url), 1);
  const task: RacerTask = { region, lockAt, turnstileAt, trackAt, rounds };
  crew.send(0, task);
  await crew.answer(0);
  return {
    ...attachRacer(task, 0),
    begin: (round: number) => signal(words, trackAt + Track.begun, round),
    awaitSleeper: () => until(words, lockAt, (state) => (state & 1) === 1, "the other sleeps"),
    awaitEnd: (round: number) =>
      until(words, trackAt + Track.ended, (ended) => ended >= round, `round ${round} ends`),
    overlaps: () => words[trackAt + Track.overlaps],
    [Symbol.dispose]: () => crew[Symbol.dispose](),
  };
}

/** Steps that are scheduled: enough for each to be late once at the other's release. */
const STEPS = 11;

/** Steps that are scheduled behind a release. */
const WOKEN_STEPS = 9;

Deno.test("Lock lets in one of two at a time in every interleaving of their first steps", async () => {
  const rounds = 2 ** STEPS;
  using racer = await raceOf(rounds);
  for (let round = 1; round <= rounds; round++) {
    racer.turnstile.schedule(round - 1, STEPS);
    racer.begin(round);
    racer.race();
    racer.awaitEnd(round);
  }
  assertEquals([racer.overlaps(), racer.lock.owner()], [0, -1]);
  assertEquals(racer.lock.acquisitions(), 2 * ENTRIES * rounds);
});

Deno.test("Lock lets in one of two at a time in every interleaving once a sleeper is woken", async () => {
  const rounds = 2 ** WOKEN_STEPS;
  using racer = await raceOf(rounds);
  for (let round = 1; round <= rounds; round++) {
    racer.turnstile.schedule(0, 0);
    racer.lock.acquire();
    racer.begin(round);
    racer.awaitSleeper();
    // The first two steps are the release, which wakes the sleeper.
    racer.turnstile.schedule((round - 1) << 2, 2 + WOKEN_STEPS);
    racer.turnstile.run(() => {
      racer.lock.release();
      racer.enter();
    });
    racer.awaitEnd(round);
  }
  assertEquals([racer.overlaps(), racer.lock.owner()], [0, -1]);
});
