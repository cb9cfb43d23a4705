import { assertEquals, assertLessOrEqual } from "@std/assert";
import { magazineRounds } from "./magazine_plan.ts";

Deno.test("magazineRounds() is a power of two that leaves most elements to the others", () => {
  const table = [
    // elements, participants, fronts: rounds at first, at most
    [4, 3, 1, 1, 1],
    [8, 1, 1, 1, 1],
    [16, 1, 1, 2, 2],
    [64, 1, 1, 8, 8],
    [64, 3, 1, 2, 4],
    [64, 1, 4, 2, 2],
    [1024, 8, 1, 8, 64],
    [4096, 2, 1, 64, 256],
    [16384, 2, 1, 64, 1024],
    [16384, 2, 2, 64, 512],
    [1e6, 4, 1, 64, 1024],
  ] as const;
  for (const [elements, participants, fronts, rounds, maxRounds] of table) {
    const size = magazineRounds(elements, { participants, fronts });
    const where = `${elements}/${participants}/${fronts}`;
    assertEquals([size.rounds, size.maxRounds], [rounds, maxRounds], where);
    assertLessOrEqual(
      fronts * Math.max(size.totalRounds, rounds * (participants - 1) + maxRounds),
      Math.max(elements / 8, fronts * participants),
      where,
    );
  }
});
