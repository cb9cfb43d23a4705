/**
 * Draws charts as SVG texts, without a browser: with the libraries that only a report needs, which are loaded for it.
 *
 * @module
 */
import type { PlotOptions } from "@observablehq/plot";

type Plot = typeof import("@observablehq/plot");

/** What a chart is drawn with. */
export interface Drawing {
  /** The marks to draw with. */
  readonly plot: Plot;
  /** A chart as one SVG element. */
  draw(options: PlotOptions): string;
}

/** Loads what a drawing needs. */
export async function loadDrawing(): Promise<Drawing> {
  const [plot, { parseHTML }] = await Promise.all([
    import("@observablehq/plot"),
    import("linkedom"),
  ]);
  // A document as the browser has one, which types without the DOM do not know.
  const { document } = parseHTML("<!doctype html><html></html>") as unknown as Pick<
    PlotOptions,
    "document"
  >;
  const style = { fontSize: `${FONT_SIZE}px` };
  return {
    plot,
    draw: (options) =>
      rounded(plot.plot({ marginBottom: 44, ...options, style, document }).outerHTML),
  };
}

/** The colour of each level, which the page's style sheet defines for light and dark. */
export const LEVEL_COLORS: readonly string[] = [1, 2, 3, 4, 5].map((level) =>
  `var(--level-${level})`
);

/** Width of a chart, in the units of its view box. */
export const CHART_WIDTH = 720;

/** Height of the letters in a chart, alike: readable where a phone shows the chart at its least width. */
const FONT_SIZE = 12;

/** Places to a tenth of a unit of the view box: whatever is finer is seen by nobody, and makes half of the page. */
function rounded(svg: string): string {
  return svg.replaceAll(
    / (d|cx|cy|x|y|x1|x2|y1|y2|width|height|transform)="([^"]*)"/g,
    (_, name: string, value: string) =>
      ` ${name}="${
        value.replaceAll(/\d+\.\d\d+/g, (place) => `${Math.round(Number(place) * 10) / 10}`)
      }"`,
  );
}
