import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import { mean } from "../goodness_of_fit.ts";
import { createRandom } from "../random.ts";
import type { ArrivalContext, ArrivalKind } from "./arrival.ts";
import * as registry from "./mod.ts";

const arrivals: Readonly<Record<string, ArrivalKind>> = registry;

const RATE_HZ = 20_000;
const ALONE = contextOf(1, 0, 1);

/** Two arrivals at once, then a pause, at the rate. */
function recordedTimes(): Float64Array {
  return Float64Array.from({ length: 1001 }, (_, i) => Math.floor(i / 2) * 2e9 / RATE_HZ);
}

function contextOf(rateShare: number, worker: number, workers: number): ArrivalContext {
  return {
    rateShare,
    worker,
    workers,
    common: createRandom(5, 99),
    recorded: recordedTimes(),
  };
}

/** Kinds whose means settle slowly. */
const BURSTS = ["batch", "bursty"];

/** Values for options that have no default and are no rate. */
const GIVEN = { on: 1e6, off: 3e6, file: "app.csv" };

for (const [name, kind] of Object.entries(arrivals)) {
  Deno.test(`${name}.gaps() gives finite gaps of 0 or more`, () => {
    assert(gaps(kind, ALONE).every((gap) => Number.isFinite(gap) && gap >= 0));
  });

  Deno.test(`${name}.gaps() keeps the total rate, whatever the number of workers`, () => {
    for (const workers of [1, 2, 3, 8]) {
      const total = workersOf(workers).map((context) => 1e9 / mean(gaps(kind, context)));
      const rate = total.reduce((sum, each) => sum + each, 0);
      assertAlmostEquals(rate / RATE_HZ, 1, BURSTS.includes(name) ? 0.1 : 0.02);
    }
  });

  Deno.test(`${name}.gaps() gives a worker its share of the rate`, () => {
    if (kind.options.rate === undefined) return; // as recorded, the workers taking turns
    const slow = contextOf(0.1, 0, 2);
    const fast = contextOf(0.9, 1, 2);
    const most = BURSTS.includes(name) ? 1.5 : 0.3;
    assertAlmostEquals(mean(gaps(kind, slow)) / mean(gaps(kind, fast)), 9, most);
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
  return { ...Object.fromEntries(given), ...GIVEN, rate: RATE_HZ };
}

function workersOf(workers: number): ArrivalContext[] {
  return Array.from({ length: workers }, (_, worker) => contextOf(1 / workers, worker, workers));
}

function arrivalTimes(gaps: readonly number[]): number[] {
  let now = 0;
  return gaps.map((gap) => now += gap);
}
