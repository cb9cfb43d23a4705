/**
 * How a scenario did from result to result: a point for each run, and the medians joined.
 *
 * @module
 */
import { count } from "../formats/numbers.ts";
import type { Result } from "../result.ts";
import { CHART_WIDTH, type Drawing } from "./drawing.ts";
import { figureHtml } from "./html.ts";

/** The figure of several results of one scenario, oldest first. */
export function historyFigure({ draw, plot }: Drawing, results: readonly Result[]): string {
  const labels = results.map(resultLabel);
  const points = results.flatMap(({ runs }, index) =>
    runs.map(({ allocsPerSecond }) => ({ result: labels[index]!, allocsPerSecond }))
  );
  const medians = results.map(({ summary }, index) => ({
    result: labels[index]!,
    allocsPerSecond: summary.allocsPerSecond.median,
  }));
  const svg = draw({
    width: CHART_WIDTH,
    height: 300,
    marginLeft: 64,
    marginBottom: 60,
    x: { type: "point", domain: labels, label: null, tickRotate: -20 },
    y: { label: "allocations per second", grid: true, zero: true, tickFormat: "~s" },
    marks: [
      plot.line(medians, { x: "result", y: "allocsPerSecond", stroke: "var(--accent)" }),
      plot.dot(points, {
        x: "result",
        y: "allocsPerSecond",
        stroke: "var(--accent)",
        title: ({ result, allocsPerSecond }: typeof points[number]) =>
          `${result}: ${count(allocsPerSecond)}/s`,
      }),
    ],
  });
  const words = medians.map(({ result, allocsPerSecond }) =>
    `${result}: ${count(allocsPerSecond)}/s`
  );
  return figureHtml("throughput from result to result", svg, words.join("; "));
}

/** What a result is called beside others of its scenario: when it was made, and of which revision. */
export function resultLabel({ startedAt, environment: { revision }, id }: Result): string {
  const when = startedAt.slice(0, 16).replace("T", " ");
  return `${when} ${revision?.slice(0, 7) ?? id.slice(0, 7)}`;
}
