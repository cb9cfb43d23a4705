/** The order of steps on which it rests that no request is missed: who parks and who asks, step by step and at full speed. */
import { assertEquals } from "@std/assert";
import { attachParticipant, planParticipants } from "./participant.ts";
import { createRegion, Layout, type Region } from "./region.ts";
import { startCrew } from "./testing/crew.ts";
import { type OwnerTask, Stage } from "./testing/parking_owner.ts";
import { attachTurnstile, planTurnstile } from "./testing/turnstile.ts";
import { signal, until } from "./testing/until.ts";

/** Plays rounds of "the owner parks while the asker asks"; `prepare` sets each up. @returns elements asked for in vain. */
async function playRounds(
  rounds: number,
  prepare: (stage: (name: keyof typeof Stage, value: number) => void, round: number) => {
    readonly bits: number;
    readonly length: number;
    readonly spins: number;
  },
): Promise<number> {
  const layout = new Layout();
  const participantsAt = planParticipants(layout, "race", 2);
  const turnstileAt = planTurnstile(layout, "race");
  const stageAt = layout.words("stage", 16);
  const region: Region = createRegion(layout, 0);
  const { words } = region;
  const asker = attachParticipant(region, participantsAt, 0, 2);
  const turnstile = attachTurnstile(words, turnstileAt, 0);
  using crew = startCrew(new URL("./testing/parking_owner.ts", import.meta.url), 1);
  const task: OwnerTask = { region, participantsAt, turnstileAt, stageAt, rounds };
  crew.send(0, task);
  await crew.answer(0);
  const stage = (name: keyof typeof Stage, value: number) => {
    words[stageAt + Stage[name]] = value;
  };
  const drainParked = () => stage("cached", 0);
  for (let round = 1; round <= rounds; round++) {
    const { bits, length, spins } = prepare(stage, round);
    turnstile.schedule(bits, length);
    signal(words, stageAt + Stage.begun, round);
    for (let spin = 0; spin < spins; spin++) Atomics.load(words, stageAt);
    turnstile.run(() => void asker.requestDrain(drainParked));
    signal(words, stageAt + Stage.asked, round);
    until(words, stageAt + Stage.ended, (ended) => ended >= round, `round ${round} ends`);
  }
  await crew.answer(0);
  return words[stageAt + Stage.lost]!;
}

/** Steps that are scheduled: those of an asker that claims (5), and as many of an owner that parks twice. */
const STEPS = 10;

Deno.test("Participant.park() and requestDrain() miss each other in no interleaving of their first steps", async () => {
  const lost = await playRounds(
    2 ** STEPS,
    (_, round) => ({ bits: round - 1, length: STEPS, spins: 0 }),
  );
  assertEquals(lost, 0);
});

Deno.test("Participant.park() and requestDrain() miss each other in no round of a fast race", async () => {
  const lost = await playRounds(3000, (stage, round) => {
    // Now the one is late, now the other.
    stage("delay", round * 7 % 40);
    return { bits: 0, length: 0, spins: round * 13 % 60 };
  });
  assertEquals(lost, 0);
});
