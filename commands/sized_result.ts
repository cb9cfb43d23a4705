/**
 * The scenario of a result as something to be sized, with what its workers saw.
 *
 * @module
 */
import { poolAcross } from "../results/across.ts";
import { duration, percentage } from "../results/formats/numbers.ts";
import type { FailureSide } from "../results/recommendation.ts";
import type { Warning } from "../results/result.ts";
import { parseResults } from "../results/result_schema.ts";
import { measuredFailures } from "../tuning/failure_side.ts";
import { missRateOf } from "../tuning/live.ts";
import { measuredPool, simulatedWaitRate } from "../tuning/scenario_subject.ts";
import type { Backend } from "../tuning/scripted_backend.ts";
import { InputError } from "../workloads/input_error.ts";
import { parseScenario } from "../workloads/parse_scenario.ts";
import { pressureOf } from "../workloads/pressure_driver.ts";
import { registered } from "../workloads/registered.ts";
import { type Sizing, warned } from "./sized.ts";
import { ofScenario } from "./sized_scenario.ts";

/**
 * A result's scenario, and what was measured of it beside what is simulated.
 *
 * @throws {ResultError} where the file holds no result.
 */
export function ofResult(file: string, backend: Backend | null): Sizing {
  const results = parseResults(textOf(file), file);
  const [result] = results;
  if (result === undefined || results.length > 1) {
    throw new InputError(
      `--result ${file}: it holds ${results.length} results: give a file with one`,
    );
  }
  const source = { label: file, raw: result.scenario };
  const scenario = parseScenario(source, {}, registered);
  const sizing = ofScenario(scenario, backend);
  const pool = measuredPool(scenario);
  if (result.runs.length === 0) return sizing;
  const across = poolAcross(result.runs, pool);
  const failed = measuredFailures(across.failures, scenario.workload.workers);
  const { subject } = sizing;
  const failures = [...subject.failures, ...failed === null ? [] : [failed]];
  const measured: Warning = {
    code: "measured",
    message: `with its reserve of ${scenario.pools[pool]!.minReserve} the result has ` +
      `${percentage(missRateOf(across))} that waited or got nothing, ` +
      `simulated it is ${percentage(simulatedWaitRate(scenario))}`,
    advice:
      "where the two are far apart, the load was not what the scenario says: see its warnings",
  };
  const isAssumedDead = backend === null && pressureOf(scenario) === null;
  const noticed = [measured, ...isAssumedDead && failed !== null ? [burstWarning(failed)] : []];
  return warned({ ...sizing, subject: { ...subject, failures } }, noticed);
}

/** Said where the back end was seen to come and go, and is simulated as if it never came. */
function burstWarning({ share, burstNs }: FailureSide): Warning {
  const microseconds = (ns: number) => `${Math.max(100, Math.round(ns / 1e3))}us`;
  const [up, down] = [burstNs! * (1 - share) / share, burstNs!].map(microseconds);
  return {
    code: "measured-bursts",
    message: `its workers saw the back end fail ${percentage(share)} of the time, ${
      duration(burstNs)
    } at a time: it is simulated as if it never served`,
    advice:
      `--backend outages:up=${up},down=${down} simulates failures as long and as frequent, each like the other`,
  };
}

function textOf(file: string): string {
  try {
    return Deno.readTextFileSync(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(`--result ${file}: this file cannot be read: ${reason}`);
  }
}
