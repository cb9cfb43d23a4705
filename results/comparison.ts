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
 * | cannot tell | all else, and fewer than 3 repeats on either side |
 *
 * @module
 */
import { type Measure, type MeasureRow, measureRows, type PoolPart } from "./measures.ts";
import type { Result, Warning } from "./result.ts";
import { canDiffer, scaleOf } from "./scale.ts";
import { momentsOf, type TQuantile, welchInterval } from "./welch.ts";
import { comparisonWarnings, isComparable, leftOut } from "./comparison_warnings.ts";
import { machineOf } from "./identity.ts";
import type { Control, Session } from "./session.ts";

/** The schema's name as it stands in every comparison. */
export const COMPARISON_SCHEMA = "mempool-bench/comparison@1";

/** What a row comes to. */
export type Verdict = "same" | "faster" | "slower" | "cannot tell";

/** The largest differences that don't matter, by the name of the measure: shares of the base, and of rates the rates. */
export type Margins = Readonly<Record<string, number>>;

/** Margins where none are given. */
export const MARGINS: Margins = {
  throughput: 0.03,
  cpu: 0.03,
  "cpu-alone": 0.03,
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
  /** The quantile of Student's t distribution. */
  readonly tQuantile: TQuantile;
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
  /** Where both sides ran in turns: each side against itself, which should be nothing. */
  readonly control?: Control;
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
  /** Where both sides ran in turns: how, and what it can and cannot have shown. */
  readonly session?: Session;
}

const CONFIDENCE = 0.95;

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
  const isAsked = ({ measure }: Pick<MeasureRow, "measure">) => margins[measure.name] !== undefined;
  const [from, to] = [rowsOf(base), rowsOf(head)];
  const pairs = pairsOf(from, to).filter(isAsked);
  const alpha = (1 - confidence) / Math.max(1, pairs.length);
  const rows = pairs.map((pair) =>
    comparedRow(pair, { margin: margins[pair.measure.name]!, alpha, tQuantile })
  );
  const left = oneSided(from, to).filter(isAsked);
  const warnings = [...comparisonWarnings(base, head), ...leftOut(left.map(rowName))];
  return {
    schema: COMPARISON_SCHEMA,
    scenario: head[0]!.scenario.name,
    ...sides,
    confidence,
    rows,
    verdict: worstOf(rows),
    comparable: isComparable(warnings),
    warnings,
  };
}

/** A side of a comparison, by its results. */
export function sideOf(results: readonly Result[]): Side {
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
export function rowsOf(results: readonly Result[]): Map<string, MeasureRow> {
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

/** A row of both sides. */
export interface Pair extends Omit<MeasureRow, "values"> {
  readonly base: readonly number[];
  readonly head: readonly number[];
}

/** The rows that both sides have, and of which something can be told. */
export function pairsOf(
  base: ReadonlyMap<string, MeasureRow>,
  head: ReadonlyMap<string, MeasureRow>,
): Pair[] {
  return [...base].flatMap(([key, { values, ...row }]) => {
    const other = head.get(key);
    if (other === undefined) return [];
    const all = [...values, ...other.values];
    if (!canDiffer(row.measure, all)) return [];
    return [{ ...row, base: values, head: other.values }];
  });
}

/** The rows that one side alone has, or has at more than 0: what cannot be compared may be what changed most. */
function oneSided(
  base: ReadonlyMap<string, MeasureRow>,
  head: ReadonlyMap<string, MeasureRow>,
): MeasureRow[] {
  const isTold = (row: MeasureRow | undefined) => row !== undefined && isPositive(row);
  return [...new Map([...base, ...head])].flatMap(([key, row]) =>
    isTold(base.get(key)) === isTold(head.get(key)) ? [] : [row]
  );
}

function isPositive({ measure, values }: MeasureRow): boolean {
  return measure.unit === "share" || canDiffer(measure, values);
}

function rowName({ pool, part, measure }: MeasureRow): string {
  return [pool, part, measure.name].filter((each) => each !== null).join(" ");
}

interface RowOptions extends Pick<ComparisonOptions, "tQuantile"> {
  readonly margin: number;
  readonly alpha: number;
}

function comparedRow({ pool, part, measure, base, head }: Pair, options: RowOptions): ComparedRow {
  const { margin } = options;
  const scale = scaleOf(measure);
  const [from, to] = [momentsOf(base.map(scale.into)), momentsOf(head.map(scale.into))];
  const interval = welchInterval(from, to, options);
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

/** What an interval comes to, with what does not matter. */
export function verdictOf(
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

/** The worst of the verdicts: slower, else cannot tell, else faster, else the same. */
export function worstOf(rows: readonly ComparedRow[]): Verdict {
  const order: readonly Verdict[] = ["slower", "cannot tell", "faster", "same"];
  return order.find((verdict) => rows.some((row) => row.verdict === verdict)) ?? "cannot tell";
}

/** How much a change is worth a look: its verdict first, then how far it lies beyond its margin. */
export function byWeight(a: ComparedRow, b: ComparedRow): number {
  const order: readonly Verdict[] = ["slower", "faster", "cannot tell", "same"];
  const rank = ({ verdict }: ComparedRow) => order.indexOf(verdict);
  const size = ({ change, margin }: ComparedRow) => Math.abs(change) / margin;
  return rank(a) - rank(b) || size(b) - size(a);
}
