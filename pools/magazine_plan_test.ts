import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { magazineRounds } from "./magazine_plan.ts";

Deno.test("magazineRounds() is a power of two that leaves most elements to the others", () => {
  const table = [
    // elements, participants, fronts: rounds at first, at most
    [4, 3, 1, 1, 1],
    [8, 1, 1, 1, 1],
    [15, 1, 1, 1, 1],
    [16, 1, 1, 2, 2],
    [64, 1, 1, 8, 8],
    [64, 3, 1, 2, 4],
    [64, 1, 4, 2, 2],
    [127, 1, 1, 8, 8],
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

Deno.test("magazineRounds() keeps all first magazines within the bound where an allocator's elements are no whole number by a hair", () => {
  // 44-byte objects: 93 in a page, as slabs are planned.
  const elements = 64 / (1 / 93);
  assert(!Number.isInteger(elements));
  const participants = 31;
  const { rounds, maxRounds, totalRounds } = magazineRounds(elements, { participants, fronts: 3 });
  assertLessOrEqual(rounds * participants, totalRounds);
  assertLessOrEqual(rounds, maxRounds);
});
