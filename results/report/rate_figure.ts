/**
 * Who served: a bar for each pool, cut into the shares of the five levels.
 *
 * @module
 */
import { percentage } from "../formats/numbers.ts";
import { LEVEL_NAMES, type PoolResult } from "../result.ts";
import { CHART_WIDTH, type Drawing, LEVEL_COLORS } from "./drawing.ts";
import { figureHtml } from "./html.ts";

/** The figure of all pools of a result. */
export function rateFigure(
  { draw, plot }: Drawing,
  pools: readonly (readonly [name: string, pool: PoolResult])[],
): string {
  const shares = pools.flatMap(([pool, { levels }]) =>
    levels.map(({ name: level, rate }) => ({ pool, level, rate }))
  );
  const svg = draw({
    width: CHART_WIDTH,
    height: 60 + 30 * pools.length,
    marginLeft: 120,
    x: { label: "share of allocations", tickFormat: "%", domain: [0, 1] },
    y: { label: null, domain: pools.map(([name]) => name) },
    color: { domain: LEVEL_NAMES, range: LEVEL_COLORS },
    marks: [
      plot.barX(shares, {
        x: "rate",
        y: "pool",
        fill: "level",
        title: ({ pool, level, rate }: typeof shares[number]) =>
          `${pool} ${level}: ${percentage(rate)}`,
      }),
    ],
  });
  const words = pools.map(([name, { levels }]) =>
    `${name}: ${levels.map((level) => `${level.name} ${percentage(level.rate)}`).join(", ")}`
  );
  return figureHtml("share of allocations served by each level", svg, words.join("; "));
}
