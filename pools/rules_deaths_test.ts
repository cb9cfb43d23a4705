/** What becomes of a pool when several workers die together, each with what is needed to put things right after the other. */
import { assertEquals } from "@std/assert";
import { ATOMIC } from "../allocators/allocator.ts";
import { flatMemory, pagePool } from "./testing/page_pool.ts";

const [SURVIVOR, FIRST, SECOND] = [0, 1, 2];

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
