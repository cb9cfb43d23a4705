/**
 * What the harness itself costs: the closed workload's loop over a pool on the null allocator, in a fresh worker,
 * as every other run.
 *
 * @module
 */
import { runOnce } from "./coordinator.ts";
import type { Scenario } from "./scenario.ts";

const MEMORY = { pages: 1, pageBytes: 4096, watermarks: { min: 0, low: 0, high: 0 }, growTo: 1 };

/** The scenario of the floor. */
const FLOOR: Scenario = {
  name: "floor",
  summary: "the harness over the null allocator",
  memory: MEMORY,
  allocators: { nothing: { kind: "null" } },
  pools: { floor: { over: "nothing", minReserve: 0, policy: "backend-only" } },
  workload: {
    kind: "closed",
    take: [{ pool: "floor", count: 1, how: "each" }],
    takeOneOf: [],
    workers: 1,
    duration: 60e6,
    warmup: 40e6,
    inFlight: 64,
    arrival: null,
    hold: null,
    atomicShare: 0,
    asyncShare: 0,
    trace: null,
    speed: 1,
  },
  pressure: { kind: "none" },
  debug: false,
  seed: 1,
  repeat: 1,
};

/** Nanoseconds that the harness takes for one allocate-and-free pair. Takes about 120 ms. */
export async function measureFloor(signal: AbortSignal): Promise<number> {
  const outcome = await runOnce(FLOOR, { seed: 1, program: null, signal, onProgress() {} });
  const { untimed } = outcome.reports[0] ?? { untimed: { ns: 0, allocs: 0 } };
  return untimed.allocs === 0 ? 0 : Math.round(untimed.ns / untimed.allocs * 100) / 100;
}
