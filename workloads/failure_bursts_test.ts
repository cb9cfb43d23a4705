/**
 * Bursts of failure by hand.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { FailureBursts, mergedBursts } from "./failure_bursts.ts";

function seen(calls: readonly (readonly [atMs: number, served: boolean])[]) {
  const bursts = new FailureBursts();
  for (const [atMs, served] of calls) bursts.see(served, atMs);
  return bursts.toData();
}

Deno.test("FailureBursts last from the first allocation that is not served at once to the next that is", () => {
  const calls = [[1, true], [2, false], [4, false], [7, true], [8, true], [9, false], [
    10,
    true,
  ]] as const;
  const first = seen(calls);
  assertEquals(first, { bursts: 2, allocs: 3, totalNs: 6e6, longestNs: 5e6, seenNs: 9e6 });
  // One that has not ended is not counted: nobody knows how long it is.
  const second = seen([[3, false], [5, true], [6, false]]);
  assertEquals(second, { bursts: 1, allocs: 1, totalNs: 2e6, longestNs: 2e6, seenNs: 3e6 });
  assertEquals(mergedBursts([first, second]), {
    ...{ bursts: 3, allocs: 4, totalNs: 8e6, longestNs: 5e6, seenNs: 12e6 },
  });
});
