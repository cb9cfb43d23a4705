/**
 * What a scenario takes from recorded traces. It is read once, by the coordinator, and handed to every worker.
 *
 * @module
 */
import type { ArrivalKind } from "./arrivals/arrival.ts";
import * as arrivalRegistry from "./arrivals/mod.ts";
import type { HoldKind } from "./holds/hold.ts";
import * as holdRegistry from "./holds/mod.ts";
import type { RecordedColumns } from "./report.ts";
import type { Scenario } from "./scenario.ts";
import { readingOf } from "./traces/options.ts";
import { compileReplay, type ReplayProgram } from "./traces/program.ts";

const ARRIVALS: Readonly<Record<string, ArrivalKind>> = arrivalRegistry;
const HOLDS: Readonly<Record<string, HoldKind>> = holdRegistry;

/**
 * The trace that a scenario replays; null where it replays none.
 *
 * @throws {TraceError} where the trace cannot be read.
 */
export async function loadProgram(scenario: Scenario): Promise<ReplayProgram | null> {
  const { kind, trace } = scenario.workload;
  if (kind !== "replay" || trace === null) return null;
  return await compileReplay(trace, readingOf(scenario.workload, scenario.seed));
}

/**
 * The arrivals and the holds that a scenario takes from traces, null each where it does not.
 *
 * @throws {TraceError} where a trace cannot be read, or has none.
 */
export async function loadRecorded(
  { workload: { arrival, hold } }: Scenario,
): Promise<RecordedColumns> {
  return {
    arrival: arrival && await ARRIVALS[arrival.kind]!.load?.(arrival) || null,
    hold: hold && await HOLDS[hold.kind]!.load?.(hold) || null,
  };
}
