/**
 * The Prometheus text exposition format 0.0.4, for a Pushgateway or a text file collector: what one result counted, all its
 * runs together, in base units (seconds, bytes). Percentiles that were not claimed are left out rather than given as 0.
 *
 * @module
 */
import { allocatorAcross, allocatorNames, poolAcross, poolNames } from "../across.ts";
import type { AllocatorResult, LatencySummary, PoolResult, Result } from "../result.ts";
import { estimate } from "../summary.ts";
import type { ResultFormat } from "./format.ts";

const PREFIX = "mempool_bench_";

const QUANTILES = [
  ["0.5", "p50"],
  ["0.9", "p90"],
  ["0.99", "p99"],
  ["0.999", "p99.9"],
  ["0.9999", "p99.99"],
] as const;

type Labels = Readonly<Record<string, string>>;

interface Sample {
  /** What stands behind the family's name: `_sum`, `_count` or nothing. */
  readonly suffix?: string;
  readonly labels: Labels;
  readonly value: number;
}

interface Family {
  readonly name: string;
  readonly type: "counter" | "gauge" | "summary";
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** Counters, gauges and summaries. */
export const prometheus: ResultFormat = {
  summary: "Prometheus text, for a Pushgateway or a text file collector",
  print: (result) => familiesOf(result).map(familyText).join(""),
  join(texts: readonly string[]): string {
    const blocks = texts.flatMap((text) => text.split(/^(?=# HELP )/m));
    const byHead = Map.groupBy(blocks, (block) => block.split("\n", 2).join("\n"));
    return Array.from(byHead, ([head, same]) => {
      const samples = same.map((block) => block.slice(head.length + 1));
      return `${head}\n${samples.join("")}`;
    }).join("");
  },
};

function familiesOf(result: Result): Family[] {
  const throughput = estimate(result.runs.map((run) => run.allocsPerSecond)).median;
  return [
    gauge("throughput_allocations_per_second", "Allocations per second, median over the runs.", [
      { labels: { scenario: result.scenario.name }, value: throughput },
    ]),
    ...levelFamilies(result),
    ...poolFamilies(result),
    ...allocatorFamilies(result),
  ];
}

/** The samples of each pool. */
function forPools({ runs, scenario }: Result, samplesOf: (pool: PoolResult) => Sample[]): Sample[] {
  return poolNames(runs).flatMap((name) =>
    samplesOf(poolAcross(runs, name)).map((sample) => ({
      ...sample,
      labels: { scenario: scenario.name, pool: name, ...sample.labels },
    }))
  );
}

function levelFamilies(result: Result): Family[] {
  const hits = forPools(
    result,
    ({ levels }) => levels.map(({ name, hits }) => ({ labels: { level: name }, value: hits })),
  );
  const latencies = forPools(
    result,
    ({ levels }) => levels.flatMap(({ name, latencyNs }) => summaryOf({ level: name }, latencyNs)),
  );
  const help = "Latency of allocations, by level.";
  return [
    counter("hits_total", "Allocations served, by level.", hits),
    { name: "latency_seconds", type: "summary", help, samples: latencies },
  ];
}

function poolFamilies(result: Result): Family[] {
  const each = (value: (pool: PoolResult) => number) =>
    forPools(result, (pool) => [{ labels: {}, value: value(pool) }]);
  return [
    counter("frees_total", "Elements given back.", each(({ frees }) => frees)),
    counter("none_total", "Atomic callers that got nothing.", each(({ none }) => none)),
    counter("failed_total", "Blocking callers that got nothing.", each(({ failed }) => failed)),
    counter("leaked_total", "Elements lost.", each(({ leaked }) => leaked)),
    counter("waits_total", "Callers that slept.", each(({ waits }) => waits.count)),
    counter(
      "pool_lock_acquisitions_total",
      "How often the pool's lock was taken.",
      each(({ lock }) => lock.acquisitions),
    ),
    gauge("reserve_min", "Elements to hold in reserve.", each(({ reserve }) => reserve.min)),
    gauge("reserve_low_water", "Least in the reserve.", each(({ reserve }) => reserve.lowWater)),
    gauge("reserve_bytes", "Bytes set aside.", each(({ reserve }) => reserve.bytes)),
  ];
}

function allocatorFamilies({ runs, scenario }: Result): Family[] {
  const each = (value: (allocator: AllocatorResult) => number) =>
    allocatorNames(runs).map((name) => ({
      labels: { scenario: scenario.name, allocator: name },
      value: value(allocatorAcross(runs, name)),
    }));
  return [
    counter(
      "allocator_reclaimed_total",
      "Elements that direct reclaim brought.",
      each(({ reclaimed }) => reclaimed),
    ),
    gauge("allocator_peak_bytes", "Most bytes in use at once.", each(({ bytes }) => bytes)),
  ];
}

function counter(name: string, help: string, samples: readonly Sample[]): Family {
  return { name, type: "counter", help, samples };
}

function gauge(name: string, help: string, samples: readonly Sample[]): Family {
  return { name, type: "gauge", help, samples };
}

function summaryOf(labels: Labels, latency: LatencySummary): Sample[] {
  const quantiles = QUANTILES.flatMap(([quantile, key]) => {
    const ns = latency[key];
    return ns === null ? [] : [{ labels: { ...labels, quantile }, value: ns / 1e9 }];
  });
  return [
    ...quantiles,
    { suffix: "_sum", labels, value: (latency.mean ?? 0) * latency.count / 1e9 },
    { suffix: "_count", labels, value: latency.count },
  ];
}

function familyText({ name, type, help, samples }: Family): string {
  const full = PREFIX + name;
  return [
    `# HELP ${full} ${help}`,
    `# TYPE ${full} ${type}`,
    ...samples.map(({ suffix = "", labels, value }) =>
      `${full}${suffix}{${labelText(labels)}} ${value}`
    ),
  ].map((line) => line + "\n").join("");
}

function labelText(labels: Labels): string {
  return Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`).join(",");
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
