import { assertEquals } from "@std/assert";
import { attachBarrier, planBarrier } from "./barrier.ts";
import { createRegion, Layout } from "./region.ts";
import { startCrew } from "./testing/crew.ts";
import { planLock } from "./lock.ts";
import type { CounterTask } from "./testing/lock_counter.ts";
import { until } from "./testing/until.ts";

Deno.test("Barrier.arriveAndWait() goes on at once where the barrier is open", () => {
  const layout = new Layout();
  const at = planBarrier(layout, "open");
  const barrier = attachBarrier(createRegion(layout, 0).words, at);
  assertEquals(barrier.arrived(), 0);
  barrier.open();
  barrier.arriveAndWait();
  assertEquals(barrier.arrived(), 1);
});

Deno.test("Barrier keeps everybody until it opens, and lets everybody go then", async () => {
  const layout = new Layout();
  const [lockAt, barrierAt] = [planLock(layout, "start"), planBarrier(layout, "start")];
  const countAt = layout.words("count", 1);
  const { words, buffer } = createRegion(layout, 0);
  const barrier = attachBarrier(words, barrierAt);
  const script = new URL("./testing/lock_counter.ts", import.meta.url);
  const task = (me: number): CounterTask => ({ buffer, lockAt, barrierAt, countAt, me, rounds: 1 });
  using early = startCrew(script, 2);
  const firstTwo = early.ask([task(0), task(1)]);
  until(words, barrierAt, (arrived) => arrived === 2, "two workers arrive");
  using late = startCrew(script, 1);
  const answers = [firstTwo, late.ask([task(2)])];
  until(words, barrierAt, (arrived) => arrived === 3, "the third arrives");
  assertEquals([barrier.arrived(), words[countAt]], [3, 0]);
  barrier.open();
  await Promise.all(answers);
  assertEquals(words[countAt], 3);
});

Deno.test("planBarrier() gives each barrier words of its own", () => {
  const layout = new Layout();
  const barriers = [planBarrier(layout, "one"), planBarrier(layout, "other")];
  assertEquals(barriers.map((at) => layout.blockAt(at)?.name), ["one/barrier", "other/barrier"]);
});
