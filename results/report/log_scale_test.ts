import { assert, assertEquals } from "@std/assert";
import { logScale } from "./log_scale.ts";

const text = String;

Deno.test("logScale() has a place for 0 below the others, and one for what never ends above them", () => {
  const { domain, at, ticks, label } = logScale([0, 20, 5000, null], { text });
  assertEquals(ticks, [1, 100, 1000, 100_000]);
  assertEquals(ticks.map(label), ["0", "100", "1000", "never"]);
  assertEquals([0, 20, null].map(at), [1, 20, 100_000]);
  assertEquals(domain, [1, 100_000]);
});

Deno.test("logScale() spans what there is, with at least a decade to see", () => {
  for (const values of [[3], [3, 4], [0.001, 0.01], [1, 1e6], [100]]) {
    const { domain: [low, high], ticks } = logScale(values, { text });
    assert(low <= Math.min(...values) && Math.max(...values) <= high, `${values}: ${low} ${high}`);
    assert(ticks.every((tick) => low <= tick && tick <= high), `${values}: ${ticks}`);
    assert(ticks.length > 0);
  }
});

Deno.test("logScale() of nothing but 0 and what never ends has both ends", () => {
  for (const values of [[], [0], [null], [0, null]]) {
    const { domain: [low, high], at } = logScale(values, { text });
    assert(low < high);
    for (const value of values) assert(low <= at(value) && at(value) <= high);
  }
});
