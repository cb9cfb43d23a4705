/**
 * Small scenarios for tests, resolved.
 *
 * @module
 */
import type { Scenario, WorkloadSpec } from "../scenario.ts";

const WORKLOAD: WorkloadSpec = {
  kind: "closed",
  take: [{ pool: "buffers", count: 1, how: "each" }],
  takeOneOf: [],
  workers: 2,
  duration: 100e6,
  warmup: 20e6,
  inFlight: 64,
  arrival: null,
  hold: null,
  atomicShare: 0,
  asyncShare: 0,
  trace: null,
  speed: 1,
};

/** A closed load over plenty of pages. */
export function plenty(changes: Partial<WorkloadSpec> = {}): Scenario {
  return {
    name: "plenty",
    summary: "enough of everything",
    memory: {
      pages: 2048,
      pageBytes: 4096,
      watermarks: { min: 16, low: 24, high: 32 },
      growTo: 2048,
    },
    allocators: { page: { kind: "page", order: 0 } },
    pools: { buffers: { over: "page", minReserve: 16, policy: "five-level" } },
    workload: { ...WORKLOAD, ...changes },
    pressure: { kind: "none" },
    debug: false,
    seed: 1,
    repeat: 1,
  };
}

/** An open load on memory that it now and then outgrows. */
export function scarce(changes: Partial<WorkloadSpec> = {}): Scenario {
  return {
    ...plenty({
      kind: "open",
      arrival: { kind: "poisson", rate: 9500 },
      hold: { kind: "lognormal", median: 3e6, sigma: 0.5 },
      duration: 300e6,
      inFlight: 1,
      ...changes,
    }),
    name: "scarce",
    memory: { pages: 48, pageBytes: 4096, watermarks: { min: 4, low: 6, high: 8 }, growTo: 48 },
    pools: { buffers: { over: "page", minReserve: 8, policy: "five-level" } },
  };
}
