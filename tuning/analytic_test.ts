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

Deno.test("erlangAnalytic() asks for nothing where the back end leaves enough", () => {
  const asked = (budget: number) =>
    erlangAnalytic(POISSON, { target: TARGET, budget, answer: null })!.minReserve;
  assertEquals([0, 31, 32, 100].map(asked), [32, 1, 0, 0]);
});

Deno.test("erlangAnalytic() says whether arrivals are bursty, even, or as independent as it assumes", () => {
  const gap = (dispersion: number | null, autocorrelation: number | null = 0) =>
    erlangAnalytic({ ...POISSON, dispersion, autocorrelation }, {
      ...{ target: TARGET, budget: 0, answer: 32 },
    })!.gap;
  const windows = "counts in windows of a mean hold vary";
  assertEquals(
    [gap(1.5), gap(0.7), gap(1.1), gap(0.9), gap(12.3, 0.4), gap(null)],
    [
      `arrivals come in bursts: ${windows} 1.50 times as much as independent ones`,
      `arrivals are more even than by chance: ${windows} 0.70 times as much as independent ones`,
      "arrivals as independent as it assumes (their counts vary 1.10 times as much)",
      "arrivals as independent as it assumes (their counts vary 0.90 times as much)",
      `arrivals come in bursts: ${windows} 12 times as much as independent ones, and neighbouring windows are alike (correlation 40.0%)`,
      "too few windows of a mean hold to compare the arrivals",
    ],
  );
});
