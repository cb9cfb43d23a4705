/**
 * The examination of a machine, as data.
 *
 * @module
 */
import type { Environment } from "../results/result.ts";
import { environmentOf, measureClock } from "../workloads/environment.ts";
import { measureFloor } from "../workloads/floor.ts";
import { measureNoise, type Noise } from "./noise.ts";
import { compareWorkerClock, type WorkerClock } from "./worker_clock.ts";

/** The schema's name, as it stands in every diagnosis. */
export const DIAGNOSIS_SCHEMA = "mempool-bench/doctor@1";

/** What was found. */
export interface Diagnosis {
  readonly schema: typeof DIAGNOSIS_SCHEMA;
  readonly environment: Environment;
  readonly workerClock: WorkerClock;
  readonly noise: Noise;
  /** What follows for whoever measures here: one sentence each. */
  readonly advice: readonly string[];
}

type Findings = Omit<Diagnosis, "schema" | "advice">;

/** How to examine. */
export interface Examination {
  /** How long the noise is measured; the rest takes less than a second. */
  readonly durationMs: number;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly revision: string | null;
}

/** Examines this machine. */
export async function diagnose(examination: Examination): Promise<Diagnosis> {
  const { signal, revision } = examination;
  const findings = {
    environment: environmentOf(measureClock(), await measureFloor(signal), revision),
    workerClock: await compareWorkerClock(),
    noise: await measureNoise(examination),
  };
  return { schema: DIAGNOSIS_SCHEMA, ...findings, advice: adviceOn(findings) };
}

/** From here on a machine is judged: the thresholds are what people who compare allocators look for. */
const NOISY = 0.05;
const TWO_SPEEDS = 1.3;

/** What follows from the findings. */
export function adviceOn({ environment, noise }: Findings): string[] {
  const { clock, cores } = environment;
  const shortest = Math.max(2 * clock.costNs, clock.grainNs);
  return [
    `An operation that takes less than about ${shortest} ns cannot be timed alone: only batches of it can.`,
    `Differences under about ${percent(noise.detectable)} cannot be seen on this machine.`,
    ...(noise.detectable > NOISY
      ? ["The machine is noisy: close other programs, or repeat more often (--repeat)."]
      : []),
    ...(noise.speeds > TWO_SPEEDS
      ? [
        `The same work took ${
          noise.speeds.toFixed(1)
        } times as long at its slowest: compare only what ran ` +
        "interleaved, never one run after the other.",
      ]
      : []),
    ...(cores < 2
      ? ["There is one core: workers take turns, so nothing here shows contention."]
      : [`Up to ${cores} workers run at the same time; more take turns.`]),
  ];
}

function percent(share: number): string {
  return `${(share * 100).toPrecision(2)} %`;
}
