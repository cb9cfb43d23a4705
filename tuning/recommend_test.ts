import { assert, assertEquals, assertLessOrEqual, assertThrows } from "@std/assert";
import type { Recommendation, Target } from "../results/recommendation.ts";
import { InputError } from "../workloads/input_error.ts";
import { erlangSize } from "./erlang.ts";
import { recommend } from "./recommend.ts";
import type { Backend } from "./scripted_backend.ts";
import { loadSubject } from "./subjects.ts";
import { leastThatKeepsUp } from "./tasks.ts";

const HOLD = { kind: "exponential", mean: 1e6 };

function sized(
  load: Parameters<typeof loadSubject>[0],
  target: Target,
  most = 65_536,
  backend: Backend = { kind: "dead" },
) {
  const subject = loadSubject(load, {
    ...{ name: "", backend, policy: "five-level", bytesPerElement: 1, seed: 1 },
  });
  return recommend(subject, { target, confidence: 0.99, most });
}

function recommended(...how: Parameters<typeof sized>): Recommendation {
  return sized(...how).recommendation;
}

for (
  const [percentile, belowNs] of [[99, 1e9], [99, 1e8], [99, 3e6], [99, 2e5], [50, 1e9]] as const
) {
  Deno.test(`recommend() lies close above Erlang's answer for p${percentile} < ${belowNs} ns`, () => {
    const target = { kind: "wait-percentile", percentile, belowNs } as const;
    const load = { arrival: { kind: "poisson", rate: 20_000 }, hold: HOLD };
    const truth = erlangSize(
      { offered: 20, meanHoldNs: 1e6, limitNs: belowNs },
      1 - percentile / 100,
    );
    const { recommended: size } = recommended(load, target);
    assert(size !== null && size >= truth && size <= truth + 1, `${size}, not ${truth}`);
  });
}

Deno.test("recommend() begins with what is under way: holds that outlast the run are not missing", () => {
  const load = {
    arrival: { kind: "poisson", rate: 200_000 },
    hold: { kind: "pareto", min: 166_667, alpha: 1.2 },
  };
  const { recommended: size } = recommended(load, { kind: "wait-rate", below: 0.01 });
  // Independent arrivals: how the holds vary matters little to how many wait.
  const truth = erlangSize({ offered: 200, meanHoldNs: 1e6, limitNs: 0 }, 0.01);
  assert(size !== null && size >= truth && size <= 1.05 * truth, `${size}, not ${truth}`);
});

for (
  const [rate, time, held] of [[1000, 20e6, 20], [300, 10e6, 3], [333, 1e9, 333], [
    7,
    1e8,
    1,
  ]] as const
) {
  Deno.test(`recommend() gives the ${held} that ${rate} even arrivals of ${time} ns hold, and none more`, () => {
    const load = { arrival: { kind: "constant", rate }, hold: { kind: "constant", time } };
    const { recommended: size } = recommended(load, { kind: "wait-rate", below: 0.01 });
    assertEquals(size, held);
  });
}

Deno.test("recommend() gives the floor where nobody ever waits, and says what was not seen", () => {
  const load = { arrival: { kind: "constant", rate: 100 }, hold: { kind: "constant", time: 1e6 } };
  const { recommended: size, warnings, because } = recommended(load, {
    ...{ kind: "wait-rate", below: 0.01 },
  });
  assertEquals(size, 1);
  assertEquals(warnings.map(({ code }) => code), ["no-clumps-seen"]);
  assert(because.startsWith("with 1 nobody of "), because);
});

Deno.test("recommend() asks for as many fewer as the back end leaves, and so does the formula beside it", () => {
  const load = { arrival: { kind: "poisson", rate: 20_000 }, hold: HOLD };
  const of = (backend: Backend) => {
    const target = { kind: "wait-rate", below: 0.01 } as const;
    const { recommended: size, analytic, curve } = recommended(load, target, 65_536, backend);
    return { size: size!, formula: analytic!.minReserve!, last: curve.at(-1)!.minReserve };
  };
  const dead = of({ kind: "dead" });
  const left = of({ kind: "budget", elements: 8 });
  assertEquals([dead.formula, left.formula], [32, 24]);
  assertEquals(left.size, dead.size - 8);
  assert(left.last >= left.size + 2, "the curve goes beyond the answer");
});

Deno.test("recommend() looks for so long that it sees outages, and refuses those that are too rare for that", () => {
  const load = { arrival: { kind: "poisson", rate: 20_000 }, hold: HOLD };
  const of = (upNs: number, downNs: number) =>
    recommended(load, { kind: "wait-rate", below: 0.01 }, 65_536, {
      ...{ kind: "pressure", name: "outages", pressure: { failure: [0, 0], upNs, downNs } },
    });
  const { recommended: size, allocs, curve } = of(0.45e9, 0.05e9);
  assert(size !== null && size > 15 && allocs >= 32 * 10_000, `${size} after ${allocs}`);
  assert(curve[0]!.missRate > 0.05, "a tenth of the time nearly all wait with one element");
  assertThrows(() => of(60e9, 5e9), InputError, "there is one in 1,30");
});

Deno.test("recommend() says how many there must be, where fewer are allowed", () => {
  const load = { arrival: { kind: "poisson", rate: 20_000 }, hold: HOLD };
  const { recommendation, outOfReach } = sized(load, { kind: "wait-rate", below: 0.01 }, 15);
  assertEquals([outOfReach, recommendation.recommended, recommendation.because], [
    ...[true, null],
    "no reserve up to 15 meets the target: 21 are the least there must be",
  ]);
});

Deno.test("recommend() names what a tenth of the misses takes, and where the curve bends", () => {
  const load = { arrival: { kind: "poisson", rate: 20_000 }, hold: HOLD };
  const { nextNine, knee, curve, recommended: size } = recommended(load, {
    ...{ kind: "wait-rate", below: 0.01 },
  });
  const missWith = (min: number) => curve.find(({ minReserve }) => minReserve === min)!.missRate;
  assertLessOrEqual(missWith(nextNine!.minReserve), 0.001);
  assert(erlangSize({ offered: 20, meanHoldNs: 1e6, limitNs: 0 }, 0.002) < nextNine!.minReserve);
  assert(knee! > 20 && knee! < size!);
});

Deno.test("leastThatKeepsUp() is more than is held on the average, but where nothing varies", () => {
  const poisson = { kind: "poisson", rate: 20_000 };
  assertEquals(leastThatKeepsUp({ arrival: poisson, hold: HOLD }), 21);
  assertEquals(leastThatKeepsUp({ arrival: { ...poisson, rate: 19_999 }, hold: HOLD }), 20);
  const even = { kind: "constant", rate: 20_000 };
  assertEquals(leastThatKeepsUp({ arrival: even, hold: { kind: "constant", time: 1e6 } }), 20);
});
