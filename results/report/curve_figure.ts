/**
 * How large a reserve must be: the share that misses the target, by reserve, with its interval, the target and the choice.
 *
 * @module
 */
import { exactCount, percentage } from "../formats/numbers.ts";
import { allowedShare, type CurvePoint, type Recommendation } from "../recommendation.ts";
import { rolesOf } from "../recommendation_formats/roles.ts";
import { CHART_WIDTH, type Drawing } from "./drawing.ts";
import { figureHtml } from "./html.ts";
import { logScale } from "./log_scale.ts";

/** The figure; "" where there is no curve. */
export function curveFigure({ draw, plot }: Drawing, recommendation: Recommendation): string {
  const { curve } = recommendation;
  if (curve.length === 0) return "";
  const target = allowedShare(recommendation.target);
  const shares = curve.flatMap(({ missRate, missLow, missHigh }) => [
    missRate,
    ...[missLow, missHigh].filter((limit) => limit !== null),
  ]);
  const scale = logScale([...shares, target], { text: percentage });
  const banded = curve.filter(({ missLow, missHigh }) => missLow !== null && missHigh !== null);
  const chosen = recommendation.recommended ?? recommendation.exact;
  const choice = curve.filter(({ minReserve }) => minReserve === chosen);
  const x = (point: CurvePoint) => point.minReserve;
  const y = ({ missRate }: CurvePoint) => scale.at(missRate);
  const svg = draw({
    width: CHART_WIDTH,
    height: 360,
    marginLeft: 64,
    marginTop: 36,
    x: { label: "reserve, elements", nice: true },
    y: {
      type: "log",
      domain: [...scale.domain],
      ticks: [...scale.ticks],
      tickFormat: scale.label,
      label: "share that misses",
      grid: true,
    },
    marks: [
      plot.areaY(banded, {
        x,
        y1: ({ missLow }: CurvePoint) => scale.at(missLow),
        y2: ({ missHigh }: CurvePoint) => scale.at(missHigh),
        fill: "var(--accent)",
        fillOpacity: 0.18,
      }),
      plot.ruleY([target], { stroke: "var(--bad)", strokeDasharray: "6 4" }),
      plot.text([target], {
        y: (share: number) => share,
        text: () => `target: ${percentage(target)}`,
        frameAnchor: "right",
        dy: -8,
        fill: "var(--bad)",
      }),
      plot.line(curve, { x, y, stroke: "var(--accent)", strokeWidth: 2 }),
      plot.dot(curve, { x, y, fill: "var(--accent)", r: 2.5, title: pointTitle(recommendation) }),
      plot.ruleX(choice, { x, stroke: "var(--good)" }),
      plot.dot(choice, { x, y, symbol: "diamond", fill: "var(--good)", r: 7 }),
      plot.text(choice, {
        x,
        text: ({ minReserve }: CurvePoint) =>
          `${recommendation.recommended === null ? "exact" : "recommended"} ${minReserve}`,
        frameAnchor: "top",
        dy: -10,
        fill: "var(--good)",
        fontWeight: "bold",
      }),
    ],
  });
  const answer = chosen === null ? "no reserve is recommended" : `chosen: ${exactCount(chosen)}`;
  return figureHtml(
    "share that misses by reserve, with its interval; ◆ chosen, dashed: the target",
    svg,
    `The share that misses falls from ${percentage(curve[0]!.missRate)} at a reserve of ${
      exactCount(curve[0]!.minReserve)
    } to ${percentage(curve.at(-1)!.missRate)} at ${
      exactCount(curve.at(-1)!.minReserve)
    }; the target is ${percentage(target)}; ${answer}.`,
  );
}

function pointTitle(recommendation: Recommendation): (point: CurvePoint) => string {
  return ({ minReserve, missRate, missLow, missHigh }) => {
    const interval = missLow === null || missHigh === null
      ? ""
      : ` (${percentage(missLow)} to ${percentage(missHigh)})`;
    const roles = rolesOf(recommendation, minReserve).map((role) => `, ${role}`).join("");
    return `reserve ${minReserve}: ${percentage(missRate)}${interval}${roles}`;
  };
}
