import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import fc from "fast-check";
import { Percentiles } from "./percentiles.ts";

const SHARES = [0.01, 0.5, 0.9, 0.99, 0.999, 1];

function of(values: readonly number[], exactMax?: number): Percentiles {
  const percentiles = new Percentiles(exactMax);
  for (const value of values) percentiles.add(value);
  return percentiles;
}

Deno.test("Percentiles.at() is the nearest rank", () => {
  const values = Array.from({ length: 1000 }, (_, i) => 1000 - i);
  assertEquals(of(values).at(SHARES), [10, 500, 900, 990, 999, 1000]);
  assertEquals(of([7]).at(SHARES), [7, 7, 7, 7, 7, 7]);
  assertEquals(of([1, 2]).at([0.5, 0.51]), [1, 2]);
});

Deno.test("Percentiles.at() is the smallest value that the share does not exceed", () => {
  const values = fc.array(fc.nat(50), { minLength: 1 });
  fc.assert(fc.property(values, fc.double({ min: 0.01, max: 1, noNaN: true }), (all, share) => {
    const [value] = of(all).at([share]);
    const upTo = (limit: number) => all.filter((each) => each <= limit).length / all.length;
    assert(upTo(value!) >= share - 1e-9);
    assert(all.every((each) => each >= value! || upTo(each) < share));
  }));
});

Deno.test("Percentiles.at() stays within 1 % when the values are too many to keep", () => {
  const value = fc.double({ min: 1, max: 1e15, noNaN: true });
  fc.assert(fc.property(fc.array(value, { minLength: 30, maxLength: 300 }), (values) => {
    const exact = of(values).at(SHARES);
    of(values, 20).at(SHARES).forEach((rough, i) => {
      assertLessOrEqual(Math.abs(rough! - exact[i]!), exact[i]! * 0.01);
    });
  }));
});

Deno.test("Percentiles keeps count, minimum, mean and maximum exact", () => {
  for (const exactMax of [2, 100]) {
    const { count, min, mean, max } = of([0, 4, 5, 11], exactMax);
    assertEquals({ count, min, mean, max }, { count: 4, min: 0, mean: 5, max: 11 });
  }
});

Deno.test("Percentiles of nothing are null", () => {
  const { count, min, mean, max } = new Percentiles();
  assertEquals({ count, min, mean, max }, { count: 0, min: null, mean: null, max: null });
  assertEquals(new Percentiles().at([0.5]), [null]);
});
