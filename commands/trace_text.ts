/**
 * The statistics of a trace as people read them: what it is, how many were live, a curve of it over time, holds and
 * sizes, what was counted besides, and what to beware of.
 *
 * @module
 */
import { area } from "../results/formats/area.ts";
import { alignRows, clip, padEnd, padStart, wrapItems } from "../results/formats/columns.ts";
import { bytes, count, duration, exactCount, NO_NUMBER } from "../results/formats/numbers.ts";
import { type Paint, paintFor } from "../results/formats/paint.ts";
import { warningLines } from "../results/formats/warning_lines.ts";
import type { Distribution, TraceStatistics } from "../workloads/traces/statistics.ts";

const COLUMNS_MAX = 100;
const INDENT = 12;
const PLOT_ROWS = 6;
const PLOT_COLUMNS_MAX = 72;

/** Where the text will be read. */
interface Canvas {
  readonly columns: number;
  readonly paint: Paint;
}

/** The lines of a trace's statistics, the last one ended. */
export function traceText(
  file: string,
  statistics: TraceStatistics,
  { color, columns }: { readonly color: boolean; readonly columns: number },
): string {
  const room = columns === 0 ? COLUMNS_MAX : Math.min(columns, COLUMNS_MAX);
  const canvas = { columns: room, paint: paintFor(color) };
  const title = clip(`${file.split(/[/\\]/).at(-1)}  ${statistics.format}`, room);
  const blocks = [
    [canvas.paint.title(title), ...factLines("", summaryItems(statistics), canvas)],
    statistics.peak === null ? [] : levelLines(statistics, canvas),
    plotLines(statistics, canvas),
    distributionLines(statistics, canvas),
    countLines(statistics, canvas),
    ...statistics.warnings.map((warning) => warningLines(warning, canvas)),
  ];
  return blocks.filter(({ length }) => length > 0).map((lines) => `${lines.join("\n")}\n`).join(
    "\n",
  );
}

function summaryItems(statistics: TraceStatistics): string[] {
  const { allocs, timed, duration: length, resolutionNs } = statistics;
  const perSecond = allocs / length * 1e9;
  const shown = perSecond < 100 ? Number(perSecond.toPrecision(3)) : count(perSecond);
  const rate = timed && length > 0 ? [`${shown} a second`] : [];
  const grain = resolutionNs === null ? [] : [`stamps to ${duration(resolutionNs)}`];
  return [`${exactCount(allocs)} allocs`, time(statistics, length), ...rate, ...grain];
}

/** A length of time, or of operations where the trace has no times. */
function time({ timed }: TraceStatistics, value: number | null): string {
  if (value === null) return NO_NUMBER;
  return timed ? duration(value) : `${exactCount(value)} ops`;
}

function levelLines({ peak, concurrency, reserve }: TraceStatistics, canvas: Canvas): string[] {
  const { mean, p50, p99, "p99.9": p999 } = concurrency;
  const live = [
    `peak ${exactCount(peak!)}`,
    ...(mean === null ? [] : [`mean ${Number(mean.toPrecision(3))}`]),
    ...(p50 === null ? [] : [`${exactCount(p50)} or fewer for half of the time`]),
    ...(p99 === null ? [] : [`${exactCount(p99)} for 99%`]),
    ...(p999 === null ? [] : [`${exactCount(p999)} for 99.9%`]),
  ];
  const reserves = [
    `${exactCount(reserve["0.01"]!)} exceeded by 1% of the allocs`,
    `${exactCount(reserve["0.001"]!)} by 0.1%`,
    `${exactCount(reserve["0"]!)} by none`,
  ];
  return [...factLines("live", live, canvas), ...factLines("reserve", reserves, canvas)];
}

/** The most elements live, over time; nothing where nothing lives, or no time passes. */
function plotLines(statistics: TraceStatistics, { columns, paint }: Canvas): string[] {
  const { timeline, duration: length, peak } = statistics;
  if (peak === null || length === 0) return [];
  const width = Math.min(PLOT_COLUMNS_MAX, columns - INDENT);
  const peaks = stretched(timeline.peaks(width), width);
  const curve = area(peaks, PLOT_ROWS).map((line, row) => {
    const label = row === 0 ? exactCount(peak) : row === PLOT_ROWS - 1 ? "0" : "";
    return (paint.quiet(padStart(label, INDENT - 2)) + "  " + line).trimEnd();
  });
  const end = time(statistics, length);
  const axis = padEnd("0", width - end.length) + end;
  return [...curve, paint.quiet(" ".repeat(INDENT) + axis)];
}

/** As many values as columns, each of a short series several times. */
function stretched(values: readonly number[], columns: number): number[] {
  return Array.from(
    { length: columns },
    (_, column) => values[Math.floor(column * values.length / columns)] ?? 0,
  );
}

function distributionLines(statistics: TraceStatistics, { paint }: Canvas): string[] {
  const { hold, sizeBytes } = statistics;
  const row = (label: string, values: Distribution, text: (value: number | null) => string) =>
    values.count === 0 ? [] : [[
      `  ${label}`,
      ...[values.min, values.p50, values.p90, values.p99, values["p99.9"], values.max].map(text),
    ]];
  const rows = [
    ...row("held", hold, (value) => time(statistics, value)),
    ...row("bytes", sizeBytes, (value) => value === null ? NO_NUMBER : bytes(value)),
  ];
  if (rows.length === 0) return [];
  const header = ["", "min", "p50", "p90", "p99", "p99.9", "max"];
  const [names = "", ...lines] = alignRows([header, ...rows], { gap: 2, left: [0] });
  return [paint.quiet(names), ...lines];
}

function countLines(statistics: TraceStatistics, canvas: Canvas): string[] {
  const counts: readonly (readonly [number, string])[] = [
    [statistics.frees, "freed"],
    [statistics.liveAtEnd, "live at the end"],
    [statistics.reallocs, "resized"],
    [statistics.unfinished, "without an end"],
    [statistics.nullFrees, "frees of nothing"],
    [statistics.unknownFrees, "frees of what was not live"],
    [statistics.implicitFrees, "frees that are missing"],
    [statistics.outOfOrder, "rows out of order"],
  ];
  const items = counts.filter(([value]) => value > 0)
    .map(([value, what]) => `${exactCount(value)} ${what}`);
  const windows = Object.entries(statistics.dispersion ?? {}).slice(-2)
    .map(([window, index]) => `${Number(index.toPrecision(3))} in windows of ${window}`);
  return [
    ...(items.length === 0 ? [] : factLines("counted", items, canvas)),
    ...(windows.length === 0 ? [] : factLines("dispersion", [...windows, "Poisson has 1"], canvas)),
  ];
}

function factLines(label: string, items: readonly string[], { columns, paint }: Canvas): string[] {
  const indent = label === "" ? 2 : INDENT + 2;
  const lines = wrapItems(items, { columns, indent, lead: " ".repeat(indent), separator: " · " });
  const lead = paint.quiet(padEnd(`  ${label}`, indent));
  return lines.map((line, index) => index === 0 ? lead + line.slice(indent) : line);
}
