/**
 * How much the repeats differ: of one pool's hit rates and percentiles the median over the runs, and
 * where there are runs enough the ends of its interval.
 *
 * @module
 */
import type { Estimate, Summary } from "../result.ts";
import { alignRows, columnWidths } from "./columns.ts";
import { duration, NO_NUMBER, percentage } from "./numbers.ts";
import type { Paint } from "./paint.ts";

const INDENT = "  ";

/** One column: its head, its estimate and how its values are printed. */
interface Column {
  readonly head: string;
  readonly estimate: Estimate | null;
  readonly print: (value: number) => string;
}

/** How wide the table may be and how it is coloured. */
export interface IntervalTableOptions {
  /** Columns of a line, indent included. */
  readonly columns: number;
  /** The colours. */
  readonly paint: Paint;
}

/**
 * The lines of the table of one pool, lying where there is room and else upright; none where there is
 * one run only.
 */
export function intervalTable(
  summary: Summary,
  pool: string,
  { columns: room, paint }: IntervalTableOptions,
): string[] {
  const found = Object.hasOwn(summary.pools, pool) ? summary.pools[pool] : undefined;
  if (found === undefined || summary.repeats < 2) return [];
  const columns = columnsOf(found);
  const hasInterval = columns.some(({ estimate }) => estimate !== null && estimate.low !== null);
  const row = (label: string, value: (estimate: Estimate) => number | null) => [
    label,
    ...columns.map(({ estimate, print }) => {
      const number = estimate === null ? null : value(estimate);
      return number === null ? NO_NUMBER : print(number);
    }),
  ];
  const rows = [
    [`${summary.repeats} runs`, ...columns.map(({ head }) => head)],
    row("median", (estimate) => estimate.median),
    ...(hasInterval ? [row("low", (estimate) => estimate.low)] : []),
    ...(hasInterval ? [row("high", (estimate) => estimate.high)] : []),
  ];
  const isLying = INDENT.length + lengthOf(rows) <= room;
  const [head = "", ...body] = alignRows(isLying ? rows : transposed(rows), { gap: 1, left: [0] });
  return [paint.quiet(INDENT + head), ...body.map((line) => INDENT + line)];
}

function lengthOf(rows: readonly (readonly string[])[]): number {
  return columnWidths(rows).reduce((sum, width) => sum + width + 1, -1);
}

function transposed(rows: readonly (readonly string[])[]): string[][] {
  return rows[0]!.map((_, column) => rows.map((row) => row[column]!));
}

function columnsOf(pool: Summary["pools"][string]): Column[] {
  return [
    ...pool.rates.map((estimate, index) => ({
      head: `rate ${index + 1}`,
      estimate,
      print: percentage,
    })),
    ...(["p50", "p99", "p99.9", "max"] as const).map((key) => ({
      head: key,
      estimate: pool[key],
      print: duration,
    })),
  ];
}
