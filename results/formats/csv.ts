/**
 * One line for each run, pool and level, and one `total` for each run and pool, for spreadsheets and
 * data frames: numbers in base units with every digit, an empty field where a result has null. Columns
 * may be added at the end; those that stand keep their names and places. Quoting and line ends are
 * those of RFC 4180.
 *
 * @module
 */
import type { LatencySummary, PoolResult, Result } from "../result.ts";
import { csvText, type Field } from "./csv_text.ts";
import type { ResultFormat } from "./format.ts";

const LATENCY_KEYS = [
  "count",
  "min",
  "mean",
  "p50",
  "p90",
  "p99",
  "p99.9",
  "p99.99",
  "max",
] as const satisfies readonly (keyof LatencySummary)[];

/** Latencies are nanoseconds; `latency_count` counts the samples. */
const HEADER = [
  ...["id", "scenario", "repeat", "seed", "pool", "level", "name", "hits", "rate"],
  ...LATENCY_KEYS.map((key) => key === "count" ? "latency_count" : `latency_${key}_ns`),
];

/** Levels as lines. */
export const csv: ResultFormat = {
  summary: "one line for each run, pool and level (RFC 4180)",
  print(result: Result): string {
    const lines = result.runs.flatMap((run) => {
      const start = [result.id, result.scenario.name, run.repeat, run.seed];
      return Object.entries(run.pools).flatMap(([name, pool]) =>
        poolLines(pool).map((line) => [...start, name, ...line])
      );
    });
    return csvText([HEADER, ...lines]);
  },
  join(texts: readonly string[]): string {
    const [first = "", ...others] = texts;
    return first + others.map((text) => text.slice(text.indexOf("\r\n") + 2)).join("");
  },
};

function poolLines(pool: PoolResult): Field[][] {
  const { allocs, latencyNs } = pool;
  const share = allocs === 0 ? 0 : 1;
  return [
    ...pool.levels.map((level) => [
      ...[level.level, level.name, level.hits, level.rate],
      ...latencyFields(level.latencyNs),
    ]),
    ["total", "total", allocs, share, ...latencyFields(latencyNs)],
  ];
}

function latencyFields(latency: LatencySummary): Field[] {
  return LATENCY_KEYS.map((key) => latency[key]);
}
