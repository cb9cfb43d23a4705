/**
 * What is judged of a run's steady state, out of what its workers reported and what the coordinator saw meanwhile.
 *
 * @module
 */
import { LEVEL_NAMES, type SteadyState } from "../results/result.ts";
import type { Outcome } from "./coordinator.ts";
import { SLICES } from "./meter.ts";
import type { Scenario } from "./scenario.ts";
import { judgeSteadyState } from "./steady_state.ts";

/** Judges a run that has a measured time, whole or in part. */
export function judgeRun({ workload }: Scenario, { reports, left }: Outcome): SteadyState {
  const done = reports.slice(0, workload.workers).filter((report) => report !== undefined);
  const over = (values: (slice: number) => number) =>
    Array.from({ length: SLICES }, (_, i) => values(i));
  const total = (value: (report: typeof done[number]) => number) =>
    done.reduce((sum, report) => sum + value(report), 0);
  return judgeSteadyState({
    served: over((slice) => total(({ slices }) => slices[slice]!)),
    hits: LEVEL_NAMES.map((_, level) =>
      over((slice) => total(({ sliceHits }) => sliceHits[slice * LEVEL_NAMES.length + level]!))
    ),
    sliceNs: workload.duration / SLICES,
    left: left.filter(({ atNs }) => atNs >= workload.warmup),
  });
}
