/**
 * A run in slots: it begins and warms up, then each slot is asked for from outside, and the whole process sleeps in between. So
 * several processes can take turns every few milliseconds, with the same workers over the same memory all the time.
 *
 * It is for loads that work all the time and whose workers need nobody else to go on.
 *
 * @module
 */
import type { SlotSample } from "../results/block.ts";
import type { SlotLead } from "../sync/mod.ts";
import { cpuNs } from "./cpu.ts";
import type { LoadKind } from "./kinds/load.ts";
import * as loadRegistry from "./kinds/mod.ts";
import type { Scenario } from "./scenario.ts";
import { SlotKind, type SlotName } from "./slot_kind.ts";

const LOADS: Readonly<Record<string, LoadKind>> = loadRegistry;

/** How long workers may take longer than a slot, milliseconds; after that one waits for another that sleeps. */
const GRACE_MS = 3000;

/** Whether a scenario can run in slots. */
export function runsInSlots({ workload, pressure }: Scenario): boolean {
  return pressure.kind === "none" && LOADS[workload.kind]?.mayPause?.(workload) === true;
}

/** Workers that do not come back from a slot. */
export class StuckError extends Error {
  /** The class by name. */
  override readonly name = "StuckError";
}

/** The slots of one run. */
export interface RunSlots {
  /**
   * Runs one. Blocks.
   *
   * @param worker in a slot of one alone, which.
   * @throws {StuckError} where a worker needs one that sleeps, or died.
   */
  run(name: SlotName, ms: number, worker: number): Omit<SlotSample, "name">;
}

/**
 * The warm-up, with shares of its time. Whatever a slot does for the first time, or for the first time after another kind of slot, V8
 * makes new code for, which takes longer than a slot.
 */
const WARMUP = [
  [SlotKind.warmup, 0.4],
  [SlotKind.timed, 0.2],
  [SlotKind.all, 0.2],
  [SlotKind.timed, 0.1],
  [SlotKind.all, 0.1],
] as const;

/** Runs the warm-up, then hands out the slots. Blocks. @throws {StuckError} as they do. */
export function openSlots(lead: SlotLead, { workload }: Scenario): RunSlots {
  const everybody = Array.from({ length: workload.workers }, (_, worker) => worker);
  const run = (kind: number, ms: number, who: readonly number[]) => {
    const served = lead.run({ kind, ms }, who, ms + GRACE_MS);
    if (served !== null) return served;
    throw new StuckError(
      "a worker did not come back from a slot: it needs one that sleeps, or is dead",
    );
  };
  const warmupMs = workload.warmup / 1e6;
  for (const [kind, share] of warmupMs > 0 ? WARMUP : []) run(kind, share * warmupMs, everybody);
  return {
    run(name, ms, worker) {
      const beforeNs = cpuNs();
      const served = run(SlotKind[name], ms, name === "alone" ? [worker] : everybody);
      const usedNs = cpuNs() - beforeNs;
      const count = served.reduce((sum, each) => sum + each.count, 0);
      return {
        allocsPerSecond: served.reduce((sum, each) => sum + each.count / each.ns * 1e9, 0),
        cpuNs: usedNs / count,
      };
    },
  };
}
