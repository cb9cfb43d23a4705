/**
 * What the repeats of a scenario say together: medians, with an interval where there are enough of them.
 *
 * The interval assumes one thing only, that repeats are independent draws of the same distribution,
 * whatever its shape. Its ends are order statistics: the true median lies below the k-th smallest of n
 * values with the probability that n fair coins show fewer than k heads, so [k-th smallest, k-th largest]
 * covers it with 1 - 2 P(heads < k). The narrowest interval that reaches 95 % is taken and its exact
 * coverage is said. With fewer than 6 repeats even the whole range falls short (5 reach 93.75 %), and
 * there is none. It says nothing about a machine that drifts from one repeat to the next.
 *
 * @module
 */
import type { Estimate, LatencySummary, PoolResult, Run, Summary } from "./result.ts";

/** The confidence that an interval must reach. */
const CONFIDENCE = 0.95;

/** The fewest repeats that give an interval. */
export const REPEATS_FOR_INTERVAL = 6;

/**
 * The median of some values with its interval; the median of an even number is half way between the
 * middle two, and of no values at all it is 0.
 */
export function estimate(values: readonly number[]): Estimate {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = sorted.length === 0
    ? 0
    : (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
  const { depth, confidence } = interval(sorted.length);
  if (depth === 0) return { median, low: null, high: null, confidence: null };
  return { median, low: sorted[depth - 1]!, high: sorted.at(-depth)!, confidence };
}

/** The deepest order statistic whose interval still reaches the confidence; depth 0 where none does. */
function interval(repeats: number): { depth: number; confidence: number } {
  let depth = 0;
  let confidence = 0;
  let logProbability = -repeats * Math.LN2; // that exactly `depth` of the coins show heads
  let tail = 0; // that at most `depth` do
  while (depth < repeats) {
    tail += Math.exp(logProbability);
    if (1 - 2 * tail < CONFIDENCE) break;
    confidence = 1 - 2 * tail;
    depth++;
    logProbability += Math.log((repeats - depth + 1) / depth);
  }
  return { depth, confidence };
}

/**
 * Medians over the repeats of one scenario. A percentile that some repeat could not claim has no
 * estimate: the repeats that could are not a fair choice.
 */
export function summarize(runs: readonly Run[]): Summary {
  const names = new Set(runs.flatMap((run) => Object.keys(run.pools)));
  const pools = [...names].map((name) => {
    const results = runs.flatMap((run) => run.pools[name] ?? []);
    return [name, summarizePool(results)] as const;
  });
  return {
    repeats: runs.length,
    allocsPerSecond: estimate(runs.map((run) => run.allocsPerSecond)),
    pools: Object.fromEntries(pools),
  };
}

function summarizePool(results: readonly PoolResult[]): Summary["pools"][string] {
  const latency = (key: keyof LatencySummary) => {
    const values = results.flatMap((result) => result.latencyNs[key] ?? []);
    return values.length < results.length ? null : estimate(values);
  };
  return {
    rates: results[0]!.levels.map((_, index) =>
      estimate(results.map((result) => result.levels[index]!.rate))
    ),
    p50: latency("p50"),
    p99: latency("p99"),
    "p99.9": latency("p99.9"),
    max: latency("max"),
  };
}
