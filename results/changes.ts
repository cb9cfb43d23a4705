/**
 * What changed over a history of results, schema `mempool-bench/changes@1`: which measure, from which revision on, by how much.
 *
 * A point of the history is a result: its repeats ran one after the other, so what they have in common (a machine that was slow
 * that day) must not be taken for a change, and their mean is one value. Only results of one scenario on one machine are one
 * history. Changes are found by {@linkcode changePoints} on the scale that differences are taken on, each of `rows` at
 * (1 - confidence) / rows, so that a history without any change is called changed with the probability 1 - confidence at most;
 * what is found must also matter, by the margins of a comparison.
 *
 * @module
 */
import { MARGINS, type Margins } from "./comparison.ts";
import { type Change, shapeOf } from "./drift.ts";
import { changePoints, valuesNeeded } from "./e_divisive.ts";
import { machineOf, scenarioHash } from "./identity.ts";
import { type Measure, type MeasureRow, measureRows, type PoolPart } from "./measures.ts";
import type { Result, Warning } from "./result.ts";
import { canDiffer, type Scale, scaleOf } from "./scale.ts";
import type { TQuantile } from "./welch.ts";

/** The schema's name as it stands in every history of changes. */
export const CHANGES_SCHEMA = "mempool-bench/changes@1";

/** One result of a history. */
export interface HistoryPoint {
  /** Of the result. */
  readonly id: string;
  /** The commit measured, where there is one. */
  readonly revision: string | null;
  /** UTC, ISO 8601. */
  readonly startedAt: string;
  /** How many runs it has. */
  readonly repeats: number;
}

/** One change of one row: indices are those of the points, levels in the unit of the row. */
export interface RowChange extends Change {
  /** after / before - 1; of rates after - before. */
  readonly change: number;
  /** Whether it is for the better. */
  readonly verdict: "faster" | "slower";
}

/** One row over the history. */
export interface FollowedRow {
  /** The pool; null for the whole run. */
  readonly pool: string | null;
  /** The part of the pool; null for the whole run. */
  readonly part: PoolPart | null;
  /** The measure's name. */
  readonly measure: string;
  /** Its unit. */
  readonly unit: Measure["unit"];
  /** What doesn't matter. */
  readonly margin: number;
  /** One for each point: the mean over its repeats (of logarithms, but for rates). */
  readonly values: readonly number[];
  /** Oldest first. */
  readonly changes: readonly RowChange[];
  /** A step in the middle of the history that would have been found in 8 of 10 such; null where nothing can be told. */
  readonly detectable: number | null;
}

/** The history of one scenario on one machine. */
export interface HistoryChanges {
  /** Says what follows. */
  readonly schema: typeof CHANGES_SCHEMA;
  /** The scenario's name, by the newest result. */
  readonly scenario: string;
  /** See {@linkcode scenarioHash}. */
  readonly scenarioHash: string;
  /** See {@linkcode machineOf}. */
  readonly machine: string;
  /** Oldest first. */
  readonly points: readonly HistoryPoint[];
  /** With which probability no row has a change where nothing changed. */
  readonly confidence: number;
  /** Points from which so many rows can be told. */
  readonly needed: number;
  /** All that are followed, changed or not. */
  readonly rows: readonly FollowedRow[];
  /** Of all rows together. */
  readonly verdict: "changed" | "no change" | "cannot tell";
  /** What to know before believing it. */
  readonly warnings: readonly Warning[];
}

/** How to look for changes. */
export interface ChangesOptions {
  /** Instead of {@linkcode MARGINS}. A measure without one is not followed. */
  readonly margins?: Margins;
  /** Names of the measures to follow; all if not given. */
  readonly measures?: readonly string[] | undefined;
  /** 0.95 if not given. */
  readonly confidence?: number;
  /** The quantile of Student's t distribution. */
  readonly tQuantile: TQuantile;
}

const CONFIDENCE = 0.95;

/** As in {@linkcode FollowedRow.detectable}. */
const POWER = 0.8;

/** How much larger a step must be that is searched for than one whose place is known; from simulations of 8 to 100 points. */
const SEARCH = 1.55;

/** Results by what can be followed: one scenario on one machine, without what is partial or has no run. In the order given. */
export function historiesOf(results: readonly Result[]): Result[][] {
  const whole = results.filter(({ partial, runs }) => !partial && runs.length > 0);
  const histories = Map.groupBy(
    whole,
    (result) => JSON.stringify([scenarioHash(result), machineOf(result.environment)]),
  );
  return [...histories.values()];
}

/**
 * The changes of one history.
 *
 * @param results of one scenario on one machine, oldest first; at least one.
 */
export function changesOf(results: readonly Result[], options: ChangesOptions): HistoryChanges {
  const { confidence = CONFIDENCE, tQuantile } = options;
  const newest = results.at(-1);
  if (newest === undefined) throw new RangeError("Cannot look for changes as there is no result");
  const { all, left } = seriesOf(results, options);
  const alpha = (1 - confidence) / Math.max(1, all.length);
  const needed = valuesNeeded(alpha);
  const rows = all.map((series) => followedRow(series, { alpha, needed, tQuantile }));
  const canTell = results.length >= needed && rows.length > 0;
  const isChanged = rows.some(({ changes }) => changes.length > 0);
  return {
    schema: CHANGES_SCHEMA,
    scenario: newest.scenario.name,
    scenarioHash: scenarioHash(newest),
    machine: machineOf(newest.environment),
    points: results.map(({ id, environment: { revision }, startedAt, runs }) => ({
      id,
      revision,
      startedAt,
      repeats: runs.length,
    })),
    confidence,
    needed,
    rows,
    verdict: canTell ? (isChanged ? "changed" : "no change") : "cannot tell",
    warnings: [
      ...(results.length >= needed
        ? []
        : [tooFew(results.length, { needed, alone: valuesNeeded(1 - confidence) })]),
      ...(rows.length > 0 ? [] : [NOTHING_FOLLOWED]),
      ...(left === 0 ? [] : [leftOut(left)]),
      ...otherDeno(results),
    ],
  };
}

