/**
 * A recommendation seen alive: real workers at the recommended reserve and at one element less.
 *
 * @module
 */
import {
  allowedShare,
  type Recommendation,
  type Target,
  type VerifiedRun,
} from "../results/recommendation.ts";
import type { PoolResult, Result, Warning } from "../results/result.ts";
import { poolAcross } from "../results/across.ts";
import { runScenario } from "../workloads/runner.ts";
import type { RunOptions } from "../workloads/runner.ts";
import type { Scenario } from "../workloads/scenario.ts";
import { measuredPool } from "./scenario_subject.ts";

/** How the live runs are made. */
export interface VerifyOptions extends RunOptions {
  /** What is run with a reserve. */
  readonly scenario: (minReserve: number) => Scenario;
  /** Share of the allocations that wait in it, as simulated; null where only the recommendation's own curve says. */
  readonly simulated: ((scenario: Scenario) => number) | null;
}

/** With these warnings a run was not the load that it was meant to be. */
const NOT_THE_LOAD = ["rate-not-reached", "deadlock"];

/**
 * Runs a recommendation with real workers.
 *
 * @returns the same with what was seen; as it is where nothing was recommended.
 * @throws {RunError} where a run itself failed.
 */
export async function verified(
  recommendation: Recommendation,
  options: VerifyOptions,
): Promise<Recommendation> {
  const { recommended, floor } = recommendation;
  if (recommended === null) return recommendation;
  const runs: VerifiedRun[] = [];
  const warnings: Warning[] = [];
  // Below the floor there is no progress to look at.
  for (const minReserve of recommended > floor ? [recommended, recommended - 1] : [recommended]) {
    if (options.signal.aborted) break;
    const scenario = options.scenario(minReserve);
    const result = await runScenario(scenario, options);
    const simulatedRate = options.simulated?.(scenario) ??
      recommendation.curve.find((point) => point.minReserve === minReserve)!.waitRate;
    const pool = poolAcross(result.runs, measuredPool(scenario));
    runs.push(seenIn(result, pool, { minReserve, simulatedRate, target: recommendation.target }));
    warnings.push(...loadWarnings(result));
  }
  return {
    ...recommendation,
    verified: runs,
    warnings: [...recommendation.warnings, ...warnings, ...missedWarnings(runs)],
  };
}

/** Callers that waited or got nothing, as a share of all. */
export function missRateOf({ levels, allocs, none, failed, waits }: PoolResult): number {
  const missed = levels[4]!.hits + none + failed + waits.abandoned;
  const callers = allocs + none + failed + waits.abandoned;
  return callers === 0 ? 0 : missed / callers;
}

/** Why a run was not the load that it was meant to be; none where it was. */
export function loadWarnings({ warnings }: Result): Warning[] {
  return warnings.filter(({ code }) => NOT_THE_LOAD.includes(code));
}

function seenIn(
  result: Result,
  pool: PoolResult,
  run: { readonly minReserve: number; readonly simulatedRate: number; readonly target: Target },
): VerifiedRun {
  const { target, ...seen } = run;
  const waitRate = missRateOf(pool);
  const canTell = loadWarnings(result).length === 0;
  if (target.kind === "wait-rate") {
    const met = canTell ? waitRate < allowedShare(target) : null;
    return { ...seen, waitRate, missRate: waitRate, met };
  }
  const latency: Readonly<Record<string, number | null>> = { ...pool.latencyNs };
  const percentile = latency[`p${target.percentile}`] ?? null;
  const met = percentile === null || !canTell ? null : percentile < target.belowNs;
  return { ...seen, waitRate, missRate: null, met };
}

function missedWarnings([recommended]: readonly VerifiedRun[]): Warning[] {
  if (recommended?.met !== false) return [];
  return [{
    code: "missed-live",
    message: `the live run missed the target with the recommended ${recommended.minReserve}: ` +
      "workers of a real machine are late, and a late worker keeps its elements longer",
    advice: "run it again on a quiet machine, for longer; doctor says what this one can show",
  }];
}
