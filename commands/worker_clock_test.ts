import { assert, assertEquals, assertGreater } from "@std/assert";
import { closest, compareWorkerClock } from "./worker_clock.ts";

Deno.test("closest() takes the narrowest of the intervals", () => {
  const pings = [
    { offsetNs: 900, withinNs: 1000 },
    { offsetNs: 100, withinNs: 200 },
    { offsetNs: -500, withinNs: 600 },
  ];
  assertEquals(closest(pings), pings[1]);
});

Deno.test("compareWorkerClock() bounds the offset of a fresh worker's clock", async () => {
  const { offsetNs, withinNs } = await compareWorkerClock();
  assert(Number.isFinite(offsetNs));
  assertGreater(withinNs, 0);
});
