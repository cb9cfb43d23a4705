/** What becomes of a pool when several workers die together, each with what is needed to put things right after the other. */
import { assertEquals } from "@std/assert";
import { ATOMIC } from "../allocators/allocator.ts";
import { participantAt, ParticipantWord } from "../sync/mod.ts";
import { NOTHING_RECOVERED, type Recovery } from "./recovery.ts";
import { flatMemory, pagePool } from "./testing/page_pool.ts";

const [SURVIVOR, FIRST, SECOND, THIRD] = [0, 1, 2, 3];

Deno.test("Mempool rule 40: two that died with locks, each needed for the other, are put right together", () => {
  const { sides } = pagePool({ memory: flatMemory(64), minReserve: 4, participants: 3 });
  const [survivor, first, second] = [sides[SURVIVOR]!, sides[FIRST]!, sides[SECOND]!];
  for (const side of [first, second]) {
    for (let element = 0; element < 3; element++) side.pool("pool").allocate(ATOMIC);
  }
  first.pool("pool").reserve.lock.acquire();
  second.arena.lock.acquire();
  const recoveries = survivor.recoverAll([SECOND, FIRST]);
  assertEquals(
    recoveries.map(({ participant, returned, locks }) => [participant, returned, locks?.length]),
    [[SECOND, { pool: 3 }, 1], [FIRST, { pool: 3 }, 1]],
  );
  assertEquals([survivor.outstanding("pool"), survivor.recoverAll([]).length], [0, 0]);
  survivor.check();
});

Deno.test("Mempool rule 40: what was recovered after whom is told whole, however they are named who had begun it", () => {
  for (const named of [[FIRST, SECOND], [SECOND, FIRST], [SECOND], [FIRST, SECOND, THIRD]]) {
    const { sides, plan, region } = pagePool({
      memory: flatMemory(64),
      minReserve: 4,
      participants: 4,
    });
    sides[THIRD]!.pool("pool").allocate(ATOMIC);
    sides[FIRST]!.pool("pool").allocate(ATOMIC);
    // The first has died over the recovery of the third, the second over that of the first.
    const recoveredBy = (id: number) =>
      participantAt(plan.participantsAt, id) + ParticipantWord.recoveredBy;
    region.words[recoveredBy(THIRD)] = FIRST + 1;
    region.words[recoveredBy(FIRST)] = SECOND + 1;
    const recoveries = sides[SURVIVOR]!.recoverAll(named);
    assertEquals(recoveries.map(({ participant }) => participant), named);
    const told = (recovery: Recovery): unknown[] => [
      recovery.participant,
      recovery.returned["pool"] ?? 0,
      ...recovery.finished.map(told),
    ];
    const first = [FIRST, 1, [THIRD, 1]];
    const all = new Map<number, unknown>([[FIRST, first], [SECOND, [SECOND, 0, first]]]);
    all.set(THIRD, [THIRD, 1]);
    assertEquals(recoveries.map(told), named.map((id) => all.get(id)));
    sides[SURVIVOR]!.check();
  }
});

Deno.test("Mempool rule 40: who comes for one that somebody else is at waits, and finds nothing left to do", () => {
  const { sides, plan, region } = pagePool({
    memory: flatMemory(64),
    minReserve: 4,
    participants: 3,
  });
  sides[FIRST]!.pool("pool").allocate(ATOMIC);
  const word = participantAt(plan.participantsAt, FIRST) + ParticipantWord.recoveredBy;
  region.words[word] = SECOND + 1;
  // The other one is done while this one sleeps.
  let slept = 0;
  const { wait } = Atomics;
  Atomics.wait = ((...args: Parameters<typeof wait>) => {
    if (++slept > 3) throw new Error("it sleeps and sleeps");
    region.words[word] = 0;
    sides[SECOND]!.recover(FIRST);
    return args.length > 0 ? "ok" : "timed-out";
  }) as typeof wait;
  try {
    assertEquals(sides[SURVIVOR]!.recover(FIRST), { ...NOTHING_RECOVERED, participant: FIRST });
  } finally {
    Atomics.wait = wait;
  }
  assertEquals(slept, 1);
  sides[SURVIVOR]!.check();
});
