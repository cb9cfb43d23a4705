/**
 * A recommendation for a pull request or a log book.
 *
 * @module
 */
import { escaped, tableOf } from "../formats/github.ts";
import { factsOf, headline, POINT_HEADS, pointCells } from "./facts.ts";
import type { RecommendationFormat } from "./format.ts";
import type { Joint } from "../recommendation.ts";
import {
  FRONTIER_HEADS,
  frontierRows,
  JOINT_HEADS,
  jointHeadline,
  jointNote,
  jointRows,
} from "./joint_facts.ts";
import { pointsWorthALine } from "./roles.ts";

/** Sections and tables for GitHub. */
export const markdown: RecommendationFormat = {
  summary: "tables for a pull request (GitHub Markdown)",
  print(recommendation) {
    const facts = factsOf(recommendation).map(([label, items]) =>
      `- ${label}: ${escaped(items.join(" · "))}`
    );
    const rows = pointsWorthALine(recommendation).map((point) => pointCells(recommendation, point));
    const blocks = [
      `**${escaped(headline(recommendation))}**`,
      facts.join("\n"),
      tableOf([...POINT_HEADS], rows),
      ...jointBlocks(recommendation.joint),
      ...recommendation.warnings.map(({ code, message, advice }) =>
        `> **${escaped(code)}**: ${escaped(message)}  \n> ${escaped(advice)}`
      ),
    ];
    return blocks.join("\n\n") + "\n";
  },
};

function jointBlocks(joint: Joint | null): string[] {
  if (joint === null) return [];
  return [
    `**${escaped(jointHeadline(joint))}**`,
    tableOf([...JOINT_HEADS], jointRows(joint)),
    jointNote(joint).map((item) => `- ${escaped(item)}`).join("\n"),
    ...joint.frontier.length === 0 ? [] : [tableOf([...FRONTIER_HEADS], frontierRows(joint))],
  ];
}
