import { assertEquals } from "@std/assert";
import { erlangAnalytic } from "./analytic.ts";

/** Twenty held on the average, by independent arrivals. */
const POISSON = { ratePerNs: 20e-6, meanHoldNs: 1e6, dispersion: 1, autocorrelation: 0 };
const TARGET = { kind: "wait-rate", below: 0.01 } as const;

Deno.test("erlangAnalytic() says how many fewer or more the formula asks for than were found", () => {
  const gap = (answer: number | null) =>
    erlangAnalytic(POISSON, { target: TARGET, budget: 0, answer })!.gap.match(/ \(it .*\)$/)?.[0];
  assertEquals([30, 32, 35, null].map(gap), [
    " (it asks for 2 more)",
    undefined,
    " (it asks for 3 fewer)",
    undefined,
  ]);
});
