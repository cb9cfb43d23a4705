import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { type Curve, type Look, nextLook, verdictOf } from "./curve.ts";
import { predicted } from "./testing/sessions.ts";

const TARGET = { kind: "wait-rate", below: 0.01 } as const;

/** Looks until nothing more is asked for. */
function looks(
  range: Parameters<typeof nextLook>[1],
  neverWaits: number | null,
  change: (look: Look) => Parameters<typeof predicted>[1] = () => ({}),
): Look[] {
  const asked: Look[] = [];
  let curve: Curve | undefined;
  for (
    let look = nextLook(curve, range, TARGET);
    look !== null;
    look = nextLook(curve, range, TARGET)
  ) {
    asked.push(look);
    if (asked.length > 100) throw new Error("it never has enough");
    const { minReserve, longer } = look;
    const point = predicted(minReserve, { ...change(look), isLongest: longer });
    const others = curve?.points.filter((each) => each.minReserve !== minReserve) ?? [];
    const points = [...others, point].toSorted((a, b) => a.minReserve - b.minReserve);
    curve = { neverWaits, points };
  }
  return asked;
}

Deno.test("nextLook() asks for the choice first, then for its neighbours, then for the curve, each once", () => {
  fc.assert(fc.property(
    fc.nat(500),
    fc.integer({ min: 1, max: 40 }),
    fc.option(fc.nat(600), { nil: null }),
    (minReserve, floor, neverWaits) => {
      const asked = looks({ minReserve, floor, most: 500 }, neverWaits);
      const plain = asked.filter(({ longer }) => !longer).map((look) => look.minReserve);
      const near = [minReserve + 1, minReserve - 1].filter((each) => each >= 0 && each <= 500);
      assertEquals(plain.slice(0, 1 + near.length), [minReserve, ...near]);
      assertEquals(new Set(plain).size, plain.length);
      assertEquals(plain.every((each) => each >= 0 && each <= 500), true);
    },
  ));
});

Deno.test("nextLook() looks longer, once, where it cannot tell whether the target is met", () => {
  const range = { minReserve: 20, floor: 1, most: 100 };
  const longer = (change: Parameters<typeof predicted>[1]) =>
    looks(range, 40, () => change).filter((look) => look.longer);
  assertEquals(longer({ missLow: 0.009, missHigh: 0.011 }), [{ minReserve: 20, longer: true }]);
  assertEquals(longer({ missLow: null, missHigh: null }), [{ minReserve: 20, longer: true }]);
  assertEquals(longer({ missLow: 0.001, missHigh: 0.009 }), []);
  assertEquals(longer({ missLow: 0.02, missHigh: 0.03 }), []);
});

Deno.test("verdictOf() is sure only where both limits are on one side", () => {
  const verdict = (missLow: number | null, missHigh: number | null) =>
    verdictOf(predicted(9, { missLow, missHigh }), TARGET);
  assertEquals(verdict(0, 0.0099), "met");
  assertEquals(verdict(0, 0.01), "unsure");
  assertEquals(verdict(0.01, 0.5), "missed");
  assertEquals(verdict(null, null), "unsure");
});
