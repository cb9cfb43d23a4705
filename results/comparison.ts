/**
 * Two results of one scenario, row by row: the same, faster, slower, or cannot tell.
 *
 * What is assumed, and nothing else: the repeats of each side are independent draws, and the logarithms of what they measured
 * (of rates, the rates themselves) are roughly normal. Then the difference of the means has Welch's t interval (Welch 1947),
 * and of `rows` such intervals, each at 1 - alpha / rows, all hold at once with 1 - alpha (Bonferroni), however the rows
 * depend on each other. It does not cover a machine that was slower as a whole while one side was measured.
 *
 * A verdict needs both, that the difference is shown and that it matters. With the margin m of a row, its difference d towards
 * the worse and the interval of that:
 *
 * | verdict | where |
 * |---|---|
 * | same | the whole interval lies within -m and m |
 * | slower | the whole interval lies above 0, and d above m |
 * | faster | the whole interval lies below 0, and d below -m |
 * | cannot tell | all else, and fewer than {@linkcode REPEATS_LEAST} repeats on either side |
 *
 * @module
 */
import { type Measure, type MeasureRow, measureRows, type PoolPart } from "./measures.ts";
import type { Result, Warning } from "./result.ts";
import { machineOf, scenarioHash } from "./store.ts";

/** The schema's name as it stands in every comparison. */
export const COMPARISON_SCHEMA = "mempool-bench/comparison@1";

/** The fewest repeats of a side from which anything can be told. */
export const REPEATS_LEAST = 3;

/** What a row comes to. */
export type Verdict = "same" | "faster" | "slower" | "cannot tell";

/** The largest differences that don't matter, by the name of the measure: shares of the base, and of rates the rates. */
export type Margins = Readonly<Record<string, number>>;

/** Margins where none are given. */
export const MARGINS: Margins = {
  throughput: 0.03,
  rate: 0.01,
  p50: 0.05,
  p90: 0.05,
  p99: 0.05,
  "p99.9": 0.1,
};

/** How to compare. */
export interface ComparisonOptions {
  /** Instead of {@linkcode MARGINS}. A measure without one is not compared: the largest latency, unless it is given here. */
  readonly margins?: Margins;
  /** With which probability all intervals hold at once: 0.95 if not given. */
  readonly confidence?: number;
  /** The quantile of Student's t distribution: of the probability, with so many degrees of freedom. */
  readonly tQuantile: (probability: number, freedom: number) => number;
}

/** One side of a comparison. */
export interface Side {
  /** The results that it is made of. */
  readonly ids: readonly string[];
  /** The commit, where there is one and only one. */
  readonly revision: string | null;
  /** See {@linkcode machineOf}. */
  readonly machine: string;
  /** When the first of them was started. */
  readonly startedAt: string;
  /** Repeats, over all results. */
  readonly repeats: number;
}

/** One row of a comparison. */
export interface ComparedRow {
  /** The pool; null for the whole run. */
  readonly pool: string | null;
  /** The part of the pool; null for the whole run. */
  readonly part: PoolPart | null;
  /** The measure's name. */
  readonly measure: string;
  /** Its unit. */
  readonly unit: Measure["unit"];
  /** The base, by its mean (of logarithms, but for rates). */
  readonly base: number;
  /** The head, alike. */
  readonly head: number;
  /** head / base - 1; of rates head - base. */
  readonly change: number;
  /** The interval of `change`; null where there are too few repeats. */
  readonly low: number | null;
  readonly high: number | null;
  /** What doesn't matter. */
  readonly margin: number;
  /** What it comes to. */
  readonly verdict: Verdict;
  /** The smallest change for the worse that would have been called slower in 8 of 10 such comparisons; null as above. */
  readonly detectable: number | null;
}

/** Two results compared. */
export interface Comparison {
  /** Says what follows. */
  readonly schema: typeof COMPARISON_SCHEMA;
  /** The scenario's name. */
  readonly scenario: string;
  readonly base: Side;
  readonly head: Side;
  /** With which probability all intervals hold at once. */
  readonly confidence: number;
  readonly rows: readonly ComparedRow[];
  /** The worst of the rows: slower, else cannot tell, else faster, else the same. */
  readonly verdict: Verdict;
  /** Whether the sides were measured on one kind of machine with one scenario, so that a gate may stand on it. */
  readonly comparable: boolean;
  readonly warnings: readonly Warning[];
}

/** How many of ten comparisons `detectable` is about. */
const POWER = 0.8;

const CONFIDENCE = 0.95;

