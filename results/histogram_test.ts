import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Histogram } from "./histogram.ts";

/** Nanoseconds of every magnitude up to 2^43 (two hours and a half), fractions included. */
const latency = fc.tuple(
  fc.double({ min: 0, max: 43, noNaN: true }),
  fc.double({ min: 0, max: 1, noNaN: true }),
).map(([power, fraction]) => 2 ** power - 1 + fraction);

function recorded(values: Iterable<number>): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

function nearestRank(sorted: readonly number[], p: number): number {
  return sorted[Math.max(1, Math.ceil(sorted.length * p / 100)) - 1]!;
}

Deno.test("Histogram.percentile() is the nearest rank of the exact values, at most 1 % above", () => {
  const values = fc.array(latency, { minLength: 20, maxLength: 400 });
  fc.assert(fc.property(values, fc.nat(100), (values, p) => {
    const sorted = values.map(Math.trunc).toSorted((a, b) => a - b);
    const beyond = sorted.length - Math.ceil(sorted.length * p / 100);
    const found = recorded(values).percentile(p);
    if (beyond < 10) return assertEquals(found, null);
    const exact = nearestRank(sorted, p);
    assert(found !== null && found >= exact && found <= exact * 1.01, `${found} for ${exact}`);
  }));
});

Deno.test("Histogram keeps count, sum, min, max and mean exact", () => {
  fc.assert(fc.property(fc.array(latency, { minLength: 1 }), (values) => {
    const whole = values.map(Math.trunc);
    const histogram = recorded(values);
    const sum = whole.reduce((a, b) => a + b, 0);
    assertEquals(histogram.count, whole.length);
    assertEquals(histogram.sum, sum);
    assertEquals(histogram.min, Math.min(...whole));
    assertEquals(histogram.max, Math.max(...whole));
    assertEquals(histogram.mean, sum / whole.length);
  }));
});

Deno.test("Histogram.record() cuts off fractions and takes what is below 0 as 0", () => {
  const histogram = recorded([-5, -0.5, 0.9, 7.99, 2 ** 31 + 0.5]);
  assertEquals(histogram.count, 5);
  assertEquals(histogram.min, 0);
  assertEquals(histogram.max, 2 ** 31);
  assertEquals(histogram.sum, 7 + 2 ** 31);
});

Deno.test("Histogram.record() takes endless latencies as the largest and refuses NaN", () => {
  assertEquals(recorded([Infinity]).max, Number.MAX_SAFE_INTEGER);
  assertThrows(() => recorded([NaN]), RangeError, "not a number");
});

Deno.test("Histogram.percentile() claims p99.9 from 10,000 samples on", () => {
  const values = Array.from({ length: 10_000 }, (_, index) => index + 1);
  assertEquals(recorded(values.slice(1)).percentile(99.9), null);
  const found = recorded(values).percentile(99.9)!;
  assert(found >= 9990 && found <= 9990 * 1.01);
});

Deno.test("Histogram.percentile() is never above the largest sample", () => {
  assertEquals(recorded(Array(100).fill(1_000_001)).percentile(50), 1_000_001);
});

Deno.test("Histogram.percentile() refuses what is not a percentile", () => {
  for (const p of [-1, 100.1, NaN]) {
    assertThrows(() => new Histogram().percentile(p), RangeError, "outside 0 to 100");
  }
});

Deno.test("Histogram.summarize() of nothing is all null", () => {
  const { count, ...rest } = new Histogram().summarize();
  assertEquals(count, 0);
  assert(Object.values(rest).every((value) => value === null));
});

Deno.test("Histogram.add() equals recording both, and data survives postMessage", () => {
  fc.assert(fc.property(fc.array(latency), fc.array(latency), (left, right) => {
    const sum = Histogram.from(structuredClone(recorded(left).toData()));
    sum.add(Histogram.from(structuredClone(recorded(right).toData())));
    assertEquals(sum.toData(), recorded([...left, ...right]).toData());
  }));
});

Deno.test("Histogram.toData() carries the buckets in use and no more", () => {
  assertEquals(recorded([100, 102]).toData().counts, new Uint32Array([1, 0, 1]));
  assertEquals(new Histogram().toData().counts.length, 0);
});

Deno.test("Histogram agrees with hdr-histogram-js within 1 %", async () => {
  const hdr = await import("hdr-histogram-js");
  const oracle = hdr.build({
    bitBucketSize: 64,
    highestTrackableValue: 2 ** 43,
    numberOfSignificantValueDigits: 4,
  });
  const values = fc.sample(latency, { numRuns: 20_000, seed: 7 }).map(Math.trunc);
  for (const value of values) oracle.recordValue(value);
  const histogram = recorded(values);
  for (const p of [0, 1, 25, 50, 75, 90, 99, 99.9]) {
    const theirs = oracle.getValueAtPercentile(p);
    const ours = histogram.percentile(p)!;
    assert(Math.abs(ours - theirs) <= 1 + theirs * 0.01, `p${p}: ${ours} for ${theirs}`);
  }
});
