import { assertEquals } from "@std/assert";
import type { Target } from "../results/recommendation.ts";
import { jointlySeen } from "./joint_live.ts";

const TARGET: Target = { kind: "wait-rate", below: 0.08 };
const SLOW: Target = { kind: "wait-percentile", percentile: 99, belowNs: 1e6 };

Deno.test("jointlySeen() tells what the bounds tell, and nothing where they lie on both sides", () => {
  const cases: readonly (readonly [rates: number[], bounds: number[], met: boolean | null])[] = [
    [[0, 0.03, 0.02], [0.03, 0.05], true],
    [[0, 0.05, 0.04], [0.05, 0.09], null],
    [[0.01, 0.08], [0.08, 0.09], false],
    [[0.9, 0.7], [0.9, 1], false],
  ];
  for (const [waitRates, bounds, met] of cases) {
    const seen = jointlySeen(waitRates, { target: TARGET, isTheLoad: true });
    assertEquals([[seen.atLeast, seen.atMost], seen.met], [bounds, met]);
    assertEquals(jointlySeen(waitRates, { target: TARGET, isTheLoad: false }).met, null);
    assertEquals(jointlySeen(waitRates, { target: SLOW, isTheLoad: true }).met, null);
  }
});
