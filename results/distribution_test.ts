import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Distribution, merge } from "./distribution.ts";
import { Histogram } from "./histogram.ts";

function recorded(values: Iterable<number>): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

const latencies = fc.array(fc.integer({ min: 0, max: 1e9 }), { minLength: 1, maxLength: 200 });
const part = fc.tuple(latencies, fc.integer({ min: 1, max: 1000 }));

/** The smallest value that at least `p` % of the weight does not exceed. */
function exactPercentile(parts: (readonly [number[], number])[], p: number): number {
  const samples = parts.flatMap(([values, weight]) => values.map((value) => ({ value, weight })));
  samples.sort((a, b) => a.value - b.value);
  const total = samples.reduce((sum, sample) => sum + sample.weight, 0);
  let seen = 0;
  return samples.find((sample) => (seen += sample.weight) * 100 >= p * total)!.value;
}

Deno.test("Distribution of one histogram equals it, whatever it stands for", () => {
  fc.assert(fc.property(latencies, fc.integer({ min: 1, max: 1e9 }), (values, operations) => {
    const histogram = recorded(values);
    const merged = merge([{ histogram, operations }]);
    const { mean, ...alone } = histogram.summarize();
    assertEquals({ ...merged, mean: null }, { ...alone, mean: null });
    assertAlmostEquals(merged.mean!, mean!, 1e-9 * mean!);
  }));
});

Deno.test("Distribution.percentile() is over operations, at most 1 % above the exact one", () => {
  fc.assert(fc.property(fc.array(part, { minLength: 1 }), fc.nat(95), (parts, p) => {
    const distribution = new Distribution();
    for (const [values, weight] of parts) {
      distribution.add(recorded(values), values.length * weight);
    }
    const found = distribution.percentile(p);
    const exact = exactPercentile(parts, p);
    const beyond = parts.flatMap(([values]) => values).filter((value) => value > exact * 1.01);
    if (found === null) return assert(beyond.length < 10);
    assert(found >= exact && found <= exact * 1.01, `${found} for ${exact}`);
  }));
});

Deno.test("merge() does not let a level that is timed more often count for more", () => {
  const fast = recorded(Array(1_000).fill(100));
  const slow = recorded(Array(2_000).fill(50_000));
  const summary = merge([
    { histogram: fast, operations: 998_000 },
    { histogram: slow, operations: 2_000 },
  ]);
  assertEquals(summary.p50, 100);
  assertEquals(summary.p99, 100);
  assertEquals(summary["p99.9"], 50_000);
  assertEquals(summary.count, 3_000);
  assertAlmostEquals(summary.mean!, (998_000 * 100 + 2_000 * 50_000) / 1e6, 1e-6);
});

Deno.test("merge() claims a percentile only from samples really recorded beyond it", () => {
  const sampled = recorded(Array.from({ length: 100 }, (_, index) => index));
  const summary = merge([{ histogram: sampled, operations: 1_000_000 }]);
  assertEquals(summary.p90, 89);
  assertEquals(summary.p99, null);
});

Deno.test("merge() claims nothing that operations without a sample might move", () => {
  const fast = { histogram: recorded(Array(20_000).fill(100)), operations: 99_950 };
  const unseen = { histogram: new Histogram(), operations: 50 };
  const summary = merge([fast, unseen]);
  assertEquals([summary.p50, summary.p90, summary.p99], [100, 100, 100]);
  assertEquals(summary["p99.9"], null);
  assertEquals(merge([fast, { ...unseen, operations: 0 }])["p99.9"], 100);
});

Deno.test("merge() of nothing is all null", () => {
  for (const parts of [[], [{ histogram: new Histogram(), operations: 5 }]]) {
    const { count, ...rest } = merge(parts);
    assertEquals(count, 0);
    assert(Object.values(rest).every((value) => value === null));
  }
});

Deno.test("Distribution.add() refuses a negative number of operations", () => {
  assertThrows(() => new Distribution().add(new Histogram(), -1), RangeError, "must be >= 0");
});
