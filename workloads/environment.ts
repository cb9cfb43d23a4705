/**
 * Where a run takes place, and how fine its instruments are.
 *
 * @module
 */
import { cpus } from "node:os";
import type { Environment } from "../results/result.ts";

/** Reads for one estimate of the clock. */
const CLOCK_READS = 20_000;

/** Mean cost of a clock read and the smallest step that it shows, nanoseconds. Takes about 2 ms. */
export function measureClock(): Environment["clock"] {
  let grainMs = Infinity;
  const startMs = performance.now();
  let beforeMs = startMs;
  for (let read = 0; read < CLOCK_READS; read++) {
    const nowMs = performance.now();
    const stepMs = nowMs - beforeMs;
    if (stepMs > 0 && stepMs < grainMs) grainMs = stepMs;
    beforeMs = nowMs;
  }
  return {
    costNs: Math.round((beforeMs - startMs) * 1e6 / CLOCK_READS),
    grainNs: Math.max(1, Math.round(grainMs * 1e6)),
  };
}

/** The environment; `floorNs` is what the harness costs for one allocate-and-free pair. */
export function environmentOf(
  clock: Environment["clock"],
  floorNs: number,
  revision: string | null,
): Environment {
  return {
    deno: Deno.version.deno,
    v8: Deno.version.v8,
    os: Deno.build.os,
    arch: Deno.build.arch,
    cpu: cpus()[0]?.model ?? "unknown",
    cores: navigator.hardwareConcurrency,
    clock,
    harness: { floorNs },
    revision,
  };
}
