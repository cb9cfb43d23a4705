import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { createRandom } from "../workloads/random.ts";
import { Ends } from "./ends.ts";

/** All ends, in the order in which they come. */
function drained(ends: Ends): number[] {
  const times: number[] = [];
  for (; ends.size > 0; ends.pop()) times.push(ends.earliest);
  return times;
}

Deno.test("Ends are taken out as from a sorted list, whatever comes between", () => {
  const step = fc.oneof(
    fc.record({ push: fc.integer({ min: 0, max: 50 }) }),
    fc.record({ endUntil: fc.integer({ min: 0, max: 50 }) }),
    fc.constant("pop" as const),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const ends = new Ends();
      let plain: number[] = [];
      for (const each of steps) {
        if (each === "pop") {
          if (plain.shift() !== undefined) ends.pop();
        } else if ("push" in each) {
          ends.push(each.push);
          plain = [...plain, each.push].sort((a, b) => a - b);
        } else {
          ends.endUntil(each.endUntil);
          plain = plain.filter((time) => time > each.endUntil);
        }
        assertEquals([ends.size, ends.earliest], [plain.length, plain[0] ?? Infinity]);
      }
      assertEquals(drained(ends), plain);
    }),
  );
});

Deno.test("Ends grow to as many as there are, and some never come", () => {
  const random = createRandom(1, 0);
  const times = Array.from(
    { length: 5000 },
    (_, index) => index % 100 === 0 ? Infinity : random.below(1e6),
  );
  const ends = new Ends();
  times.forEach((time) => ends.push(time));
  const copy = new Float64Array(5000);
  ends.copyTo(copy);
  const sorted = times.sort((a, b) => a - b);
  assertEquals(copy.sort(), Float64Array.from(sorted));
  assertEquals(drained(ends), sorted);
});
