import { assertEquals } from "@std/assert";
import { Levels } from "./levels.ts";

/** Levels after `5a` (allocate at 5) and so on. */
function after(...events: readonly string[]): Levels {
  const levels = new Levels();
  for (const event of events) {
    levels.add({ timeNs: parseInt(event), op: event.endsWith("a") ? "a" : "f" });
  }
  return levels;
}

Deno.test("Levels weighs concurrency by time", () => {
  const levels = after("0a", "10a", "15f", "100f"); // one live for 95, two for 5
  assertEquals(levels.duration, 100);
  assertEquals(levels.mean, 1.05);
  assertEquals(levels.quantile(0.5), 1);
  assertEquals(levels.quantile(0.95), 1);
  assertEquals(levels.quantile(0.96), 2);
});

Deno.test("Levels.reserve() is the smallest that at most the share of allocations exceed", () => {
  const levels = after("0a", "1a", "2a", "3f", "4a", "5f", "6f", "7a"); // live: 1, 2, 3, 3, 2
  assertEquals(levels.reserve(0), 3);
  assertEquals(levels.reserve(0.39), 3);
  assertEquals(levels.reserve(0.4), 2);
  assertEquals(levels.reserve(0.8), 1);
  assertEquals(levels.reserve(1), 0);
});

Deno.test("Levels.extend() takes in the time before and behind", () => {
  const levels = after("10a", "20f");
  levels.extend(0, 40);
  assertEquals(levels.duration, 40);
  assertEquals(levels.mean, 0.25);
  assertEquals([levels.quantile(0.75), levels.quantile(0.76)], [0, 1]);
  const still = after("10a");
  still.extend(10, 30);
  assertEquals(still.mean, 1);
});

Deno.test("Levels says nothing of time where none passes", () => {
  for (const levels of [after(), after("5a"), after("5a", "5f")]) {
    assertEquals([levels.duration, levels.mean, levels.quantile(0.5)], [0, null, null]);
  }
  assertEquals(after().reserve(0), 0);
});
