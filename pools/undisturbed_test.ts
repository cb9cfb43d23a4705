/** One who must wait for nobody that may be dead: what others have, and who of them is known to be dead. */
import { assertEquals } from "@std/assert";
import { ATOMIC } from "../allocators/allocator.ts";
import { participantAt, ParticipantState, ParticipantWord } from "../sync/mod.ts";
import { flatMemory, pagePool } from "./testing/page_pool.ts";

const [COORDINATOR, LIVING, DEAD] = [0, 1, 2];

/** A pool with three who take part, the first of whom has left. */
function three(policy = "five-level") {
  const { sides, plan, region } = pagePool({
    memory: flatMemory(64),
    minReserve: 4,
    participants: 3,
    policy,
  });
  const [coordinator, living, dead] = [sides[COORDINATOR]!, sides[LIVING]!, sides[DEAD]!];
  coordinator.detach();
  const stateAt = (id: number) => participantAt(plan.participantsAt, id) + ParticipantWord.state;
  return {
    coordinator,
    living,
    dead,
    words: region.words,
    stateAt,
    /** Who has which lock. */
    owners: () => plan.locks.map(({ at }) => (region.words[at]! >> 1) - 1).filter((id) => id >= 0),
  };
}

Deno.test("Composition.undisturbed() runs with every lock in hand, and has none afterwards", () => {
  const { coordinator, owners } = three();
  let seen: number[] = [];
  assertEquals(coordinator.undisturbed(() => seen = owners()), true);
  assertEquals(new Set(seen), new Set([COORDINATOR]));
  assertEquals([seen.length > 2, owners(), coordinator.participant.isRunning()], [true, [], false]);
});

Deno.test("Composition.undisturbed() lets what it runs take the same locks, each in a section of its own", () => {
  const { coordinator, living, owners } = three();
  const taken = Array.from({ length: 12 }, () => living.pool("pool").allocate(ATOMIC));
  const pool = coordinator.pool("pool");
  coordinator.undisturbed(() => {
    for (const handle of taken) pool.free(handle);
    pool.resize(2);
  });
  assertEquals([owners(), pool.currentReserve], [[], 2]);
  living.drain();
  coordinator.check();
});

Deno.test("Composition.undisturbed() does nothing while one who may be dead has a lock, whichever, and does it once that is free", () => {
  const { coordinator, living, owners } = three();
  const locks = [living.arena.lock, living.pool("pool").reserve.lock];
  for (const lock of locks) {
    lock.acquire();
    let runs = 0;
    assertEquals(coordinator.undisturbed(() => runs++), false);
    assertEquals([runs, owners(), coordinator.participant.isRunning()], [0, [LIVING], false]);
    lock.release();
    assertEquals([coordinator.undisturbed(() => runs++), runs], [true, 1]);
  }
});

Deno.test("Composition.undisturbed() does nothing while one who may be dead has claimed it, or a dead one", () => {
  for (const claimed of [COORDINATOR, DEAD]) {
    const { coordinator, words, stateAt } = three();
    words[stateAt(claimed)] = ParticipantState.claimed + LIVING;
    let runs = 0;
    assertEquals(coordinator.undisturbed(() => runs++, [DEAD]), false);
    words[stateAt(claimed)] = ParticipantState.parked;
    assertEquals([coordinator.undisturbed(() => runs++, [DEAD]), runs], [true, 1]);
  }
});

Deno.test("Composition.undisturbed() leaves the dead to others where it could not do anything", () => {
  const { coordinator, living, words, stateAt } = three();
  living.pool("pool").reserve.lock.acquire();
  assertEquals(coordinator.undisturbed(() => {}, [DEAD]), false);
  const { recoveredBy, state } = ParticipantWord;
  assertEquals(words[stateAt(DEAD) + recoveredBy - state], 0);
  living.pool("pool").reserve.lock.release();
});

Deno.test("Composition.undisturbed() buries one who had locks and had claimed it, and tells all that it had", () => {
  const { coordinator, dead, words, stateAt, owners } = three();
  for (let element = 0; element < 3; element++) dead.pool("pool").allocate(ATOMIC);
  dead.pool("pool").reserve.lock.acquire();
  dead.arena.lock.acquire();
  words[stateAt(COORDINATOR)] = ParticipantState.claimed + DEAD;
  const recoveries: unknown[] = [];
  const bury = () => {
    const { returned, locks } = coordinator.recover(DEAD);
    recoveries.push(returned, locks);
  };
  assertEquals(coordinator.undisturbed(bury, [DEAD]), true);
  assertEquals(recoveries, [{ pool: 3 }, ["memory", "pool"]]);
  assertEquals(owners(), []);
  coordinator.check();
});

Deno.test("Composition.undisturbed() tells of a lock that it freed before it could go on", () => {
  const { coordinator, living, dead } = three();
  dead.arena.lock.acquire();
  living.pool("pool").reserve.lock.acquire();
  assertEquals(coordinator.undisturbed(() => {}, [DEAD]), false);
  // Whoever waits for it with another one in hand can go on.
  assertEquals(living.arena.lock.owner(), -1);
  living.pool("pool").reserve.lock.release();
  let locks: readonly string[] | null = null;
  coordinator.undisturbed(() => locks = coordinator.recover(DEAD).locks, [DEAD]);
  assertEquals(locks, ["memory"]);
});

Deno.test("Composition.adapt() says where it could not look in, and does it as soon as it can", () => {
  const { coordinator, living } = three("adaptive");
  living.pool("pool").reserve.lock.acquire();
  assertEquals(coordinator.adapt(), false);
  living.pool("pool").reserve.lock.release();
  assertEquals(coordinator.adapt(), true);
});
