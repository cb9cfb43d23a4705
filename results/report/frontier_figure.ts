/**
 * What several reserves together cost and do: a point for each combination that none seen beats in bytes and misses both, the
 * target, the choice, and what it would be if each pool were sized alone.
 *
 * @module
 */
import { bytes, exactCount, percentage } from "../formats/numbers.ts";
import { allowedShare, type Joint, type JointPoint, type Target } from "../recommendation.ts";
import { CHART_WIDTH, type Drawing } from "./drawing.ts";
import { figureHtml } from "./html.ts";
import { logScale } from "./log_scale.ts";
import { byteTicks } from "./pareto_figure.ts";

/** A combination that has a name. */
interface Named extends JointPoint {
  readonly name: string;
  readonly color: string;
}

/** The figure; "" where nothing was seen. */
export function frontierFigure(
  { draw, plot }: Drawing,
  { frontier, recommended, alone, split }: Joint,
  target: Target,
): string {
  const named = (point: JointPoint | null, name: string, color: string): Named[] =>
    point === null ? [] : [{ ...point, name, color }];
  const marked = [
    ...named(alone, "each alone", "var(--quiet)"),
    ...named(split, "target split", "var(--quiet)"),
    ...named(recommended, "recommended", "var(--good)"),
  ];
  if (frontier.length === 0) return "";
  const allowed = allowedShare(target);
  const all = [...frontier, ...marked];
  const scale = logScale([...all.map(({ missRate }) => missRate), allowed], { text: percentage });
  const x = (point: JointPoint) => point.bytes;
  const y = ({ missRate }: JointPoint) => scale.at(missRate);
  const svg = draw({
    width: CHART_WIDTH,
    height: 360,
    marginLeft: 72,
    marginRight: 80,
    x: {
      label: "bytes in all reserves",
      zero: true,
      ticks: byteTicks(Math.max(...all.map(x))),
      tickFormat: (size: number) => bytes(size),
    },
    y: {
      type: "log",
      domain: [...scale.domain],
      ticks: [...scale.ticks],
      tickFormat: scale.label,
      label: "share of tasks that miss",
      grid: true,
    },
    marks: [
      plot.ruleY([allowed], { stroke: "var(--bad)", strokeDasharray: "6 4" }),
      plot.line(frontier, { x, y, stroke: "var(--accent)", curve: "step-after" }),
      plot.dot(frontier, { x, y, fill: "var(--accent)", r: 4, title: titleOf }),
      plot.dot(marked, { x, y, fill: "color", symbol: "diamond", r: 6, title: titleOf }),
      plot.text(marked, {
        x,
        y,
        text: "name",
        fill: "color",
        textAnchor: "start",
        dx: 8,
        dy: -10,
        stroke: "var(--paper)",
        strokeWidth: 3,
      }),
    ],
    color: { type: "identity" },
  });
  const words = marked.map((point) => `${point.name}: ${titleOf(point)}`);
  return figureHtml(
    "share of tasks that miss against bytes: the Pareto front; ◆ chosen, dashed: the target",
    svg,
    `${frontier.length} combinations are on the front, the target is ${percentage(allowed)}; ${
      words.join("; ")
    }`,
  );
}

function titleOf({ bytes: all, missRate, minReserves }: JointPoint): string {
  return `reserves ${minReserves.map(exactCount).join("/")}: ${bytes(all)}, ${
    percentage(missRate)
  } miss`;
}
