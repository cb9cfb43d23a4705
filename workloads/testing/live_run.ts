/**
 * A scenario run for a test, and what must hold of any run.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { conserved } from "../../results/conservation.ts";
import type { PoolResult, Result, Run } from "../../results/result.ts";
import { runScenario } from "../runner.ts";
import type { Scenario } from "../scenario.ts";

/** Runs a scenario, and checks that nothing was lost. @returns its result. */
export async function runConserving(scenario: Scenario): Promise<Result> {
  const { signal } = new AbortController();
  const result = await runScenario(scenario, { signal, onProgress() {}, revision: null });
  for (const run of result.runs) {
    for (const pool of Object.values(run.pools)) assertEquals(conserved(pool), null);
    assertEquals(run.leaked, 0);
  }
  return result;
}

/** The only run of a result, and its pool `buffers`. */
export function only({ runs }: Result): { readonly run: Run; readonly pool: PoolResult } {
  const run = runs[0]!;
  return { run, pool: run.pools.buffers! };
}
