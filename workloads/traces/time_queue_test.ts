import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { TimeQueue } from "./time_queue.ts";

Deno.test("TimeQueue.pop() gives what a stable sort by time gives", () => {
  fc.assert(fc.property(fc.array(fc.nat(20)), (times) => {
    const heap = new TimeQueue<number>();
    times.forEach((time, item) => heap.push(time, item));
    const expected = times.map((_, item) => item).sort((a, b) => times[a]! - times[b]!);
    assertEquals(times.map(() => heap.pop()), expected);
    assertEquals(heap.pop(), undefined);
  }));
});

Deno.test("TimeQueue keeps its order through pushes and pops in turn", () => {
  fc.assert(fc.property(fc.array(fc.option(fc.nat(9))), (steps) => {
    const heap = new TimeQueue<number>();
    const model: { time: number; item: number }[] = [];
    steps.forEach((time, item) => {
      if (time !== null) {
        heap.push(time, item);
        model.push({ time, item });
        model.sort((a, b) => a.time - b.time || a.item - b.item);
      } else {
        assertEquals(heap.pop(), model.shift()?.item);
      }
      assertEquals(heap.size, model.length);
      assertEquals(heap.earliest, model[0]?.time ?? Infinity);
    });
  }));
});

Deno.test("TimeQueue keeps its order while the line moves up", () => {
  const queue = new TimeQueue<number>();
  const expected: number[] = [];
  const taken: number[] = [];
  for (let i = 0; i < 150_000; i++) {
    const time = i % 3 === 2 ? i - 5 : i;
    queue.push(time, time);
    expected.push(time);
    if (queue.size > 10) taken.push(queue.pop()!);
  }
  while (queue.size > 0) taken.push(queue.pop()!);
  assertEquals(taken, expected.sort((a, b) => a - b));
});
