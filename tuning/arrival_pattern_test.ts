import { assertAlmostEquals, assertEquals } from "@std/assert";
import { arrivalPattern } from "./arrival_pattern.ts";
import type { Tasks } from "./tasks.ts";

/** So many tasks in each of the windows of 10 ns, at their beginnings; one more at the end. All hold for 10 ns. */
function pattern(counts: readonly number[]) {
  const starts = counts.flatMap((count, window) => Array<number>(count).fill(10 * window));
  const startNs = Float64Array.from([...starts, 10 * counts.length]);
  const { length } = startNs;
  const stream = () => {
    let given = 0;
    return {
      next(most: number): Tasks {
        const from = given;
        given = Math.min(length, given + Math.min(most, 7));
        const count = given - from;
        return {
          ...{ count, startNs: startNs.subarray(from), holdNs: new Float64Array(count).fill(10) },
        };
      },
    };
  };
  return arrivalPattern(stream, length);
}

const alternating = (few: number, many: number) =>
  Array.from({ length: 20 }, (_, window) => window % 2 === 0 ? many : few);

Deno.test("arrivalPattern() compares the variance of counts in windows of a mean hold with their mean", () => {
  const { dispersion, autocorrelation, meanHoldNs, ratePerNs } = pattern(alternating(1, 3));
  // Each of 20 windows is 1 off its mean of 2; neighbours are as unlike as can be.
  assertAlmostEquals(dispersion!, 20 / 19 / 2, 1e-12);
  assertAlmostEquals(autocorrelation!, -19 / 20, 1e-12);
  assertEquals([meanHoldNs, ratePerNs], [10, 41 / 200]);
});

Deno.test("arrivalPattern() of even arrivals has nothing that varies", () => {
  const { dispersion, autocorrelation } = pattern(alternating(2, 2));
  assertEquals([dispersion, autocorrelation], [0, 0]);
});

Deno.test("arrivalPattern() says nothing of fewer than 20 windows", () => {
  const { dispersion, autocorrelation } = pattern(alternating(1, 3).slice(1));
  assertEquals([dispersion, autocorrelation], [null, null]);
});
