/**
 * Results next to one another, one column each: what each pool was served by and how long it took, what was set aside for it and
 * which locks it cost. A pure function from results to rows of text, for every format that has tables.
 *
 * It shows what was measured and judges nothing: whether two numbers differ by more than chance is another question.
 *
 * @module
 */
import { allocatorAcross, allocatorNames, poolAcross, poolNames } from "../across.ts";
import { type AllocatorResult, LEVEL_NAMES, type PoolResult, type Result } from "../result.ts";
import { bytes, count, duration, exactCount, NO_NUMBER, percentage } from "./numbers.ts";

/** Rows under one heading. */
export interface Section {
  /** A pool, an allocator, or the whole run. */
  readonly title: string;
  /** A label, then a cell for each result. */
  readonly rows: readonly (readonly string[])[];
}

/** Results side by side. */
export interface SideBySide {
  /** What the results are called, shortened by what all have in common. */
  readonly heads: readonly string[];
  /** The whole run, then each pool, then each allocator. */
  readonly sections: readonly Section[];
}

/** A measure: its label, and how it is read and printed. */
type Measure<T> = readonly [label: string, print: (of: T) => string];

const WHOLE: readonly Measure<Result>[] = [
  ["allocs/s", ({ summary }) => count(summary.allocsPerSecond.median)],
  ["set aside", (result) => bytes(sum(poolsOf(result), ({ reserve }) => reserve.bytes))],
  ["none (atomic)", (result) => exactCount(sum(poolsOf(result), ({ none }) => none))],
  ["failed (blocking)", (result) => exactCount(sum(poolsOf(result), ({ failed }) => failed))],
  ["leaked", ({ runs }) => exactCount(sum(runs, ({ leaked }) => leaked))],
];

const POOL: readonly Measure<PoolResult>[] = [
  ["hits", ({ allocs }) => count(allocs)],
  ...LEVEL_NAMES.map((name, index): Measure<PoolResult> => [
    `${index + 1} ${name}`,
    ({ levels }) => percentage(levels[index]!.rate),
  ]),
  ...(["p50", "p99", "p99.9", "max"] as const).map((key): Measure<PoolResult> => [
    key,
    ({ latencyNs }) => duration(latencyNs[key]),
  ]),
  ["response p99", ({ responseNs }) => duration(responseNs?.p99 ?? null)],
  ["waits", ({ waits }) => exactCount(waits.count)],
  ["longest wait", ({ waits }) => duration(waits.maxNs)],
  ["none (atomic)", ({ none }) => exactCount(none)],
  ["failed (blocking)", ({ failed }) => exactCount(failed)],
  ["lock taken", ({ lock }) => exactCount(lock.acquisitions)],
  ["lock contended", ({ lock }) => exactCount(lock.contended)],
  ["min reserve", ({ reserve }) => exactCount(reserve.min)],
  ["peak reserve", ({ reserve }) => exactCount(reserve.peakMin ?? reserve.min)],
  ["low water", ({ reserve }) => exactCount(reserve.lowWater)],
  ["set aside", ({ reserve }) => bytes(reserve.bytes)],
];

const ALLOCATOR: readonly Measure<AllocatorResult>[] = [
  ["allocs", ({ allocs }) => count(allocs)],
  ["failed atomic", ({ atomicFailures }) => count(atomicFailures)],
  ["failed blocking", ({ blockingFailures }) => count(blockingFailures)],
  ["peak", (allocator) => bytes(allocator.bytes)],
  ["lock taken", ({ lock }) => exactCount(lock.acquisitions)],
  ["lock contended", ({ lock }) => exactCount(lock.contended)],
];

/** Results of scenarios that are to be compared, in the order of the columns. */
export function sideBySide(results: readonly Result[]): SideBySide {
  const runs = results.flatMap((result) => result.runs);
  return {
    heads: headsOf(results.map(({ scenario }) => scenario.name)),
    sections: [
      { title: "", rows: rowsOf(WHOLE, results) },
      ...poolNames(runs).map((title) => ({
        title,
        rows: rowsOf(POOL, results.map((result) => found(poolNames, poolAcross, result, title))),
      })),
      ...allocatorNames(runs).map((title) => ({
        title,
        rows: rowsOf(
          ALLOCATOR,
          results.map((result) => found(allocatorNames, allocatorAcross, result, title)),
        ),
      })),
    ],
  };
}

/** Variants go by their own names; results that are of different scenarios by the whole. */
function headsOf(names: readonly string[]): string[] {
  const split = names.map((name) => name.lastIndexOf("/") + 1);
  const prefixes = new Set(names.map((name, index) => name.slice(0, split[index])));
  return prefixes.size > 1 ? [...names] : names.map((name, index) => name.slice(split[index]));
}

function rowsOf<T>(measures: readonly Measure<T>[], columns: readonly (T | null)[]): string[][] {
  return measures.map(([label, print]) => [
    label,
    ...columns.map((column) => column === null ? NO_NUMBER : print(column)),
  ]);
}

/** What a result has under a name; null where it has nothing. */
function found<T>(
  names: (runs: Result["runs"]) => string[],
  across: (runs: Result["runs"], name: string) => T,
  { runs }: Result,
  name: string,
): T | null {
  return names(runs).includes(name) ? across(runs, name) : null;
}

function poolsOf({ runs }: Result): PoolResult[] {
  return poolNames(runs).map((name) => poolAcross(runs, name));
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
