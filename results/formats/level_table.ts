/**
 * The table that people look at: a pool's five levels with hits, rate, a bar and percentiles.
 *
 * It fits the columns there are: the bar takes what the numbers leave; where they leave nothing, gaps
 * narrow first, then the bar goes, then the percentiles that say least.
 *
 * @module
 */
import { hitsOf } from "../conservation.ts";
import type { LatencySummary, PoolResult } from "../result.ts";
import { bar } from "./bar.ts";
import { alignRows, columnWidths } from "./columns.ts";
import { count, duration, percentage } from "./numbers.ts";
import type { Paint, Style } from "./paint.ts";

const INDENT = 2;
const BAR_COLUMN = 3;
const MOST_BAR_CELLS = 24;
const FEWEST_BAR_CELLS = 4;

/** The percentiles shown, and which to give up first where there is no room. */
const PERCENTILES = ["p50", "p90", "p99", "p99.9", "max"] as const;
const SACRIFICED = ["p90", "p99.9"];

type Percentile = typeof PERCENTILES[number];

/** A row before it is laid out. */
interface Row {
  readonly label: string;
  readonly hits: string;
  readonly rate: string;
  /** The share that the bar shows; null for no bar. */
  readonly share: number | null;
  readonly latencyNs: LatencySummary | null;
  readonly style: Style;
  readonly barStyle: Style;
}

/** How wide the table may be and how it is coloured. */
export interface LevelTableOptions {
  /** Columns of a line, indent included. */
  readonly columns: number;
  /** The colours. */
  readonly paint: Paint;
}

/** The lines of the table of one pool. */
export function levelTable(pool: PoolResult, options: LevelTableOptions): string[] {
  const rows = rowsOf(pool, options.paint);
  const { gap, cells, percentiles } = layout(rows, options.columns);
  const table = rows.map((row) => cellsOf(row, percentiles, cells));
  const left = cells > 0 ? [0, BAR_COLUMN] : [0];
  return alignRows(table, { gap, left }).map((line) => " ".repeat(INDENT) + line);
}

function rowsOf(pool: PoolResult, paint: Paint): Row[] {
  const plain: Style = (text) => text;
  const head = { label: "", hits: "hits", rate: "rate", share: null, latencyNs: null };
  const levels = pool.levels.map((level) => ({
    label: `${level.level} ${level.name}`,
    hits: count(level.hits),
    rate: percentage(level.rate),
    share: level.rate,
    latencyNs: level.latencyNs,
    style: level.hits === 0 ? paint.quiet : plain,
    barStyle: paint.levels[level.level - 1] ?? plain,
  }));
  const rest = { rate: "", share: null, barStyle: plain };
  const hits = count(hitsOf(pool));
  const total = { ...rest, label: "  total", hits, latencyNs: pool.latencyNs, style: paint.title };
  const response = { ...rest, label: "  response", hits: "", latencyNs: pool.responseNs };
  return [
    { ...head, style: paint.quiet, barStyle: plain },
    ...levels,
    total,
    ...(pool.responseNs === null ? [] : [{ ...response, style: plain }]),
  ];
}

/** The gap, the bar's cells (0 for no bar) and the percentiles that fit. */
function layout(rows: readonly Row[], columns: number) {
  const room = (percentiles: readonly Percentile[], gap: number, withBar: boolean) => {
    const widths = columnWidths(rows.map((row) => cellsOf(row, percentiles, 0)));
    const gaps = gap * (widths.length - (withBar ? 0 : 1));
    return columns - INDENT - gaps - widths.reduce((sum, width) => sum + width, 0);
  };
  for (const gap of [2, 1]) {
    const cells = Math.min(MOST_BAR_CELLS, room(PERCENTILES, gap, true));
    if (cells >= (gap === 2 ? 2 : 1) * FEWEST_BAR_CELLS) {
      return { gap, cells, percentiles: PERCENTILES };
    }
  }
  let percentiles: readonly Percentile[] = PERCENTILES;
  for (const given of SACRIFICED) {
    if (room(percentiles, 1, false) >= 0) break;
    percentiles = percentiles.filter((percentile) => percentile !== given);
  }
  return { gap: 1, cells: 0, percentiles };
}

function cellsOf(row: Row, percentiles: readonly Percentile[], barCells: number): string[] {
  const isHead = row.label === "";
  const latencies = percentiles.map((percentile) =>
    isHead ? percentile : row.latencyNs === null ? "" : duration(row.latencyNs[percentile])
  );
  const styled = (text: string) => text === "" ? "" : row.style(text);
  const drawn = row.share === null ? "" : bar(row.share, barCells);
  return [
    ...[row.label, row.hits, row.rate].map(styled),
    ...(barCells > 0 ? [drawn === "" ? "" : row.barStyle(drawn)] : []),
    ...latencies.map(styled),
  ];
}
