/**
 * One line for each combination (RFC 4180), numbers in base units with every digit.
 *
 * @module
 */
import { LEVEL_NAMES } from "../result.ts";
import { csvText } from "../formats/csv_text.ts";
import type { SweepFormat } from "./format.ts";

const PERCENTILES = ["p50", "p99", "p99.9", "max"] as const;

/** Combinations as lines. */
export const csv: SweepFormat = {
  summary: "one line for each combination (RFC 4180)",
  print({ varied, rows, scenario }) {
    const header = [
      ...["scenario", ...varied.map(({ key }) => key), "min_reserve", "bytes"],
      ...LEVEL_NAMES.map((name) => `rate_${name}`),
      ...["miss_rate", ...PERCENTILES.map((key) => `tail_${key}_ns`)],
      ...["allocs_per_second", "pareto"],
    ];
    const lines = rows.map((row) => [
      ...[scenario, ...varied.map(({ key }) => row.settings[key]!), row.minReserve, row.bytes],
      ...row.rates,
      ...[row.missRate, ...PERCENTILES.map((key) => row.tailNs[key])],
      ...[row.allocsPerSecond, row.pareto ? 1 : 0],
    ]);
    return csvText([header, ...lines]);
  },
};
