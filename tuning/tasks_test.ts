import { assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../workloads/input_error.ts";
import { drawnGaps, drawnHolds, meanHoldNs } from "./tasks.ts";

const POISSON = { kind: "poisson", rate: 1000 };
const CONSTANT = { kind: "constant", time: 5 };
const RECORDED = { kind: "trace", file: "app.csv", speed: 1, order: "recorded" };

Deno.test("drawnGaps() gives all workers of a bursty load the same bursts", () => {
  const arrival = { kind: "bursty", on: 1e6, off: 9e6, rate: 1e7, phases: "markov" };
  const load = { arrival, hold: CONSTANT };
  const ends = [0, 1].map((worker) => {
    const gap = drawnGaps(load, 3, { worker, workers: 2 });
    let now = 0;
    const gaps = Array.from({ length: 20_000 }, () => {
      const from = now;
      now += gap();
      return { from, gap: now - from };
    });
    return gaps.filter((each) => each.gap > 1e5).map(({ from }) => Math.round(from / 1e5));
  });
  assertEquals(ends[0]!.slice(0, 5), ends[1]!.slice(0, 5));
});

Deno.test("drawnGaps() and drawnHolds() refuse what is recorded, with what to give instead", () => {
  const arrivals = { arrival: RECORDED, hold: CONSTANT };
  const holds = { arrival: POISSON, hold: RECORDED };
  assertThrows(
    () => drawnGaps(arrivals, 1),
    InputError,
    "arrival: a reserve for what was recorded",
  );
  assertThrows(() => drawnHolds(holds, 1), InputError, "hold: a reserve for what was recorded");
});

Deno.test("meanHoldNs() refuses holds without a mean", () => {
  const load = { arrival: POISSON, hold: { kind: "pareto", min: 1, alpha: 1 } };
  assertThrows(() => meanHoldNs(load), InputError, "have no mean");
  assertEquals(meanHoldNs({ arrival: POISSON, hold: CONSTANT }), 5);
});
