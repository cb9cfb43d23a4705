/**
 * Results, recommendations and sweeps as one self-contained page: pictures with their numbers in tables beside them. It needs no
 * network and no script to be read; a script of its own only zooms and filters. Light, dark, narrow and printed it has the same
 * content.
 *
 * Results of one scenario on one machine are a history, which comes first. Of a long one only the newest are shown in full.
 *
 * @module
 */
import { historiesOf } from "../changes.ts";
import type { Result } from "../result.ts";
import type { TQuantile } from "../welch.ts";
import { isRecommendation, isResult, type ReportDocument } from "./document.ts";
import type { Drawing } from "./drawing.ts";
import { resultLabel } from "./history_figure.ts";
import { historySection } from "./history_section.ts";
import { escaped } from "./html.ts";
import { resultSection } from "./result_section.ts";
import { recommendationSection, sweepSection } from "./sizing_section.ts";
import style from "./page.css" with { type: "text" };
import script from "./page.js" with { type: "text" };

/** Results of a history that are shown in full, the newest. */
const FULL = 10;

/** What a page is made with. */
export interface PageOptions {
  readonly drawing: Drawing;
  /** The quantile of Student's t distribution. */
  readonly tQuantile: TQuantile;
}

/** A part of the page. */
interface Section {
  readonly id: string;
  readonly name: string;
  readonly html: string;
}

/** The page, as the text of an HTML file. */
export function reportPage(documents: readonly ReportDocument[], options: PageOptions): string {
  const histories = historiesOf(documents.filter(isResult).toSorted(byTime))
    .filter((history) => history.length > 1);
  const older = new Set(histories.flatMap((history) => history.slice(0, -FULL)));
  const sections = [
    ...histories.map((history, index): Section => {
      const id = `history-${index}`;
      const name = `${history.at(-1)!.scenario.name}: from result to result`;
      return { id, name, html: historySection(history, { id, ...options }) };
    }),
    ...documents.filter((document) => !isResult(document) || !older.has(document))
      .map((document, index) => documentSection(document, index, options)),
  ];
  const title = `mempool-bench: ${[...new Set(documents.map(titleOf))].join(", ")}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>
${style}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${contents(sections)}
${
    older.size === 0
      ? ""
      : `<p class="quiet">${older.size} older results are shown in their history alone.</p>`
  }
${sections.map(({ html }) => html).join("\n")}
</main>
<script>
${script}</script>
</body>
</html>
`;
}

function byTime(a: Result, b: Result): number {
  return a.startedAt < b.startedAt ? -1 : 1;
}

function titleOf(document: ReportDocument): string {
  if (isResult(document)) return document.scenario.name;
  return isRecommendation(document) ? "a recommendation" : `a sweep of ${document.scenario}`;
}

function documentSection(
  document: ReportDocument,
  index: number,
  { drawing }: PageOptions,
): Section {
  if (isResult(document)) {
    const id = `result-${index}`;
    const name = `${document.scenario.name}, ${resultLabel(document)}`;
    return { id, name, html: resultSection(document, { id, name, drawing }) };
  }
  if (isRecommendation(document)) {
    const id = `recommendation-${index}`;
    const name = `recommendation for ${document.subject}`;
    return { id, name, html: recommendationSection(document, { id, name, drawing }) };
  }
  const id = `sweep-${index}`;
  const name = `sweep of ${document.scenario}`;
  return { id, name, html: sweepSection(document, { id, name, drawing }) };
}

/** Links to the sections, and where there is a script, a field to filter them. */
function contents(sections: readonly Section[]): string {
  if (sections.length < 2) return "";
  const links = sections.map(({ id, name }) => `<li><a href="#${id}">${escaped(name)}</a></li>`);
  return `<nav aria-label="contents"><ul>${links.join("")}</ul></nav>
<div class="tools"><label for="filter">filter</label><input id="filter" type="search"></div>`;
}
