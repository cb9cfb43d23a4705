import { assertEquals, assertThrows } from "@std/assert";
import { attachRingConsumer, attachRingProducer, planHandleRing } from "./handle_ring.ts";
import { createRegion, Layout } from "./region.ts";

function ring(capacity: number) {
  const layout = new Layout();
  const at = planHandleRing(layout, "test", capacity);
  const region = createRegion(layout, 0);
  return {
    region,
    at,
    producer: attachRingProducer(region, at, capacity),
    consumer: attachRingConsumer(region, at, capacity),
  };
}

Deno.test("HandleRing gives what was put in, in order, however often it goes round", () => {
  const { producer, consumer } = ring(8);
  const into = new Int32Array(5);
  const seen: number[] = [];
  let next = 1;
  for (let round = 0; round < 100; round++) {
    const batch = Int32Array.from({ length: 1 + round % 7 }, () => next++);
    while (!producer.push(batch, batch.length)) {
      seen.push(...into.subarray(0, consumer.pop(into)));
    }
  }
  for (let got = consumer.pop(into); got > 0; got = consumer.pop(into)) {
    seen.push(...into.subarray(0, got));
  }
  assertEquals(seen, Array.from({ length: next - 1 }, (_, i) => i + 1));
});

Deno.test("HandleRing takes a batch whole or not at all", () => {
  const { producer, consumer } = ring(4);
  const batch = Int32Array.of(1, 2, 3);
  assertEquals(producer.push(batch, 3), true);
  assertEquals([producer.push(batch, 3), producer.hasRoom(1), producer.hasRoom(2)], [
    false,
    true,
    false,
  ]);
  assertEquals([consumer.pop(new Int32Array(9)), consumer.isEmpty()], [3, true]);
  assertEquals(producer.push(batch, 3), true);
});

Deno.test("HandleRing goes on where its counters wrap", () => {
  const { region, at } = ring(4);
  region.words.fill(0x7fffffff, at, at + 1);
  region.words.fill(0x7fffffff, at + 16, at + 17);
  const producer = attachRingProducer(region, at, 4);
  const consumer = attachRingConsumer(region, at, 4);
  const into = new Int32Array(4);
  for (let value = 1; value < 20; value += 3) {
    assertEquals(producer.push(Int32Array.of(value, value + 1, value + 2), 3), true);
    assertEquals([consumer.pop(into), ...into.subarray(0, 3)], [3, value, value + 1, value + 2]);
  }
});

Deno.test("HandleRing is over once it is closed and empty, not before", () => {
  const { producer, consumer } = ring(4);
  producer.push(Int32Array.of(7), 1);
  producer.close();
  assertEquals(consumer.isOver(), false);
  consumer.pop(new Int32Array(4));
  assertEquals(consumer.isOver(), true);
});

Deno.test("planHandleRing() refuses a capacity that is no power of two", () => {
  assertThrows(() => planHandleRing(new Layout(), "test", 6), RangeError, "power of two");
});
