/**
 * Latency percentiles of a pool, a line for each level: both axes are logarithmic, so that each nine takes the same room, and a
 * tail that is a thousand times the median still fits.
 *
 * @module
 */
import { mergeBins } from "../histogram_text.ts";
import { duration } from "../formats/numbers.ts";
import { LEVEL_NAMES, type PoolHistograms, type PoolResult, type Run } from "../result.ts";
import { SAMPLES_BEYOND } from "../latency.ts";
import { CHART_WIDTH, type Drawing, LEVEL_COLORS } from "./drawing.ts";
import { figureHtml } from "./html.ts";

/** A point of a line: so many nanoseconds are exceeded by one sample in `oneIn`. */
interface Point {
  readonly oneIn: number;
  readonly latencyNs: number;
  readonly level: string;
}

/** Percentiles that have a label. */
const TICKS = [2, 10, 100, 1000, 1e4, 1e5, 1e6];

const TICK_LABELS = ["p50", "p90", "p99", "p99.9", "p99.99", "p99.999", "p99.9999"];

/** The figure of one pool; "" where nothing was timed. */
export function latencyFigure(
  { draw, plot }: Drawing,
  name: string,
  pool: PoolResult,
  runs: readonly Run[],
): string {
  const points = runs.some(({ histograms }) => histograms?.[name] !== undefined)
    ? pointsOfHistograms(runs.flatMap(({ histograms }) => histograms?.[name] ?? []))
    : pointsOfSummaries(pool);
  if (points.length === 0) return "";
  const svg = draw({
    width: CHART_WIDTH,
    height: 340,
    marginLeft: 64,
    x: {
      type: "log",
      label: "percentile",
      ticks: TICKS,
      tickFormat: (oneIn: number) => TICK_LABELS[TICKS.indexOf(oneIn)] ?? "",
      grid: true,
    },
    y: {
      type: "log",
      label: "latency",
      grid: true,
      ticks: 6,
      tickFormat: (ns: number) => tick(ns),
    },
    color: { domain: LEVEL_NAMES, range: LEVEL_COLORS },
    marks: [
      plot.line(points, { x: "oneIn", y: "latencyNs", stroke: "level", strokeWidth: 2 }),
      plot.dot(points.filter(({ oneIn }) => TICKS.includes(oneIn)), {
        x: "oneIn",
        y: "latencyNs",
        fill: "level",
        r: 3,
        title: ({ level, oneIn, latencyNs }: Point) =>
          `${level} ${TICK_LABELS[TICKS.indexOf(oneIn)]}: ${duration(latencyNs)}`,
      }),
    ],
  });
  const levels = new Set(points.map(({ level }) => level));
  const description = `Latency percentiles of ${name} on logarithmic axes, for ${
    [...levels].join(", ")
  }; the table below has the numbers.`;
  return figureHtml(`${name}: latency by percentile and level`, svg, description);
}

/** Powers of ten have a label. */
function tick(ns: number): string {
  return Number.isInteger(Math.log10(ns)) ? duration(ns) : "";
}

function pointsOfHistograms(histograms: readonly PoolHistograms[]): Point[] {
  return LEVEL_NAMES.flatMap((level, index) => {
    const bins = mergeBins(histograms.flatMap(({ levels }) => levels[index]!));
    const total = bins.reduce((sum, [, samples]) => sum + samples, 0);
    return ranksOf(total).map(({ oneIn, rank }) => {
      let left = rank;
      const [latencyNs] = bins.find(([, samples]) => (left -= samples) <= 0)!;
      return { oneIn, latencyNs: Math.max(1, latencyNs), level };
    });
  });
}

/** Sixteen steps to each nine, as far as enough samples lie beyond, labelled percentiles among them. */
function ranksOf(total: number): { oneIn: number; rank: number }[] {
  const steps = Array.from({ length: 97 }, (_, step) => 10 ** (step / 16));
  const all = [...new Set([...steps, ...TICKS])].toSorted((a, b) => a - b);
  return all.map((oneIn) => ({ oneIn, rank: Math.max(1, Math.ceil(total * (1 - 1 / oneIn))) }))
    .filter(({ rank }) => total - rank >= SAMPLES_BEYOND);
}

function pointsOfSummaries({ levels }: PoolResult): Point[] {
  const keys = ["p50", "p90", "p99", "p99.9", "p99.99"] as const;
  return levels.flatMap(({ name: level, latencyNs: summary }) =>
    keys.flatMap((key, index) => {
      const latencyNs = summary[key];
      return latencyNs === null ? [] : [{ oneIn: TICKS[index]!, latencyNs, level }];
    })
  );
}
