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
  return { plot, draw: (options) => plot.plot({ ...options, document }).outerHTML };
}

/** The colour of each level, which the page's style sheet defines for light and dark. */
export const LEVEL_COLORS: readonly string[] = [1, 2, 3, 4, 5].map((level) =>
  `var(--level-${level})`
);

/** Width of a chart, in the units of its view box. */
export const CHART_WIDTH = 720;
