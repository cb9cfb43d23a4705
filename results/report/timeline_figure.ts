/**
 * A pool over the time of a run: how many of its elements were live, and under that what its reserve held.
 *
 * @module
 */
import { duration, exactCount } from "../formats/numbers.ts";
import type { PoolTimeline, Run } from "../result.ts";
import { CHART_WIDTH, type Drawing } from "./drawing.ts";
import { figureHtml, tableHtml } from "./html.ts";

/** Rows of the table; the picture has all moments. */
const ROWS = 12;

/** Moments that say what they are where one points at them, at most. */
const DOTS = 50;

/** Fewer moments make no picture. */
const MOMENTS_LEAST = 3;

/** A series with its name, and whether it is drawn faintly, as what another one is held against. */
interface Series {
  readonly name: string;
  readonly values: readonly number[];
  readonly isBound: boolean;
}

/** Figures and table of one pool in the first run that has a timeline; "" where there is none. */
export function timelineHtml(drawing: Drawing, pool: string, runs: readonly Run[]): string {
  const run = runs.find(({ timeline }) => timeline !== undefined);
  const timeline = run?.timeline;
  const series = timeline?.pools[pool];
  if (run === undefined || timeline === undefined || series === undefined) return "";
  const { atNs } = timeline;
  if (atNs.length < MOMENTS_LEAST) return "";
  const which = runs.length > 1 ? `, run ${run.repeat + 1} of ${runs.length}` : "";
  const least = runs[0]!.pools[pool]!.reserve.min;
  const { live, reserve, minReserve = atNs.map(() => least) } = series;
  const lines = (name: string, all: readonly Series[]) =>
    chart(drawing, { atNs, all, label: name, caption: `${pool}: ${name} over time${which}` });
  return [
    lines("live elements", [{ name: "live", values: live, isBound: false }]),
    lines("elements in reserve", [
      { name: "min reserve", values: minReserve, isBound: true },
      { name: "reserve", values: reserve, isBound: false },
    ]),
    momentTable(pool, atNs, { live, reserve, minReserve }),
  ].join("\n");
}

function chart(
  { draw, plot }: Drawing,
  { atNs, all, label, caption }: {
    readonly atNs: readonly number[];
    readonly all: readonly Series[];
    readonly label: string;
    readonly caption: string;
  },
): string {
  const points = ({ name, values }: Series) =>
    atNs.map((at, index) => ({ name, seconds: at / 1e9, elements: values[index]! }));
  const svg = draw({
    width: CHART_WIDTH,
    height: 200,
    marginLeft: 64,
    x: { label: "seconds from the start", nice: true },
    y: { label, grid: true, zero: true, nice: true, tickFormat: "~s", ticks: 5 },
    marks: all.flatMap((series) => {
      const stroke = series.isBound ? "var(--quiet)" : "var(--accent)";
      const line = plot.line(points(series), {
        x: "seconds",
        y: "elements",
        stroke,
        curve: "step-after",
        ...(series.isBound ? { strokeDasharray: "4 4" } : {}),
      });
      if (series.isBound) return [line];
      const every = Math.ceil(atNs.length / DOTS);
      const dots = points(series).filter((_, index) => index % every === 0);
      const title = ({ seconds, elements }: ReturnType<typeof points>[number]) =>
        `${duration(seconds * 1e9)}: ${exactCount(elements)} ${series.name}`;
      return [line, plot.dot(dots, { x: "seconds", y: "elements", fill: stroke, r: 2, title })];
    }),
  });
  const words = all.map(({ name, values }) => {
    const [low, high] = [Math.min(...values), Math.max(...values)].map(exactCount);
    return low === high ? `${name} ${low} throughout` : `${name} from ${low} to ${high}`;
  });
  const end = duration(atNs.at(-1)!);
  return figureHtml(caption, svg, `${caption}, ${end}: ${words.join("; ")}`);
}

/** Some of the moments, evenly chosen, the first and the last among them. */
function momentTable(
  pool: string,
  atNs: readonly number[],
  { live, reserve, minReserve }: Required<PoolTimeline>,
): string {
  const last = atNs.length - 1;
  const rows = Math.min(ROWS, atNs.length);
  const chosen = Array.from(
    { length: rows },
    (_, row) => Math.round(row * last / Math.max(1, rows - 1)),
  );
  const cells = chosen.map((index) => [
    duration(atNs[index]!),
    ...[live, reserve, minReserve].map((series) => exactCount(series[index]!)),
  ]);
  const caption = `${pool} over time: ${rows} of ${atNs.length} moments`;
  return tableHtml(caption, ["after", "live", "in reserve", "min reserve"], cells);
}