function tooFew(
  points: number,
  { needed, alone }: { readonly needed: number; readonly alone: number },
): Warning {
  const more = alone < needed && points >= alone;
  return {
    code: "few-results",
    message: `cannot tell: ${points} ${points === 1 ? "result" : "results"}, ${needed} needed`,
    advice: more
      ? `save more of them, or follow fewer measures: ${alone} are enough for --metric throughput`
      : "save more of them, with bench --save",
  };
}

const NOTHING_FOLLOWED: Warning = {
  code: "no-rows",
  message:
    "cannot tell: there is no measure that every result has and that is not 0 in any of them",
  advice: "see history list, and look for results of which nothing can be said: history rm",
};

function leftOut(rows: number): Warning {
  return {
    code: "incomplete-rows",
    message: rows === 1
      ? "1 row is not followed, since not every result has it"
      : `${rows} rows are not followed, since not every result has them`,
    advice: "measure longer, so that each percentile has samples enough",
  };
}

/** Each new version of Deno, which may be what changed, and not the revision that is named. */
function otherDeno(results: readonly Result[]): Warning[] {
  const changed = results.flatMap(({ id, environment: { deno, revision } }, index) => {
    const before = results[index - 1]?.environment.deno ?? deno;
    return deno === before ? [] : [`${before} to ${deno} at ${(revision ?? id).slice(0, 10)}`];
  });
  if (changed.length === 0) return [];
  const [first] = changed;
  const more = changed.length === 1 ? "" : ` (and ${changed.length - 1} more)`;
  return [{
    code: "other-deno",
    message: `Deno changed, from ${first}${more}: a change there may be of that`,
    advice: "measure the revisions before and after it on one version",
  }];
}

/** A row over the whole history, one value for each result, on the scale of its measure. */
interface Series extends Omit<MeasureRow, "values"> {
  readonly margin: number;
  readonly scale: Scale;
  readonly scaled: readonly number[];
}

/** The series that every result has a value of, and how many are left out since some lack one. */
function seriesOf(
  results: readonly Result[],
  { margins = MARGINS, measures }: ChangesOptions,
): { readonly all: Series[]; readonly left: number } {
  const wanted = ({ measure: { name } }: MeasureRow) =>
    margins[name] !== undefined && (measures?.includes(name) ?? true);
  const rows = results.flatMap((result) => measureRows(result).filter(wanted));
  const groups = [
    ...Map.groupBy(
      rows,
      ({ pool, part, measure }) => JSON.stringify([pool, part, measure.name]),
    ).values(),
  ];
  const whole = groups.filter((group) => group.length === results.length);
  const all = whole.filter(([row, ...others]) =>
    canDiffer(row!.measure, [row!, ...others].flatMap(({ values }) => values))
  );
  return {
    all: all.map((group) => {
      const { pool, part, measure } = group[0]!;
      const scale = scaleOf(measure);
      const scaled = group.map(({ values }) => meanOf(values.map(scale.into)));
      return { pool, part, measure, margin: margins[measure.name]!, scale, scaled };
    }),
    left: groups.length - whole.length,
  };
}

interface RowOptions {
  readonly alpha: number;
  readonly needed: number;
  readonly tQuantile: TQuantile;
}

function followedRow(series: Series, options: RowOptions): FollowedRow {
  const { pool, part, measure, margin, scale, scaled } = series;
  const canTell = scaled.length >= options.needed;
  const shapes = canTell ? shapeOf(scaled, changePoints(scaled, options.alpha)) : [];
  const changes = shapes.map((shape): RowChange => {
    const change = scale.change(shape.after - shape.before);
    return {
      ...shape,
      before: scale.outOf(shape.before),
      after: scale.outOf(shape.after),
      change,
      verdict: (change > 0) === (measure.better === "higher") ? "faster" : "slower",
    };
  });
  const step = canTell ? detectableStep(scaled, options) : 0;
  return {
    pool,
    part,
    measure: measure.name,
    unit: measure.unit,
    margin,
    values: scaled.map(scale.outOf),
    changes: changes.filter(({ change }) => Math.abs(change) > margin),
    detectable: canTell ? Math.max(margin, scale.change(step)) : null,
  };
}

/** The step that a history with this noise shows in 8 of 10 cases, were it in the middle. */
function detectableStep(scaled: readonly number[], { alpha, tQuantile }: RowOptions): number {
  const n = scaled.length;
  const quantiles = tQuantile(1 - alpha / 2, n - 2) + tQuantile(POWER, n - 2);
  return SEARCH * quantiles * noiseOf(scaled) * 2 / Math.sqrt(n);
}

/** The deviation of the noise, from differences of neighbours, so that a change of the level is none (von Neumann 1941). */
function noiseOf(values: readonly number[]): number {
  const squares = values.slice(1).map((value, i) => (value - values[i]!) ** 2);
  return Math.sqrt(meanOf(squares) / 2);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
