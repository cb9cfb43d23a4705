/**
 * A plausible recommendation and a plausible sweep, for tests of what prints or draws them.
 *
 * @module
 */
import { type CurvePoint, type Recommendation, RECOMMENDATION_SCHEMA } from "../recommendation.ts";
import { type Sweep, SWEEP_SCHEMA, withPareto } from "../sweep.ts";

/** Misses halve with each element from 8 on, and end at 24. */
function point(minReserve: number): CurvePoint {
  const missRate = minReserve >= 24 ? 0 : Math.min(1, 2 ** (8 - minReserve));
  return {
    minReserve,
    bytes: minReserve * 4096,
    waitRate: missRate,
    missRate,
    missLow: missRate / 2,
    missHigh: missRate === 0 ? 2e-5 : Math.min(1, 2 * missRate),
    waitNs: {
      p50: minReserve < 9 ? null : 0,
      p99: minReserve < 15 ? 2e6 : 0,
      "p99.9": minReserve < 18 ? 5e6 : 0,
      max: 9e6,
    },
  };
}

/** 16 is recommended, against a target of 1 %. */
export function exampleRecommendation(): Recommendation {
  return {
    schema: RECOMMENDATION_SCHEMA,
    subject: "trace app.csv",
    target: { kind: "wait-rate", below: 0.01 },
    timed: true,
    backend: "dead: the reserve alone carries the load",
    failures: [],
    floor: 1,
    exact: 15,
    recommended: 16,
    confidence: 0.99,
    neverWaits: 24,
    bytes: 65_536,
    bytesPerElement: 4096,
    nextNine: { minReserve: 19, bytes: 77_824 },
    knee: 12,
    curve: [1, ...Array.from({ length: 18 }, (_, index) => index + 7)].map(point),
    analytic: {
      model: "erlang-c",
      minReserve: 14,
      offeredLoad: 8.2,
      assumes: "Poisson arrivals, exponential holds",
      gap: "arrivals as independent as it assumes",
      dispersion: 1.02,
      autocorrelation: 0.01,
    },
    joint: null,
    splitHalf: { minReserve: 15, secondMissRate: 0.0098, held: true },
    verified: null,
    allocs: 100_024,
    seed: 1,
    because: "with 16 0.39% wait (at most 0.78% with 99% confidence), with 15 it may be 1.6%",
    warnings: [{
      code: "live-at-end",
      message: "48 elements are live at the end",
      advice: "record the program's end as well",
    }],
  };
}

/** The same of two pools, of which the second is dearer: 12 and 4 together, against 16 and 8 each alone. */
export function exampleJoint(): Recommendation {
  const combination = (a: number, b: number) => ({
    bytes: a * 4096 + b * 65_536,
    missRate: 2 ** (-a / 2) + 2 ** (-b * 2),
    missHigh: 2 ** (1 - a / 2) + 2 ** (1 - b * 2),
    minReserves: [a, b],
  });
  const pool = { bytesPerElement: 4096, floor: 1, neverWaits: 24, waitRate: 0.001, oneLess: null };
  const [recommended, alone, split] = [combination(14, 4), combination(16, 8), combination(18, 9)];
  const pools = [
    { ...pool, pool: "bio", minReserve: 14, bytes: 57_344, alone: 16, split: 18 },
    { ...pool, pool: "bvec", minReserve: 4, bytes: 262_144, alone: 8, split: 9 },
  ];
  const frontier = [combination(4, 1), combination(8, 2), combination(12, 3), recommended];
  const because = "with one element less of either 1.4% of the tasks miss";
  const joint = { pools, recommended, confirmed: recommended, alone, split, frontier, because };
  return {
    ...exampleRecommendation(),
    subject: "bio",
    joint: { ...joint, exhaustive: true, verified: null, tasks: 100_000, looks: 57 },
  };
}

/** Two policies over seven reserves; the second is never better. */
export function exampleSweep(): Sweep {
  const reserves = [0, 1, 2, 4, 8, 16, 32];
  const rows = reserves.flatMap((minReserve) =>
    ["five-level", "linux"].map((policy, index) => {
      const tail = minReserve === 0 ? null : minReserve === 32 ? 0 : 9e6 / minReserve;
      const slower = tail === null ? null : tail * (1 + index / 2) + index * 1000;
      const missRate = 0.5 / (minReserve + 1);
      return {
        settings: { "min-reserve": `${minReserve}`, policy },
        minReserve,
        bytes: minReserve * 4096,
        rates: [1 - missRate, 0, 0, 0, missRate],
        missRate,
        tailNs: { p50: 0, p99: slower, "p99.9": slower, max: slower },
        allocsPerSecond: null,
      };
    })
  );
  return {
    schema: SWEEP_SCHEMA,
    scenario: "canonical",
    pool: "buffers",
    simulated: true,
    partial: false,
    repeats: 1,
    seed: 1,
    varied: [
      { key: "min-reserve", values: reserves.map(String) },
      { key: "policy", values: ["five-level", "linux"] },
    ],
    rows: withPareto(rows),
    warnings: [],
  };
}
