/**
 * How often and for how long a back end fails while a pool is simulated or was measured: by what the pressure says, or by what
 * the workers of a result saw.
 *
 * @module
 */
import type { FailureSide } from "../results/recommendation.ts";
import type { FailureResult } from "../results/result.ts";
import { type Backend, isDead } from "./scripted_backend.ts";

/** What a back end's script says; null where its failures depend on how much is taken. */
export function scriptedFailures(backend: Backend, ratePerNs: number): FailureSide | null {
  if (isDead(backend)) {
    return { source: "script", share: 1, burstNs: null, longestNs: null, allocsPerBurst: null };
  }
  if (backend.kind !== "pressure") return null;
  const { failure: [atomic], upNs, downNs } = backend.pressure;
  if (upNs === Infinity) {
    // Every call fails by itself: so many in a row on the average.
    const allocsPerBurst = atomic < 1 ? 1 / (1 - atomic) : null;
    return { source: "script", share: atomic, burstNs: null, longestNs: null, allocsPerBurst };
  }
  return {
    ...{ source: "script", burstNs: downNs, longestNs: downNs },
    share: downNs / (upNs + downNs),
    allocsPerBurst: ratePerNs * downNs,
  };
}

/** What workers saw; null where they saw no burst come to its end. */
export function measuredFailures(
  failures: FailureResult | undefined,
  workers: number,
): FailureSide | null {
  if (failures === undefined || failures.bursts === 0 || failures.seenNs === 0) return null;
  const { bursts, allocs, totalNs, longestNs, seenNs } = failures;
  return {
    ...{ source: "measured", share: totalNs / seenNs, burstNs: totalNs / bursts, longestNs },
    // Each worker sees its own part of a burst.
    allocsPerBurst: workers * allocs / bursts,
  };
}
