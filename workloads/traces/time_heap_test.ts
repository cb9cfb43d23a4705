import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { TimeHeap } from "./time_heap.ts";

Deno.test("TimeHeap.pop() gives what a stable sort by time gives", () => {
  fc.assert(fc.property(fc.array(fc.nat(20)), (times) => {
    const heap = new TimeHeap<number>();
    times.forEach((time, item) => heap.push(time, item));
    const expected = times.map((_, item) => item).sort((a, b) => times[a]! - times[b]!);
    assertEquals(times.map(() => heap.pop()), expected);
    assertEquals(heap.pop(), undefined);
  }));
});

Deno.test("TimeHeap keeps its order through pushes and pops in turn", () => {
  fc.assert(fc.property(fc.array(fc.option(fc.nat(9))), (steps) => {
    const heap = new TimeHeap<number>();
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
