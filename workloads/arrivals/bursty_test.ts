import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { garbageOf } from "../garbage.ts";
import { indexOfDispersion, mean } from "../goodness_of_fit.ts";
import { createRandom } from "../random.ts";
import { bursty } from "./bursty.ts";

const ON = 1e6;
const OFF = 3e6;
const RATE = 50_000;
const DRAWS = 200_000;

function gapsOf(phases: string, worker = 0, workers = 1) {
  const context = { rateShare: 1 / workers, worker, workers, common: createRandom(7, 99) };
  return bursty.gaps({ on: ON, off: OFF, rate: RATE, phases }, context, createRandom(7, worker));
}

function timesOf(next: () => number): number[] {
  let now = 0;
  return Array.from({ length: DRAWS }, () => now += next());
}

Deno.test("bursty.gaps() lets arrivals come while it is on and none while it is off", () => {
  assert(timesOf(gapsOf("square")).every((time) => time % (ON + OFF) <= ON));
});

Deno.test("bursty.gaps() is Poisson over whole periods, and 1 + half the mean over halves of equal phases", () => {
  const square = Array.from({ length: DRAWS }, gapsOf("square"));
  assertAlmostEquals(indexOfDispersion(square, ON + OFF), 1, 0.1);
  const context = { rateShare: 1, worker: 0, workers: 1 };
  const even = bursty.gaps({ on: ON, off: ON, rate: 4e4 }, context, createRandom(7, 0));
  const counted = indexOfDispersion(Array.from({ length: DRAWS }, even), ON);
  assertAlmostEquals(counted / (1 + 4e4 * ON / 1e9), 1, 0.1);
});

Deno.test("bursty.gaps() with phases=markov is as dispersed as an interrupted Poisson process", () => {
  const gaps = Array.from({ length: DRAWS }, gapsOf("markov"));
  const [s, t, r] = [1 / ON, 1 / OFF, RATE * (ON + OFF) / ON / 1e9];
  const expected = 1 + 2 * r * s / (s + t) ** 2;
  // Windows of 25 periods, 40 of them hold all: the estimate is known within some 30 %, and Poisson's is 1.
  assertAlmostEquals(indexOfDispersion(gaps, 25 * (ON + OFF)) / expected, 1, 0.5);
  assertAlmostEquals(mean(gaps) * RATE / 1e9, 1, 0.1);
});

Deno.test("bursty.gaps() puts all workers on at the same time, though each arrives by itself", () => {
  const [one, other] = [timesOf(gapsOf("markov", 0, 2)), timesOf(gapsOf("markov", 1, 2))];
  const busy = (times: readonly number[]) => new Set(times.map((time) => Math.floor(time / 1e5)));
  const [first, second] = [busy(one), busy(other)];
  const shared = [...first].filter((slot) => second.has(slot)).length;
  // Were their bursts independent, a quarter of the one's would meet one of the other's.
  assert(shared > 0.7 * first.size, `${shared} of ${first.size}`);
  assertEquals(one.includes(other[5]!), false);
});

Deno.test("bursty.gaps() leaves no garbage behind", () => {
  const next = gapsOf("markov");
  const clock = new Float64Array(1);
  const grown = garbageOf(() => {
    for (let i = 0; i < 50_000; i++) clock[0] = clock[0]! + next();
  });
  assertLess(grown, 50_000);
});
