/**
 * Built-in scenarios, run whole for a short time, with all books kept.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { conserved } from "../../results/conservation.ts";
import type { Run } from "../../results/result.ts";
import { runOnce } from "../coordinator.ts";
import { runResult } from "../run_result.ts";
import type { Scenario } from "../scenario.ts";
import { compileReplay } from "../traces/program.ts";

/** A tenth of what scenarios have otherwise, nothing left out. */
export const SHORT = { duration: "300ms", warmup: 0 };

/** Runs a scenario once; every invariant of what it leaves behind holds. `worker` is a script of this folder. */
export async function runWhole(scenario: Scenario, worker?: string): Promise<Run> {
  const { trace } = scenario.workload;
  const program = trace === null ? null : await compileReplay(trace);
  const signal = new AbortController().signal;
  const workerUrl = worker === undefined
    ? {}
    : { workerUrl: new URL(`./${worker}`, import.meta.url) };
  const settings = { seed: 1, program, signal, onProgress() {}, ...workerUrl };
  const outcome = await runOnce(scenario, settings);
  outcome.composition.check();
  return runResult(scenario, outcome, { repeat: 0, seed: 1 });
}

/** hits = allocs = frees + held + leaked, in every pool. */
export function assertConserved({ pools }: Run): void {
  for (const [name, pool] of Object.entries(pools)) assertEquals(conserved(pool), null, name);
}