/** Measured further apart than this, a machine may have changed its speed in between, milliseconds. */
const APART_MS = 10 * 60_000;

/**
 * Compares results of one scenario; the repeats of several results of a side count together.
 *
 * @throws {RangeError} where a side has no result.
 */
export function compareResults(
  base: readonly Result[],
  head: readonly Result[],
  options: ComparisonOptions,
): Comparison {
  const { margins = MARGINS, confidence = CONFIDENCE, tQuantile } = options;
  const sides = { base: sideOf(base), head: sideOf(head) };
  const pairs = pairsOf(rowsOf(base), rowsOf(head)).filter(({ measure }) =>
    margins[measure.name] !== undefined
  );
  const alpha = (1 - confidence) / Math.max(1, pairs.length);
  const rows = pairs.map((pair) =>
    comparedRow(pair, { margin: margins[pair.measure.name]!, alpha, tQuantile })
  );
  const warnings = warningsOf(base, head);
  return {
    schema: COMPARISON_SCHEMA,
    scenario: head[0]!.scenario.name,
    ...sides,
    confidence,
    rows,
    verdict: worstOf(rows),
    comparable: warnings.every(({ code }) => !NOT_COMPARABLE.includes(code)),
    warnings,
  };
}

function sideOf(results: readonly Result[]): Side {
  const [first] = results.toSorted((a, b) => a.startedAt < b.startedAt ? -1 : 1);
  if (first === undefined) throw new RangeError("Cannot compare as a side has no result");
  const revisions = new Set(results.map(({ environment }) => environment.revision));
  return {
    ids: results.map(({ id }) => id),
    revision: revisions.size === 1 ? first.environment.revision : null,
    machine: machineOf(first.environment),
    startedAt: first.startedAt,
    repeats: results.reduce((sum, { runs }) => sum + runs.length, 0),
  };
}

/** The rows of several results, put together where all of them have one. */
function rowsOf(results: readonly Result[]): Map<string, MeasureRow> {
  const withRuns = results.filter(({ runs }) => runs.length > 0);
  const all = Map.groupBy(withRuns.flatMap(measureRows), keyOf);
  const whole = [...all].filter(([, rows]) => rows.length === withRuns.length);
  return new Map(whole.map(([key, rows]) => {
    const values = rows.flatMap((row) => row.values);
    return [key, { ...rows[0]!, values }];
  }));
}

function keyOf({ pool, part, measure }: MeasureRow): string {
  return JSON.stringify([pool, part, measure.name]);
}

interface Pair extends Omit<MeasureRow, "values"> {
  readonly base: readonly number[];
  readonly head: readonly number[];
}

function pairsOf(
  base: ReadonlyMap<string, MeasureRow>,
  head: ReadonlyMap<string, MeasureRow>,
): Pair[] {
  return [...base].flatMap(([key, { values, ...row }]) => {
    const other = head.get(key);
    if (other === undefined) return [];
    const all = [...values, ...other.values];
    const isShare = row.measure.unit === "share";
    // Of 0 there is no logarithm; and of a level that never served, or served all, there is nothing to tell.
    if (isShare ? all.every((value) => value === all[0]) : all.some((value) => value <= 0)) {
      return [];
    }
    return [{ ...row, base: values, head: other.values }];
  });
}

interface RowOptions extends Pick<ComparisonOptions, "tQuantile"> {
  readonly margin: number;
  readonly alpha: number;
}

function comparedRow({ pool, part, measure, base, head }: Pair, options: RowOptions): ComparedRow {
  const { margin } = options;
  const scale = measure.unit === "share" ? LINEAR : LOGARITHMIC;
  const [from, to] = [momentsOf(base.map(scale.into)), momentsOf(head.map(scale.into))];
  const interval = welch(from, to, options);
  const change = scale.change(to.mean - from.mean);
  const [low, high] = interval === null
    ? [null, null]
    : [scale.change(interval.low), scale.change(interval.high)];
  const toWorse = measure.better === "lower" ? 1 : -1;
  return {
    pool,
    part,
    measure: measure.name,
    unit: measure.unit,
    base: scale.outOf(from.mean),
    head: scale.outOf(to.mean),
    change,
    low,
    high,
    margin,
    verdict: verdictOf({ change, low, high, margin, toWorse }),
    detectable: interval === null
      ? null
      : Math.max(margin, Math.abs(scale.change(toWorse * interval.detectable))),
  };
}

/** The scale that differences are taken on: logarithms, but for rates. */
interface Scale {
  into(value: number): number;
  outOf(mean: number): number;
  change(difference: number): number;
}

