/**
 * How large a reserve must be: a recommendation with its curve, or a sweep with its front.
 *
 * @module
 */
import type { Joint, Recommendation } from "../recommendation.ts";
import { factsOf, headline, POINT_HEADS, pointCells } from "../recommendation_formats/facts.ts";
import {
  FRONTIER_HEADS,
  frontierRows,
  JOINT_HEADS,
  jointHeadline,
  jointNote,
  jointRows,
} from "../recommendation_formats/joint_facts.ts";
import { pointsWorthALine } from "../recommendation_formats/roles.ts";
import type { Sweep } from "../sweep.ts";
import { cellsOf, headline as sweepHeadline, legend } from "../sweep_formats/cells.ts";
import { curveFigure } from "./curve_figure.ts";
import type { Drawing } from "./drawing.ts";
import { frontierFigure } from "./frontier_figure.ts";
import { escaped, factsHtml, sectionHtml, tableHtml, warningHtml } from "./html.ts";
import { paretoFigure } from "./pareto_figure.ts";

/** Where a section stands in the page. */
export interface SectionOptions {
  /** What links lead to. */
  readonly id: string;
  /** What the contents call it. */
  readonly name: string;
  readonly drawing: Drawing;
}

/** The section of a recommendation. */
export function recommendationSection(
  recommendation: Recommendation,
  { id, name, drawing }: SectionOptions,
): string {
  const rows = pointsWorthALine(recommendation).map((point) => pointCells(recommendation, point));
  const facts = factsOf(recommendation).map(([label, items]) => ({
    label,
    items,
    mood: "neutral" as const,
    separator: " · ",
  }));
  // What a point is stands first: it is what a row is looked up by.
  const roleFirst = (
    cells: readonly string[],
  ) => [...cells.slice(0, 1), cells.at(-1)!, ...cells.slice(1, -1)];
  return sectionHtml(
    { id, name },
    `<p><strong>${escaped(headline(recommendation))}</strong></p>
${recommendation.warnings.map(warningHtml).join("\n")}
${curveFigure(drawing, recommendation)}
${
      tableHtml(
        "share that misses, and waits, by reserve",
        roleFirst([...POINT_HEADS.slice(0, -1), "what"]),
        rows.map(roleFirst),
      )
    }
${recommendation.joint === null ? "" : jointHtml(recommendation.joint, recommendation, drawing)}
${factsHtml(facts)}`,
  );
}

function jointHtml(joint: Joint, { target }: Recommendation, drawing: Drawing): string {
  return `<h3>All pools together</h3>
<p><strong>${escaped(jointHeadline(joint))}</strong></p>
${frontierFigure(drawing, joint, target)}
${tableHtml("reserves of all pools", JOINT_HEADS, jointRows(joint))}
<p class="quiet">${escaped(jointNote(joint).join(" · "))}</p>
${
    joint.frontier.length === 0
      ? ""
      : tableHtml("combinations on the front", FRONTIER_HEADS, frontierRows(joint))
  }`;
}

/** The section of a sweep. */
export function sweepSection(sweep: Sweep, { id, name, drawing }: SectionOptions): string {
  const { heads, rows } = cellsOf(sweep);
  // The mark of the front becomes a word, after what was varied.
  const marked = ([mark = "", ...cells]: readonly string[], word: string) => [
    ...cells.slice(0, sweep.varied.length),
    mark === "" ? "" : word,
    ...cells.slice(sweep.varied.length),
  ];
  const [, ...named] = heads;
  const head = marked(["*", ...named], "front");
  return sectionHtml(
    { id, name },
    `<p class="quiet">${escaped(sweepHeadline(sweep))}</p>
${sweep.warnings.map(warningHtml).join("\n")}
${paretoFigure(drawing, sweep)}
<p class="quiet">${escaped(legend(sweep).replace("* nothing", "front: nothing"))}</p>
${
      tableHtml(
        "levels, misses and tails by combination",
        head,
        rows.map((row) => marked(row, "yes")),
      )
    }`,
  );
}
