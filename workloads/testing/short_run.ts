/**
 * Built-in scenarios at a fraction of their length, whole otherwise: with real workers, and all books checked.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { conserved } from "../../results/conservation.ts";
import type { Run } from "../../results/result.ts";
import { resolvePolicy } from "../../pools/composition_plan.ts";
import { type Outcome, runOnce } from "../coordinator.ts";
import type { Overrides } from "../overrides.ts";
import { parseScenario } from "../parse_scenario.ts";
import { registered } from "../registered.ts";
import { runResult } from "../run_result.ts";
import type { Scenario } from "../scenario.ts";
import { compileReplay } from "../traces/program.ts";

/**
 * Changes for a run that is to lock up: it has a minute for it, and those who wait try again soon, so that the watchdog
 * need not wait for the end of the time.
 */
export function lockingUp(pool: string, set: readonly string[] = []): Overrides {
  const policy = { ...resolvePolicy("five-level"), summary: undefined, retryMs: 50 };
  return {
    duration: "1m",
    minReserve: 0,
    set: [`pools.${pool}.policy=${JSON.stringify(policy)}`, ...set],
  };
}

/** A built-in scenario of 300 ms without a warm-up, unless it is changed. */
export function shortened(name: string, changes: Overrides = {}): Scenario {
  return parseScenario({ name }, { duration: "300ms", warmup: 0, ...changes }, registered);
}

/** Runs a scenario once, to whatever end. */
export async function once(scenario: Scenario): Promise<Outcome> {
  const { signal } = new AbortController();
  const { trace } = scenario.workload;
  const program = trace === null ? null : await compileReplay(trace);
  return await runOnce(scenario, { seed: scenario.seed, program, signal, onProgress() {} });
}

/** Runs a scenario to its end: what it yields, with nothing lost and every equation kept. */
export async function runToEnd(scenario: Scenario): Promise<Run> {
  const outcome = await once(scenario);
  assertEquals([outcome.ending, outcome.failures], ["done", []]);
  outcome.composition.check();
  const run = runResult(scenario, outcome, { repeat: 0, seed: scenario.seed });
  for (const [name, pool] of Object.entries(run.pools)) assertEquals(conserved(pool), null, name);
  assertEquals(run.leaked, 0);
  return run;
}
