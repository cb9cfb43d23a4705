/**
 * What memory buys: a point for each combination of a sweep, bytes against the tail, and the front of those that nothing else
 * beats in both.
 *
 * @module
 */
import { bytes, duration, percentage } from "../formats/numbers.ts";
import type { Sweep, SweepRow } from "../sweep.ts";
import { CHART_WIDTH, type Drawing } from "./drawing.ts";
import { figureHtml } from "./html.ts";
import { type LogScale, logScale } from "./log_scale.ts";

/** What the front is of besides bytes. */
interface Cost {
  readonly label: string;
  /** Null where it never ends, or too few were seen. */
  readonly of: (row: SweepRow) => number | null;
  readonly text: (row: SweepRow) => string;
  readonly scale: LogScale;
}

/** The tail; where none of the rows has one to tell, the share that misses. */
function costOf({ rows, simulated }: Sweep): Cost {
  const never = simulated ? "never" : "too few seen";
  const tail = ({ tailNs }: SweepRow) => tailNs["p99.9"];
  if (!rows.some((row) => (tail(row) ?? 0) > 0)) {
    const of = ({ missRate }: SweepRow) => missRate;
    const scale = logScale(rows.map(of), { text: percentage });
    return { label: "share that misses", of, text: (row) => percentage(of(row)), scale };
  }
  const text = (row: SweepRow) => {
    const ns = tail(row);
    return `p99.9 ${ns === null ? never : duration(ns)}`;
  };
  const scale = logScale(rows.map(tail), { text: duration, never });
  return { label: simulated ? "wait p99.9" : "latency p99.9", of: tail, text, scale };
}

/** The figure; "" where nothing was swept. */
export function paretoFigure({ draw, plot }: Drawing, sweep: Sweep): string {
  const { rows } = sweep;
  if (rows.length === 0) return "";
  const { label, of, text, scale } = costOf(sweep);
  const front = rows.filter(({ pareto }) => pareto).toSorted((a, b) => a.bytes - b.bytes);
  const x = ({ bytes }: SweepRow) => bytes;
  const y = (row: SweepRow) => scale.at(of(row));
  const title = (row: SweepRow) => `${settingsText(row)}: ${bytes(row.bytes)}, ${text(row)}`;
  const svg = draw({
    width: CHART_WIDTH,
    height: 360,
    marginLeft: 72,
    marginRight: 80,
    x: {
      label: "bytes in reserve",
      zero: true,
      ticks: byteTicks(Math.max(...rows.map(x))),
      tickFormat: (size: number) => bytes(size),
    },
    y: {
      type: "log",
      domain: [...scale.domain],
      ticks: [...scale.ticks],
      tickFormat: scale.label,
      label,
      grid: true,
      nice: false,
    },
    marks: [
      plot.line(front, { x, y, stroke: "var(--accent)", curve: "step-after" }),
      plot.dot(rows.filter(({ pareto }) => !pareto), {
        x,
        y,
        stroke: "var(--quiet)",
        r: 4,
        title,
      }),
      plot.dot(front, { x, y, fill: "var(--accent)", r: 5, title }),
      plot.text(labelled(front), {
        x,
        y,
        text: ({ settings }: SweepRow) => Object.values(settings).join(" "),
        dx: 8,
        dy: -10,
        textAnchor: "start",
        fill: "var(--ink)",
        stroke: "var(--paper)",
        strokeWidth: 3,
      }),
    ],
  });
  return figureHtml(
    `${label} against bytes; filled: the Pareto front, which nothing else beats in both`,
    svg,
    `${front.length} of ${rows.length} combinations are on the front: ${
      front.map(title).join("; ")
    }`,
  );
}

/** Of points at one place, the first. */
function labelled(front: readonly SweepRow[]): SweepRow[] {
  const places = Map.groupBy(front, ({ bytes, tailNs }) => `${bytes} ${tailNs["p99.9"]}`);
  return Array.from(places.values(), ([first]) => first!);
}

/** Round numbers of bytes, a power of two apart, not more than six of them beyond 0. */
export function byteTicks(most: number): number[] {
  const step = 2 ** Math.ceil(Math.log2(Math.max(1, most / 6)));
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, index) => index * step);
}

function settingsText({ settings }: SweepRow): string {
  return Object.entries(settings).map(([key, value]) => `${key.split(".").at(-1)} ${value}`)
    .join(", ");
}
