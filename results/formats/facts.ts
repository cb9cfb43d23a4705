/**
 * What a result says besides its tables of levels, as short labelled facts: the formats for people
 * (table, markdown) show the same facts and differ only in how they lay them out.
 *
 * @module
 */
import { allocatorAcross, allocatorNames, pageCacheAcross, poolAcross } from "../across.ts";
import { conserved, hitsOf } from "../conservation.ts";
import type { AllocatorResult, LockResult, PoolResult, Result, Run } from "../result.ts";
import { estimate, REPEATS_FOR_INTERVAL } from "../summary.ts";
import { bytes, count, duration, exactCount, percentage } from "./numbers.ts";

/** Workers that are at work together for less of the time were hardly measured under contention. */
const MOSTLY_TOGETHER = 0.5;

/** A label and what is to be said under it. */
export interface Fact {
  /** One or two words, or a name. */
  readonly label: string;
  /** Each short enough to stay on one line. */
  readonly items: readonly string[];
  /** Whether the reader can rest, must look, or neither. */
  readonly mood: "good" | "bad" | "neutral";
  /** What stands between two items. */
  readonly separator: string;
}

/** What was run: workers, time, load and pressure, policies, the seed and how often. */
export function settings({ scenario, runs }: Result): string[] {
  const kind = at(scenario, "workload", "kind");
  const pressure = at(scenario, "pressure", "kind");
  const isPressed = typeof pressure === "string" && pressure !== "none";
  const policies = new Set(Object.values(asRecord(scenario["pools"])).map(policyName));
  return [
    ...(runs[0] === undefined ? [] : [
      plural(runs[0].workers.length, "worker"),
      duration(estimate(runs.map((run) => run.measuredNs)).median),
    ]),
    ...(typeof kind === "string" ? [`${kind} load${isPressed ? ` under ${pressure}` : ""}`] : []),
    ...(policies.size > 0 ? [`${[...policies].join(", ")} policy`] : []),
    `seed ${runs[0]?.seed ?? scenario["seed"]}`,
    plural(runs.length, "run"),
  ];
}

/** How the runs were put together; empty where there is nothing to put together. */
export function reading({ runs }: Result): string {
  return runs.length > 1
    ? "Counts are sums over the runs, percentiles their medians, extremes are kept."
    : "";
}

/** Allocations per second, with the interval that the repeats allow. */
export function throughput({ runs, summary, scenario }: Result): string[] {
  const { median, low, high, confidence } = summary.allocsPerSecond;
  if (runs.length === 0) return ["nothing was measured"];
  // A replay goes as its trace goes, and a grid cell by cell: nobody expects a steady state of them.
  const isUneven = ["replay", "matrix"].includes(String(at(scenario, "workload", "kind")));
  const unsteady = isUneven ? 0 : runs.filter(isUnsteady).length;
  return [
    `${count(median)} allocs/s`,
    ...(low !== null && high !== null && confidence !== null
      ? [`${count(low)} to ${count(high)} with ${percentage(confidence)} confidence`]
      : runs.length > 1
      ? [`median; an interval needs at least ${REPEATS_FOR_INTERVAL} runs`]
      : []),
    ...drainingItems(runs),
    ...(unsteady > 0 ? [`not steady in ${unsteady} of ${plural(runs.length, "run")}`] : []),
  ];
}

function isUnsteady({ steady, steadyState }: Run): boolean {
  return !steady && steadyState?.verdict !== "draining";
}

/** How long the least of what is left would have lasted. */
function drainingItems(runs: readonly Run[]): string[] {
  const lasts = runs.flatMap(({ steadyState }) => steadyState?.exhaustedInNs ?? []);
  return lasts.length === 0 ? [] : [`draining, exhausted in about ${duration(Math.min(...lasts))}`];
}

/** What a pool stands on and how many elements it reserves. */
export function poolNote(result: Result, name: string): string {
  const over = at(result.scenario, "pools", name, "over");
  const { min } = poolAcross(result.runs, name).reserve;
  return `${typeof over === "string" ? `over ${over}, ` : ""}min reserve ${exactCount(min)}`;
}

/** What one pool did, over all runs. */
export function poolFacts(runs: readonly Run[], name: string): Fact[] {
  const pool = poolAcross(runs, name);
  const { reserve, waits, none, failed } = pool;
  const waited = waits.count > 0 || waits.abandoned > 0;
  return [
    fact("reserve", [
      `${exactCount(reserve.current)} of ${exactCount(reserve.min)} now`,
      `low-water ${exactCount(reserve.lowWater)}`,
      bytes(reserve.bytes),
      ...(reserve.peakMin === undefined ? [] : [`up to ${exactCount(reserve.peakMin)} meanwhile`]),
    ]),
    fact("waits", [
      exactCount(waits.count),
      ...(waited ? [`at most ${exactCount(waits.maxDepth)} in the queue`] : []),
      ...(waited ? [`longest ${duration(waits.maxNs)}`] : []),
      `${exactCount(waits.abandoned)} abandoned`,
    ]),
    fact("lock", lockItems(pool.lock)),
    fact(
      "refused",
      [`${exactCount(none)} none (atomic)`, `${exactCount(failed)} failed (blocking)`],
      failed > 0 ? "bad" : "neutral",
    ),
    conservation(runs, name, pool),
  ];
}

