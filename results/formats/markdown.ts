/**
 * The result for a pull request or a log book: tables as GitHub renders them, the same facts as the
 * terminal's table.
 *
 * @module
 */
import { poolAcross, poolNames } from "../across.ts";
import { hitsOf } from "../conservation.ts";
import type { Estimate, LatencySummary, PoolResult, Result, Summary } from "../result.ts";
import { cellLines } from "./dpdk.ts";
import {
  allocatorFacts,
  type Fact,
  instrumentFacts,
  poolFacts,
  poolNote,
  reading,
  settings,
  throughput,
  workerFact,
} from "./facts.ts";
import type { ResultFormat } from "./format.ts";
import { escaped, tableOf } from "./github.ts";
import { count, duration, NO_NUMBER, percentage } from "./numbers.ts";
import { sideBySide } from "./side_by_side.ts";

const PERCENTILES = ["p50", "p90", "p99", "p99.9", "max"] as const;

/** Sections and tables for GitHub. */
export const markdown: ResultFormat = {
  summary: "tables for a pull request (GitHub Markdown)",
  print(result: Result): string {
    const workers = workerFact(result.runs);
    const blocks = [
      ...head(result),
      ...poolNames(result.runs).flatMap((name) => poolBlocks(result, name)),
      ...cellBlocks(result),
      ...factBlocks("Allocators", allocatorFacts(result.runs)),
      ...factBlocks("Measurement", [
        ...(workers === null ? [] : [workers]),
        ...instrumentFacts(result),
      ]),
      ...result.warnings.map(({ code, message, advice }) =>
        `> **${escaped(code)}**: ${escaped(message)}  \n> ${escaped(advice)}`
      ),
    ];
    return blocks.join("\n\n") + "\n";
  },
  compare(results: readonly Result[]): string {
    const { heads, sections } = sideBySide(results);
    const columns = heads.map(escaped);
    const blocks = sections.flatMap(({ title, rows }) => [
      ...(title === "" ? [] : [`### ${escaped(title)}`]),
      tableOf(["", ...columns], rows),
    ]);
    return ["## Side by side", ...blocks].join("\n\n") + "\n";
  },
};

function cellBlocks({ runs }: Result): string[] {
  const lines = cellLines(runs);
  return lines.length === 0 ? [] : ["```\n" + lines.join("\n") + "\n```"];
}

function head(result: Result): string[] {
  const { name, summary } = result.scenario;
  const note = reading(result);
  return [
    `## ${escaped(name)}`,
    ...(typeof summary === "string" ? [escaped(summary)] : []),
    escaped(settings(result).join(" · ")),
    `**${throughput(result).join(" · ")}**`,
    ...(result.partial ? ["**Partial: stopped before its end.**"] : []),
    ...(note === "" ? [] : [note]),
  ];
}

function poolBlocks(result: Result, name: string): string[] {
  const pool = poolAcross(result.runs, name);
  const summary = Object.hasOwn(result.summary.pools, name)
    ? result.summary.pools[name]
    : undefined;
  return [
    `### ${escaped(name)}`,
    escaped(poolNote(result, name)),
    levelTable(pool),
    ...(summary === undefined || result.runs.length < 2 ? [] : [intervalTable(summary)]),
    ...factBlocks("", poolFacts(result.runs, name)),
  ];
}

function levelTable(pool: PoolResult): string {
  const latencies = (latency: LatencySummary) => PERCENTILES.map((key) => duration(latency[key]));
  const rows = pool.levels.map((level) => [
    ...[`${level.level} ${level.name}`, count(level.hits), percentage(level.rate)],
    ...latencies(level.latencyNs),
  ]);
  const total = ["total", count(hitsOf(pool)), "", ...latencies(pool.latencyNs)];
  const response = pool.responseNs && ["response", "", "", ...latencies(pool.responseNs)];
  const heads = ["level", "hits", "rate", ...PERCENTILES];
  return tableOf(heads, [...rows, total, ...(response === null ? [] : [response])]);
}

function intervalTable(pool: Summary["pools"][string]): string {
  const row = (label: string, estimate: Estimate | null, print: (value: number) => string) => {
    const { median = null, low = null, high = null } = estimate ?? {};
    return [
      label,
      ...[median, low, high].map((value) => value === null ? NO_NUMBER : print(value)),
    ];
  };
  return tableOf(["over the runs", "median", "low", "high"], [
    ...pool.rates.map((estimate, index) => row(`rate ${index + 1}`, estimate, percentage)),
    ...(["p50", "p99", "p99.9", "max"] as const).map((key) => row(key, pool[key], duration)),
  ]);
}

function factBlocks(title: string, facts: readonly Fact[]): string[] {
  if (facts.length === 0) return [];
  const lines = facts.map(({ label, items, mood, separator }) => {
    const text = escaped(items.join(separator));
    return `- ${escaped(label)}: ${mood === "bad" ? `**${text}**` : text}`;
  });
  return [...(title === "" ? [] : [`### ${title}`]), lines.join("\n")];
}
