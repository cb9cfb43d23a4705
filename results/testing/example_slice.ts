/**
 * A slice of a session, as fast as a test wants it.
 *
 * @module
 */
import type { Result } from "../result.ts";
import { exampleResult } from "../testdata/example.ts";

const EXAMPLE = exampleResult({ warnings: [] });

/** A result of one run in which everything took `cost` times as long as in the example. */
export function exampleSlice(cost: number, changes: Partial<Result> = {}): Result {
  const [run] = EXAMPLE.runs;
  const pools = Object.fromEntries(
    Object.entries(run!.pools).map(([name, pool]) => {
      const p99 = cost * pool.latencyNs.p99!;
      return [name, { ...pool, latencyNs: { ...pool.latencyNs, p99 } }];
    }),
  );
  const allocsPerSecond = run!.allocsPerSecond / cost;
  return { ...EXAMPLE, runs: [{ ...run!, allocsPerSecond, cpuNs: 4e9 * cost, pools }], ...changes };
}
