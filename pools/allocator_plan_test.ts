import { assertEquals } from "@std/assert";
import { magazineRounds } from "./allocator_plan.ts";

Deno.test("magazineRounds() is a power of two that leaves most elements to the others", () => {
  const table = [[8, 1, 1], [16, 1, 2], [64, 1, 8], [64, 3, 2], [4096, 2, 256], [1e6, 4, 256]];
  for (const [elements, participants, rounds] of table) {
    assertEquals(magazineRounds(elements!, participants!), rounds, `${elements}/${participants}`);
  }
});
