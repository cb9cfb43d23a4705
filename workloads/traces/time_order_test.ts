import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { type LateRows, TimeOrder } from "./time_order.ts";
import type { TraceEvent } from "./trace.ts";

const eventsAt = (times: readonly number[]): TraceEvent[] =>
  times.map((timeNs, row) => ({
    timeNs,
    op: "a",
    id: String(row),
    sizeBytes: 0,
    worker: "",
    holdNs: 0,
    count: 1,
  }));

/** `time row` of each event, in the order in which it is given on. */
function ordered(times: readonly number[], windowRows: number, late: LateRows | null = null) {
  const given: string[] = [];
  const order = new TimeOrder(({ timeNs, id }) => void given.push(`${timeNs} ${id}`), {
    windowRows,
    late,
  });
  for (const event of eventsAt(times)) order.take(event);
  order.end();
  return { given, late: order.late };
}

Deno.test("TimeOrder puts in order what lies within its window", () => {
  const { given, late } = ordered([0, 10, 20, 5, 30], 2);
  assertEquals(given, ["0 0", "5 3", "10 1", "20 2", "30 4"]);
  assertEquals(late.count, 0);
});

Deno.test("TimeOrder gives on a late row when it comes, and remembers it", () => {
  const { given, late } = ordered([0, 10, 20, 5, 30], 1);
  assertEquals(given, ["0 0", "10 1", "5 3", "20 2", "30 4"]);
  assertEquals([late.count, late.rows], [1, [3]]);
});

Deno.test("TimeOrder puts late rows where they belong in a second reading", () => {
  const times = [0, 10, 20, 5, 30];
  const { given, late } = ordered(times, 1, ordered(times, 1).late);
  assertEquals(given, ["0 0", "5 3", "10 1", "20 2", "30 4"]);
  assertEquals(late.count, 0);
});

Deno.test("TimeOrder sorts anything in two readings, ties in the order of the file", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), fc.nat(5), (times, windowRows) => {
      const { late } = ordered(times, windowRows);
      const expected = times.map((time, row) => ({ time, row }))
        .toSorted((a, b) => a.time - b.time).map(({ time, row }) => `${time} ${row}`);
      assertEquals(ordered(times, windowRows, late).given, expected);
    }),
    { numRuns: 500 },
  );
});