/** The equation in numbers, or the first run that breaks it. */
function conservation(runs: readonly Run[], name: string, pool: PoolResult): Fact {
  const broken = runs.flatMap((run) => {
    const found = run.pools[name];
    const sentence = found === undefined ? null : conserved(found);
    return sentence === null ? [] : [runs.length > 1 ? `run ${run.repeat}: ${sentence}` : sentence];
  });
  if (broken[0] !== undefined) {
    return { label: "BROKEN", items: broken[0].split(" "), mood: "bad", separator: " " };
  }
  return {
    label: "conserved",
    items: [
      `${exactCount(hitsOf(pool))} hits`,
      `= ${exactCount(pool.allocs)} allocs`,
      `= ${exactCount(pool.frees)} frees + ${exactCount(pool.held)} held ` +
      `+ ${exactCount(pool.leaked)} leaked`,
    ],
    mood: pool.leaked > 0 ? "bad" : "good",
    separator: " ",
  };
}

/** What each allocator did, over all runs, and what competed with them; the label is its name. */
export function allocatorFacts(runs: readonly Run[]): Fact[] {
  const facts = allocatorNames(runs).map((name) =>
    fact(name, allocatorItems(allocatorAcross(runs, name)))
  );
  return [...facts, ...pageCacheFacts(runs)];
}

function pageCacheFacts(runs: readonly Run[]): Fact[] {
  const cache = pageCacheAcross(runs);
  if (cache === null) return [];
  return [fact("page cache", [
    `${count(cache.filled)} pages filled`,
    `${count(cache.reclaimed)} reclaimed`,
    `${count(cache.written)} written out`,
    `peak ${count(cache.peak)}`,
  ])];
}

function allocatorItems(allocator: AllocatorResult): string[] {
  const { allocs, cacheHits, atomicFailures, blockingFailures } = allocator;
  return [
    `${count(allocs)} allocs`,
    `${count(allocator.frees)} frees`,
    `${percentage(allocs === 0 ? 0 : cacheHits / allocs)} from magazines`,
    `failed ${count(atomicFailures)} atomic, ${count(blockingFailures)} blocking`,
    `${count(allocator.reclaimed)} reclaimed`,
    `peak ${count(allocator.peakInUse)} (${bytes(allocator.bytes)})`,
    `lock ${lockItems(allocator.lock).join(", ")}`,
  ];
}

function lockItems({ acquisitions, contended }: LockResult): string[] {
  const share = acquisitions === 0 ? "" : ` (${percentage(contended / acquisitions)})`;
  return [`${exactCount(acquisitions)} taken`, `${exactCount(contended)} contended${share}`];
}

/** Whether the workers really ran at the same time, and how each of them ended. */
export function workerFact(runs: readonly Run[]): Fact | null {
  const measured = runs.filter((run) => run.workers.length > 0);
  if (measured.length === 0) return null;
  const least = Math.min(...measured.map(overlap));
  const allocs = measured.flatMap((run) => run.workers.map((worker) => worker.allocs));
  const exits = measured.flatMap((run) => run.workers.map((worker) => worker.exit));
  const odd = [...new Set(exits)].filter((exit) => exit !== "done");
  const items = [
    exactCount(measured[0]!.workers.length),
    `together ${percentage(least)} of the time`,
    `${count(Math.min(...allocs))} to ${count(Math.max(...allocs))} allocs each`,
    ...odd.map((exit) => `${exits.filter((other) => other === exit).length} ${exit}`),
  ];
  return fact("workers", items, odd.length > 0 || least < MOSTLY_TOGETHER ? "bad" : "neutral");
}

/** From the last start to the first end, as a share of the first start to the last end. */
function overlap({ workers }: Run): number {
  const starts = workers.map((worker) => worker.startNs);
  const ends = workers.map((worker) => worker.endNs);
  const whole = Math.max(...ends) - Math.min(...starts);
  const together = Math.min(...ends) - Math.max(...starts);
  return whole > 0 ? Math.max(0, together) / whole : 0;
}

/** How fine the instrument was and on which machine. */
export function instrumentFacts({ environment }: Result): Fact[] {
  const { clock, harness, cores, cpu, os, arch, deno, revision } = environment;
  return [
    fact("harness", [
      `floor ${duration(harness.floorNs)} a pair`,
      `clock costs ${duration(clock.costNs)}`,
      `grain ${duration(clock.grainNs)}`,
    ]),
    fact("machine", [
      plural(cores, "core"),
      cpu,
      `${os} ${arch}`,
      `Deno ${deno}`,
      ...(revision === null ? [] : [`revision ${revision}`]),
    ]),
  ];
}

/** "1 run", "6 runs". */
export function plural(many: number, noun: string): string {
  return `${exactCount(many)} ${noun}${many === 1 ? "" : "s"}`;
}

function fact(label: string, items: readonly string[], mood: Fact["mood"] = "neutral"): Fact {
  return { label, items, mood, separator: " · " };
}

function policyName(pool: unknown): string {
  const policy = at(pool, "policy");
  return typeof policy === "string" ? policy : "own";
}

/** The value at a path of keys in plain data; undefined where the path ends early. */
function at(data: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>((inner, key) => {
    const record = asRecord(inner);
    return Object.hasOwn(record, key) ? record[key] : undefined;
  }, data);
}

function asRecord(data: unknown): Record<string, unknown> {
  return typeof data === "object" && data !== null ? data as Record<string, unknown> : {};
}
