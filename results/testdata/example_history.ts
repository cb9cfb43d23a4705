/**
 * Plausible results of one scenario over many revisions, `r0`, `r1` and so on, a day apart: noise of a known size, and a known
 * change.
 *
 * @module
 */
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { LatencySummary, PoolResult, Result } from "../result.ts";
import { summarize } from "../summary.ts";
import { exampleResult } from "./example.ts";

/** What a history may differ in. */
export interface ExampleHistoryOptions {
  /** How many results. */
  readonly results: number;
  /** Of each of them; 1 if not given. Those of a result say the same. */
  readonly repeats?: number;
  /** The deviation of everything that is measured, as a share of it; 0.02 if not given. */
  readonly noise?: number;
  /** What the throughput of a result is multiplied by. */
  readonly throughput?: (index: number) => number;
  /** What the latencies of level 5 are multiplied by. */
  readonly waits?: (index: number) => number;
  /** 1 if not given. */
  readonly seed?: number;
}

/** Oldest first. */
export function exampleHistory(options: ExampleHistoryOptions): Result[] {
  const { results, noise = 0.02, seed = 1, repeats = 1 } = options;
  const random = xoroshiro128plus(seed);
  const uniform = () => (random.next() >>> 0) / 2 ** 32;
  // Twelve uniforms less their mean are normal enough.
  const normal = () => Array.from({ length: 12 }, uniform).reduce((sum, each) => sum + each) - 6;
  const noisy = (value: number) => value * Math.exp(noise * normal());
  return Array.from({ length: results }, (_, index) => {
    const result = exampleResult({ warnings: [] });
    const [run] = result.runs as [typeof result.runs[number]];
    const once = {
      ...run,
      allocsPerSecond: noisy(run.allocsPerSecond * (options.throughput?.(index) ?? 1)),
      pools: { pages: noisyPool(run.pools["pages"]!, noisy, options.waits?.(index) ?? 1) },
    };
    const runs = Array.from({ length: repeats }, (_, repeat) => ({ ...once, repeat }));
    const startedAt = new Date(Date.UTC(2026, 0, 1 + index)).toISOString();
    const environment = { ...result.environment, revision: `r${index}` };
    return { ...result, id: `h${index}`, startedAt, environment, runs, summary: summarize(runs) };
  });
}

function noisyPool(
  pool: PoolResult,
  noisy: (value: number) => number,
  waits: number,
): PoolResult {
  const latency = (summary: LatencySummary, factor = 1): LatencySummary => {
    const each = (value: number | null) => value === null ? null : noisy(value * factor);
    const { p50, p90, p99, max } = summary;
    const noised = { p50: each(p50), p90: each(p90), p99: each(p99), max: each(max) };
    return { ...summary, ...noised, "p99.9": each(summary["p99.9"]) };
  };
  return {
    ...pool,
    latencyNs: latency(pool.latencyNs),
    responseNs: pool.responseNs && latency(pool.responseNs),
    levels: pool.levels.map((level) => ({
      ...level,
      rate: Math.min(1, noisy(level.rate)),
      latencyNs: latency(level.latencyNs, level.level === 5 ? waits : 1),
    })),
  };
}
