import { assertEquals } from "@std/assert";
import { measuredFailures, scriptedFailures } from "./failure_side.ts";
import type { Backend } from "./scripted_backend.ts";

function pressure(
  atomic: number,
  upNs: number,
  downNs: number,
): Backend {
  return { kind: "pressure", name: "", pressure: { failure: [atomic, atomic], upNs, downNs } };
}

Deno.test("measuredFailures() adds up what each worker saw of a burst", () => {
  const failures = { bursts: 10, allocs: 250, totalNs: 4e6, longestNs: 9e5, seenNs: 40e6 };
  assertEquals(measuredFailures(failures, 3), {
    ...{ source: "measured", share: 0.1, burstNs: 4e5, longestNs: 9e5, allocsPerBurst: 75 },
  });
  assertEquals(measuredFailures({ ...failures, bursts: 0 }, 3), null);
  assertEquals(measuredFailures(undefined, 3), null);
});

Deno.test("scriptedFailures() says how often, for how long, and how many allocations that takes", () => {
  const ratePerNs = 0.25;
  assertEquals(scriptedFailures(pressure(0, 3600, 400), ratePerNs), {
    ...{ source: "script", share: 0.1, burstNs: 400, longestNs: 400, allocsPerBurst: 100 },
  });
  // Each call fails by itself: three of four, so four in a row on the average.
  assertEquals(scriptedFailures(pressure(0.75, Infinity, 0), ratePerNs), {
    ...{ source: "script", share: 0.75, burstNs: null, longestNs: null, allocsPerBurst: 4 },
  });
  assertEquals(scriptedFailures({ kind: "dead" }, ratePerNs)?.share, 1);
  assertEquals(scriptedFailures({ kind: "budget", elements: 3 }, ratePerNs), null);
});
