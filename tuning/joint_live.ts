/**
 * A joint recommendation seen alive: real workers over pools with the reserves recommended.
 *
 * A result counts the waits of each pool, not of each task. So what is seen of the tasks are bounds: no fewer wait than for the
 * pool that is waited for most, and no more than for all pools together.
 *
 * @module
 */
import { poolAcross } from "../results/across.ts";
import {
  allowedShare,
  type JointVerified,
  type Recommendation,
  type Target,
} from "../results/recommendation.ts";
import type { Result } from "../results/result.ts";
import { type RunOptions, runScenario } from "../workloads/runner.ts";
import type { Scenario } from "../workloads/scenario.ts";
import { loadWarnings } from "./live.ts";

/** How the live run is made. */
export interface JointVerifyOptions extends RunOptions {
  /** What is run with these reserves, by pool. */
  readonly scenario: (minReserves: Readonly<Record<string, number>>) => Scenario;
}

/**
 * Runs a joint recommendation with real workers.
 *
 * @returns the same with what was seen; as it is where nothing was recommended together.
 * @throws {RunError} where the run itself failed.
 */
export async function verifiedJointly(
  recommendation: Recommendation,
  options: JointVerifyOptions,
): Promise<Recommendation> {
  const { joint, target } = recommendation;
  if (!joint?.recommended || options.signal.aborted) return recommendation;
  const names = joint.pools.map(({ pool }) => pool);
  const { minReserves } = joint.recommended;
  const reserves = Object.fromEntries(names.map((name, pool) => [name, minReserves[pool]!]));
  const result = await runScenario(options.scenario(reserves), options);
  // Of a pool that only others take from, nobody waits.
  const waitRates = joint.pools.map(({ pool, floor }) =>
    floor === 0 ? 0 : waitRateOf(result, pool)
  );
  const warnings = loadWarnings(result);
  const verified = jointlySeen(waitRates, { target, isTheLoad: warnings.length === 0 });
  return {
    ...recommendation,
    joint: { ...joint, verified },
    warnings: [...recommendation.warnings, ...warnings],
  };
}

/** What the share of each pool says of the tasks: bounds, and whether these tell that the target was met. */
export function jointlySeen(
  waitRates: readonly number[],
  { target, isTheLoad }: { readonly target: Target; readonly isTheLoad: boolean },
): JointVerified {
  const atLeast = Math.max(...waitRates);
  const atMost = Math.min(1, waitRates.reduce((sum, rate) => sum + rate, 0));
  const allowed = allowedShare(target);
  const canTell = target.kind === "wait-rate" && isTheLoad;
  const met = !canTell ? null : atMost < allowed ? true : atLeast >= allowed ? false : null;
  return { waitRates, atLeast, atMost, met };
}

/** Waits for a pool, and callers that it turned away, by task. */
function waitRateOf({ runs }: Result, name: string): number {
  const tasks = runs.reduce((sum, { arrivals }) => sum + (arrivals?.begun ?? 0), 0);
  const { levels, none, failed, waits } = poolAcross(runs, name);
  const missed = levels[4]!.hits + waits.abandoned + none + failed;
  return tasks === 0 ? 0 : missed / tasks;
}
