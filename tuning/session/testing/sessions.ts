/**
 * Sessions for tests: two pools, of which one can be predicted, and a curve that falls as one is wont to.
 *
 * @module
 */
import type { Curve, Predicted } from "../curve.ts";
import { beginSession, curveKey, type PolicyChoice, type Session, type Tuned } from "../session.ts";

function policies(...names: readonly string[]): PolicyChoice[] {
  return names.map((name) => ({
    name,
    spec: name,
    summary: `how ${name} goes about it`,
    cautions: [],
  }));
}

/** What the sessions tune. */
export const TUNED: Tuned = {
  name: "pipeline",
  facts: ["open load", "2 workers", "outages: up 50ms, down 5ms"],
  pools: [
    {
      name: "buffers",
      bytesPerElement: 4096,
      floor: 3,
      most: 200,
      policies: policies("five-level", "linux", "reserve-first"),
      unpredicted: null,
    },
    {
      name: "requests",
      bytesPerElement: 128,
      floor: 1,
      most: 12,
      policies: policies("five-level", "linux"),
      unpredicted: "tasks do not take from requests themselves",
    },
  ],
  timed: true,
};

/** One point: each element more lets a fifth fewer wait. */
export function predicted(minReserve: number, change: Partial<Predicted> = {}): Predicted {
  const missRate = 0.8 ** minReserve;
  return {
    minReserve,
    rates: [0.9, 0.05, 0, 0.04, 0.01],
    turnedAway: 0,
    waitRate: missRate,
    missRate,
    missLow: missRate * 0.8,
    missHigh: missRate * 1.2,
    waitNs: { p50: 0, p99: 0, "p99.9": 49_900, max: 1_250_000 },
    tasks: 114_688,
    isLongest: false,
    ...change,
  };
}

/** Points at these reserves; from 40 on nobody waits. */
export function curve(...reserves: readonly number[]): Curve {
  return { neverWaits: 40, points: reserves.map((each) => predicted(each)) };
}

/** A session at its beginning: 16 and 4 elements, five-level both, wait rate < 1%. */
export function freshSession(tuned: Tuned = TUNED): Session {
  return beginSession(
    tuned,
    [{ minReserve: 16, policy: 0 }, { minReserve: 4, policy: 0 }],
    { kind: "wait-rate", below: 0.01 },
  );
}

/** The same with a curve of the first pool under its first policy. */
export function knownSession(known: Curve = curve(3, 8, 16, 24, 32, 40)): Session {
  const key = curveKey({ pool: "buffers", policy: "five-level", limitNs: 0 });
  return { ...freshSession(), curves: new Map([[key, known]]) };
}
