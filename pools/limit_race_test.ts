/**
 * A magazine that changes its size while a pool poisons and lifts its limit: in every interleaving of their steps no poison is lost,
 * and what is left of an older size is set right by its worker.
 */
import { assert, assertEquals, assertGreater } from "@std/assert";
import { initialiseFront, planFront } from "../allocators/front.ts";
import { createRegion, Layout } from "../sync/mod.ts";
import { startCrew } from "../sync/testing/crew.ts";
import { planTurnstile } from "../sync/testing/turnstile.ts";
import { signal, until } from "../sync/testing/until.ts";
import { attachReserve } from "./reserve.ts";
import { planReserve } from "./reserve_plan.ts";
import { attachChanger, type LimitRace } from "./testing/limit_racer.ts";
import type { PoisonerTask } from "./testing/limit_racer_worker.ts";

const SIZES = { rounds: 4, maxRounds: 8, totalRounds: 8 };

/** Atomic operations of a worker that grows, and of a pool that poisons and lifts. */
const STEPS = { worker: 4, pool: 9 } as const;

/** Every order of them: bit i says whether step i is the pool's. */
const SCHEDULES = Array.from({ length: 2 ** (STEPS.worker + STEPS.pool) }, (_, bits) => bits)
  .filter((bits) => bits.toString(2).replaceAll("0", "").length === STEPS.pool);

async function raceOf(rounds: number) {
  const layout = new Layout();
  const front = planFront(layout, "race", { participants: 1, ...SIZES });
  const plan = planReserve(layout, "race", { max: 1, participants: 1, slotsPerWorker: 1, front });
  const turnstileAt = planTurnstile(layout, "race");
  const trackAt = layout.words("track", 2);
  const region = createRegion(layout, 0);
  initialiseFront(region, front);
  const reserve = attachReserve(region, plan, 0);
  reserve.initialise([1]);
  const race: LimitRace = { region, reserve: plan, turnstileAt, trackAt };
  const crew = startCrew(new URL("./testing/limit_racer_worker.ts", import.meta.url), 1);
  const task: PoisonerTask = { ...race, rounds };
  crew.send(0, task);
  await crew.answer(0);
  return {
    ...attachChanger(race),
    reserve,
    begin: (round: number) => signal(region.words, trackAt, round),
    awaitEnd: (round: number) =>
      until(region.words, trackAt + 1, (ended) => ended >= round, `round ${round} ends`),
    [Symbol.dispose]: () => crew[Symbol.dispose](),
  };
}

for (const ends of ["lifted", "poisoned"] as const) {
  Deno.test(`MagazineSize loses no poison in any interleaving with a pool that leaves the limit ${ends}`, async () => {
    const rounds = 2 * SCHEDULES.length;
    using race = await raceOf(rounds);
    if (ends === "poisoned") race.reserve.pop();
    let stale = 0;
    for (let round = 1; round <= rounds; round++) {
      const change = race.found().rounds === SIZES.rounds ? "grow" : "shrink";
      const schedule = SCHEDULES[(round - 1) >> 1]!;
      race.turnstile.schedule(schedule, STEPS.worker + STEPS.pool);
      race.begin(round);
      race.race(change);
      race.awaitEnd(round);
      const { rounds: size, limit } = race.found();
      assertEquals(size, change === "grow" ? 8 : 4);
      assertEquals(limit === 0, ends === "poisoned", `round ${round}`);
      assert([0, 4, 8].includes(limit));
      if (limit !== 0 && limit !== size) stale++;
      race.heal();
      assertEquals(race.found().limit, ends === "poisoned" ? 0 : size);
      race.reserve.check();
    }
    // The race is a real one: the pool has lifted to the size of a moment before.
    if (ends === "lifted") assertGreater(stale, 0);
  });
}
