/**
 * What a reader must know before believing a result's numbers, judged from the result itself.
 *
 * @module
 */
import { conserved } from "../results/conservation.ts";
import type { Environment, PoolResult, Run, Warning } from "../results/result.ts";
import { deathWarning } from "./death_text.ts";
import { ignoredWarnings } from "./ignored.ts";
import { bringsWorker } from "./pressure_driver.ts";
import type { Scenario } from "./scenario.ts";
import { unstoppedWarning } from "./unstopped_text.ts";

/** Where less than this share of the tasks that were due had their turn, an open load's rate was not reached. */
const REACHED = 0.95;

function warning(code: string, message: string, advice: string): Warning {
  return { code, message, advice };
}

function poolWarnings(scenario: Scenario, name: string, pool: PoolResult): Warning[] {
  const found: Warning[] = [];
  const broken = conserved(pool);
  if (broken !== null) {
    found.push(warning("not-conserved", `${name}: ${broken}`, "please report this: it is a bug"));
  }
  if (pool.leaked > 0) {
    found.push(warning(
      "leaked",
      `${name}: ${pool.leaked} elements are out and nobody holds them`,
      "look for allocations that are never freed",
    ));
  }
  if (pool.waits.abandoned > 0) {
    found.push(warning(
      "abandoned",
      `${name}: ${pool.waits.abandoned} callers still waited when the run ended`,
      "their waits are in no latency: raise the reserve, or run longer",
    ));
  }
  // What an inner pool does not have, the pool above it has to find elsewhere: that is no failure of a caller.
  const isInner = Object.values(scenario.pools).some(({ over }) => over === name);
  if (pool.failed > 0 && !isInner) {
    found.push(warning(
      "failed",
      `${name}: ${pool.failed} blocking allocations failed`,
      "this policy does not wait: use one that does, or handle the failure",
    ));
  }
  return found;
}

function steadyWarnings({ steadyState, measuredNs }: Run): Warning[] {
  if (!steadyState || measuredNs === 0 || steadyState.verdict === "steady") return [];
  const { verdict, reason } = steadyState;
  return verdict === "draining"
    ? [warning(
      "draining",
      reason ?? "",
      "its numbers hold until then only: lower the rate or the holds, give more, or look for what is never freed",
    )]
    : [warning(
      "not-steady",
      `no steady state was reached: ${reason}`,
      "use a longer warm-up or duration before comparing",
    )];
}

function arrivalWarnings({ arrivals }: Run): Warning[] {
  if (!arrivals || arrivals.begun >= REACHED * arrivals.due) return [];
  const { begun, due } = arrivals;
  const reached = Math.floor(begun / due * 100);
  return [warning(
    "rate-not-reached",
    `${reached < 1 ? "less than 1" : reached} % of the offered rate was served: ` +
      `${begun} of ${due} tasks that were due`,
    "the system is saturated: read response times, not latencies",
  )];
}

/** A clock read takes longer than level 1: its percentiles are the clock's. */
function clockWarnings(run: Run, clock: Environment["clock"]): Warning[] {
  const blurred = Object.entries(run.pools).filter(([, { levels }]) => {
    const p50 = levels[0]?.latencyNs.p50 ?? null;
    return p50 !== null && p50 < 2 * clock.costNs;
  });
  if (blurred.length === 0) return [];
  return [warning(
    "clock-cost",
    `level 1 of ${
      blurred.map(([name]) => name).join(", ")
    } takes less than two clock reads (${clock.costNs} ns each)`,
    "its percentiles show the clock: read the throughput, or the levels above",
  )];
}

/** Deaths, each with what became of what the worker had. */
function deathWarnings({ workers }: Run): Warning[] {
  return workers.flatMap(({ id, died, exit }) => {
    if (exit === "unstopped") return [unstoppedWarning(id)];
    return died === undefined ? [] : [deathWarning(id, died)];
  });
}

/** The workers must really have run side by side. */
function overlapWarnings(run: Run): Warning[] {
  const lastStart = Math.max(...run.workers.map(({ startNs }) => startNs));
  const firstEnd = Math.min(...run.workers.map(({ endNs }) => endNs));
  if (run.workers.length < 2 || lastStart < firstEnd) return [];
  return [warning(
    "no-overlap",
    "the workers did not run at the same time",
    "run longer, or on a machine with more free cores",
  )];
}

/** The warnings of all runs of a scenario, each once. */
export function warningsOf(
  scenario: Scenario,
  runs: readonly Run[],
  clock: Environment["clock"],
): Warning[] {
  const ofRuns = runs.flatMap((run) => [
    ...deathWarnings(run),
    ...Object.entries(run.pools).flatMap(([name, pool]) => poolWarnings(scenario, name, pool)),
    ...steadyWarnings(run),
    ...arrivalWarnings(run),
    ...overlapWarnings(run),
    ...clockWarnings(run, clock),
  ]);
  const all = [...ignoredWarnings(scenario), ...ofRuns];
  const { pressure, workload: { workers } } = scenario;
  const extra = bringsWorker(scenario) ? 1 : 0;
  if (workers + extra > navigator.hardwareConcurrency) {
    const included = extra > 0 ? `, that of the ${pressure.kind} included,` : "";
    all.unshift(warning(
      "more-workers-than-cores",
      `${workers + extra} workers${included} share ${navigator.hardwareConcurrency} cores`,
      "latencies include waiting for a core: use fewer workers to measure the pool alone",
    ));
  }
  return [...new Map(all.map((each) => [each.code + each.message, each])).values()];
}