const LINEAR: Scale = {
  into: (value) => value,
  outOf: (mean) => mean,
  change: (difference) => difference,
};

const LOGARITHMIC: Scale = { into: Math.log, outOf: Math.exp, change: Math.expm1 };

interface Moments {
  readonly count: number;
  readonly mean: number;
  readonly variance: number;
}

function momentsOf(values: readonly number[]): Moments {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { count, mean, variance: count > 1 ? squares / (count - 1) : 0 };
}

/** Welch's interval of the difference of two means, and what it would have detected; null where there are too few. */
function welch(from: Moments, to: Moments, { alpha, tQuantile }: RowOptions) {
  if (Math.min(from.count, to.count) < REPEATS_LEAST) return null;
  const [a, b] = [from.variance / from.count, to.variance / to.count];
  const difference = to.mean - from.mean;
  if (a + b === 0) return { low: difference, high: difference, detectable: 0 };
  const freedom = (a + b) ** 2 / (a ** 2 / (from.count - 1) + b ** 2 / (to.count - 1));
  const error = Math.sqrt(a + b);
  const half = tQuantile(1 - alpha / 2, freedom) * error;
  return {
    low: difference - half,
    high: difference + half,
    detectable: half + tQuantile(POWER, freedom) * error,
  };
}

function verdictOf(
  { change, low, high, margin, toWorse }: {
    readonly change: number;
    readonly low: number | null;
    readonly high: number | null;
    readonly margin: number;
    /** 1 where more is worse, else -1. */
    readonly toWorse: 1 | -1;
  },
): Verdict {
  if (low === null || high === null) return "cannot tell";
  if (low >= -margin && high <= margin) return "same";
  const isShown = low > 0 || high < 0;
  if (!isShown || Math.abs(change) <= margin) return "cannot tell";
  return change * toWorse > 0 ? "slower" : "faster";
}

function worstOf(rows: readonly ComparedRow[]): Verdict {
  const order: readonly Verdict[] = ["slower", "cannot tell", "faster", "same"];
  return order.find((verdict) => rows.some((row) => row.verdict === verdict)) ?? "cannot tell";
}

/** Warnings under which no gate may stand. */
const NOT_COMPARABLE: readonly string[] = ["other-machine", "other-scenario"];

function warningsOf(base: readonly Result[], head: readonly Result[]): Warning[] {
  const warnings: Warning[] = [];
  const all = [...base, ...head];
  const kinds = (of: (result: Result) => string) => new Set(all.map(of)).size;
  if (kinds(({ environment }) => machineOf(environment)) > 1) {
    warnings.push({
      code: "other-machine",
      message: "the results are of different machines",
      advice: "measure both on one machine, in turns",
    });
  }
  if (kinds(scenarioHash) > 1) {
    warnings.push({
      code: "other-scenario",
      message: "the results are of different scenarios, whatever their names",
      advice: "run the same scenario on both sides",
    });
  }
  const repeats = (side: readonly Result[]) => side.reduce((sum, { runs }) => sum + runs.length, 0);
  const fewest = Math.min(repeats(base), repeats(head));
  if (fewest < REPEATS_LEAST) {
    warnings.push({
      code: "few-repeats",
      message:
        `a side has ${fewest} repeats, and nothing can be told from fewer than ${REPEATS_LEAST}`,
      advice: "measure with --repeat 10",
    });
  }
  const times = (side: readonly Result[]) => side.map(({ startedAt }) => Date.parse(startedAt));
  if (Math.abs(Math.min(...times(head)) - Math.max(...times(base))) > APART_MS) {
    warnings.push({
      code: "apart",
      message:
        "the sides were measured at different times, and no interval covers what changed on the machine meanwhile",
      advice: "measure both sides anew, in turns, before a decision",
    });
  }
  if (all.some(({ partial }) => partial)) {
    warnings.push({
      code: "partial",
      message: "a result was stopped before its end",
      advice: "run it to its end",
    });
  }
  return warnings;
}

/** How much a change is worth a look: its verdict first, then how far it lies beyond its margin. */
export function byWeight(a: ComparedRow, b: ComparedRow): number {
  const order: readonly Verdict[] = ["slower", "faster", "cannot tell", "same"];
  const rank = ({ verdict }: ComparedRow) => order.indexOf(verdict);
  const size = ({ change, margin }: ComparedRow) => Math.abs(change) / margin;
  return rank(a) - rank(b) || size(b) - size(a);
}
