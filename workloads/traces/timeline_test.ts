import { assertEquals } from "@std/assert";
import { Timeline } from "./timeline.ts";

Deno.test("Timeline.peaks() is the most that were live in each part, those still live included", () => {
  const timeline = new Timeline();
  for (const [time, live] of [[100, 1], [101, 2], [102, 1], [107, 0]] as const) {
    timeline.add(time, live);
  }
  assertEquals(timeline.peaks(8), [1, 2, 2, 1, 1, 1, 1, 1]);
  assertEquals(timeline.peaks(4), [2, 2, 1, 1]);
});

Deno.test("Timeline keeps its number of parts however long the trace", () => {
  const timeline = new Timeline();
  for (let i = 0; i <= 100_000; i++) timeline.add(i * 1e6, i === 50_000 ? 9 : i % 2);
  const peaks = timeline.peaks(10);
  assertEquals(peaks.filter((peak) => peak === 9).length, 1);
  assertEquals(peaks.length, 10);
  assertEquals(Math.max(...timeline.peaks(1)), 9);
});

Deno.test("Timeline.peaks() is empty where nothing happened", () => {
  assertEquals(new Timeline().peaks(10), []);
});
