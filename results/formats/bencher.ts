/**
 * The Bencher Metric Format (https://bencher.dev/docs/reference/bencher-metric-format): benchmarks by name, each with its
 * measures, whose bounds are the interval over the repeats where there are enough of them. Latencies are in nanoseconds and
 * throughput in operations per second, as Bencher's own measures are.
 *
 * @module
 */
import { type MeasureRow, measureRows } from "../measures.ts";
import type { Result } from "../result.ts";
import { estimate } from "../summary.ts";
import type { ResultFormat } from "./format.ts";
import { rowPath } from "./row_path.ts";

/** Longest name of a benchmark. */
const NAME_CHARACTERS_MAX = 1024;

/** A value and its bounds. */
interface Metric {
  readonly value: number;
  readonly lower_value?: number;
  readonly upper_value?: number;
}

/** Benchmarks and their measures, for Bencher. */
export const bencher: ResultFormat = {
  summary: "Bencher Metric Format, for bencher run --adapter json",
  print(result: Result): string {
    const benchmarks: Record<string, Record<string, Metric>> = {};
    for (const row of measureRows(result)) {
      const name = rowPath(result, row).slice(0, NAME_CHARACTERS_MAX);
      (benchmarks[name] ??= {})[slugOf(row)] = metricOf(row);
    }
    return JSON.stringify(benchmarks, null, 2) + "\n";
  },
  join: (texts) =>
    JSON.stringify(Object.assign({}, ...texts.map((text) => JSON.parse(text))), null, 2) + "\n",
};

/** Bencher makes slugs of names by leaving out dots, so that p99.9 would become p999 there. */
function slugOf({ measure: { name, unit } }: MeasureRow): string {
  return unit === "ns" ? `latency-${name.replace(".", "-")}` : name;
}

function metricOf({ values }: MeasureRow): Metric {
  const { median, low, high } = estimate(values);
  if (low === null || high === null) return { value: median };
  return { value: median, lower_value: low, upper_value: high };
}
