import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import { mean } from "../goodness_of_fit.ts";
import { createRandom } from "../random.ts";
import type { ArrivalContext, ArrivalKind } from "./arrival.ts";
import * as registry from "./mod.ts";

const arrivals: Readonly<Record<string, ArrivalKind>> = registry;

const RATE_HZ = 20_000;
const ALONE: ArrivalContext = { rateShare: 1, worker: 0, workers: 1 };

for (const [name, kind] of Object.entries(arrivals)) {
  Deno.test(`${name}.gaps() gives finite gaps of 0 or more`, () => {
    assert(gaps(kind, ALONE).every((gap) => Number.isFinite(gap) && gap >= 0));
  });

  Deno.test(`${name}.gaps() keeps the total rate, whatever the number of workers`, () => {
    for (const workers of [1, 2, 3, 8]) {
      const total = workersOf(workers).map((context) => 1e9 / mean(gaps(kind, context)));
      assertAlmostEquals(total.reduce((sum, rate) => sum + rate, 0) / RATE_HZ, 1, 0.02);
    }
  });

  Deno.test(`${name}.gaps() gives a worker its share of the rate`, () => {
    const slow = { rateShare: 0.1, worker: 0, workers: 2 };
    const fast = { rateShare: 0.9, worker: 1, workers: 2 };
    assertAlmostEquals(mean(gaps(kind, slow)) / mean(gaps(kind, fast)), 9, 0.3);
  });

  Deno.test(`${name}.gaps() gives the same load for the same seed`, () => {
    assertEquals(gaps(kind, ALONE), gaps(kind, ALONE));
  });

  Deno.test(`${name}.gaps() gives two workers different arrivals`, () => {
    const [one, other] = workersOf(2).map((context) => arrivalTimes(gaps(kind, context)));
    assertNotEquals(one, other);
  });

  Deno.test(`${name} says what it is and what its options are`, () => {
    assertNotEquals(kind.summary, "");
    for (const option of Object.values(kind.options)) assertNotEquals(option.summary, "");
  });
}

function gaps(kind: ArrivalKind, context: ArrivalContext): number[] {
  const next = kind.gaps(defaults(kind), context, createRandom(5, context.worker));
  return Array.from({ length: 20_000 }, next);
}

function defaults(kind: ArrivalKind): Record<string, number | string | boolean | null> {
  const given = Object.entries(kind.options).map((
    [key, { default: value }],
  ) => [key, value ?? null]);
  return { ...Object.fromEntries(given), rate: RATE_HZ };
}

function workersOf(workers: number): ArrivalContext[] {
  return Array.from({ length: workers }, (_, worker) => ({
    rateShare: 1 / workers,
    worker,
    workers,
  }));
}

function arrivalTimes(gaps: readonly number[]): number[] {
  let now = 0;
  return gaps.map((gap) => now += gap);
}
