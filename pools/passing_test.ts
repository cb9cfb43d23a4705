/** Rule 26 with real workers: one allocates, another frees. */
import { assertEquals } from "@std/assert";
import { ATOMIC } from "../allocators/allocator.ts";
import { startFleet } from "./testing/fleet.ts";
import { flatMemory } from "./testing/page_pool.ts";

const ROUNDS = 3000;

for (const gated of [false, true]) {
  const over = gated ? "a layer" : "its own magazine";
  Deno.test(`Mempool rule 26: a free by another worker sees an N newer than the allocation, over ${over}`, async () => {
    using fleet = await startFleet({ workers: 2, gated, memory: flatMemory(4), minReserve: 1 });
    const rest = [1, 2, 3].map(() => fleet.pool.allocate(ATOMIC));
    assertEquals([rest.includes(0), fleet.pool.currentReserve], [false, 1]);
    fleet.tell(1, { do: "takeAndPass", rounds: ROUNDS });
    fleet.tell(2, { do: "freeWhatComes", rounds: ROUNDS });
    const misses = await Promise.all([fleet.answer<number>(1), fleet.answer<number>(2)]);
    assertEquals(misses, [0, 0]);
    const [, taker, freer] = await fleet.counts();
    assertEquals([taker!.hits, freer!.frees], [[0, ROUNDS, 0, 0, 0], ROUNDS]);
    await fleet.check();
    rest.forEach(fleet.pool.free);
    await fleet.check();
  });
}
