import { assertEquals } from "@std/assert";
import { attachDeadParticipant } from "./dead_participant.ts";
import {
  attachParticipant,
  nextParticipant,
  participantAt,
  ParticipantWord,
  planParticipants,
} from "./participant.ts";
import { createRegion, Layout } from "./region.ts";

const COUNT = 3;
const [LIVING, DEAD, OTHER] = [0, 1, 2];

/** Three participants, and the dead one as the first sees it. */
function three() {
  const layout = new Layout();
  const at = planParticipants(layout, "test", COUNT);
  const region = createRegion(layout, 0);
  const attach = (id: number) => attachParticipant(region, at, id, COUNT);
  const gone = (me: number, dead = DEAD) =>
    attachDeadParticipant(region, at, { dead, me, count: COUNT });
  return { region, at, attach, gone };
}

Deno.test("DeadParticipant.claim() claims it whether it ran or was parked, and again", () => {
  for (const wasRunning of [true, false]) {
    const { attach, gone } = three();
    const dead = attach(DEAD);
    if (!wasRunning) dead.detach();
    const one = gone(LIVING);
    assertEquals(one.tryBegin(), true);
    one.claim();
    one.claim();
    assertEquals(gone(OTHER, LIVING).claims(), [DEAD]);
    one.end();
    assertEquals([gone(OTHER, LIVING).claims(), dead.isRunning()], [[], false]);
  }
});

Deno.test("DeadParticipant lets go whom it had claimed, and they resume", () => {
  const { attach, gone } = three();
  const claimed = attach(OTHER);
  claimed.detach();
  gone(DEAD, OTHER).claim();
  const one = gone(LIVING);
  assertEquals(one.claims(), [OTHER]);
  one.letGo(OTHER);
  assertEquals(one.claims(), []);
  assertEquals(claimed.visit(() => claimed.isRunning()), true);
});

Deno.test("DeadParticipant.end() leaves it as one that has left: not stuck, its number free", () => {
  const { region, at, attach, gone } = three();
  for (let id = 0; id < COUNT; id++) assertEquals(nextParticipant(region, at, COUNT), id);
  const dead = attach(DEAD);
  dead.setStuck(true);
  const one = gone(LIVING);
  one.tryBegin();
  one.claim();
  one.end();
  assertEquals([dead.isStuck(DEAD), dead.isRunning()], [false, false]);
  assertEquals(nextParticipant(region, at, COUNT), DEAD);
});

Deno.test("DeadParticipant.takeOverRecoveries() finds what the dead one had begun, once", () => {
  const { gone } = three();
  gone(DEAD, OTHER).tryBegin();
  assertEquals(gone(LIVING).takeOverRecoveries(), [OTHER]);
  assertEquals(gone(LIVING).takeOverRecoveries(), []);
  // It is the caller's now, who is not in his own way.
  assertEquals(gone(LIVING, OTHER).tryBegin(), true);
});

Deno.test("DeadParticipant.tryBegin() begins where nobody else is at it, and calling that off leaves others' alone", () => {
  const { gone } = three();
  const [one, other] = [gone(LIVING), gone(OTHER)];
  assertEquals([one.tryBegin(), one.tryBegin(), other.tryBegin()], [true, true, false]);
  other.callOff();
  assertEquals([other.tryBegin(), gone(OTHER, LIVING).begun()], [false, [DEAD]]);
  one.callOff();
  assertEquals([other.tryBegin(), gone(OTHER, LIVING).begun()], [true, []]);
});

Deno.test("DeadParticipant.tryClaim() gives up where one goes on having it claimed, and takes over what a dead one had", () => {
  const { gone } = three();
  assertEquals(gone(OTHER).tryClaim(0), true);
  const one = gone(LIVING);
  assertEquals([one.tryClaim(0), one.tryClaim(2)], [false, false]);
  gone(LIVING, OTHER).takeOverClaim(DEAD);
  assertEquals([one.tryClaim(0), gone(LIVING, OTHER).claims()], [true, []]);
});

Deno.test("DeadParticipant.wakeAll() wakes who listens to what the dead one asked for and told nobody", async () => {
  const { region, at, attach, gone } = three();
  const listener = attach(OTHER);
  const { promise, resolve } = Promise.withResolvers<void>();
  listener.onDrain(resolve);
  listener.listen();
  await new Promise((turn) => setTimeout(turn));
  region.words[participantAt(at, OTHER) + ParticipantWord.drain]! += 1;
  gone(LIVING).wakeAll();
  const keepAlive = setTimeout(() => {}, 20_000);
  await promise;
  clearTimeout(keepAlive);
  listener.detach();
});
