/**
 * A recommendation for a pull request or a log book.
 *
 * @module
 */
import { escaped, tableOf } from "../formats/github.ts";
import { factsOf, headline, POINT_HEADS, pointCells } from "./facts.ts";
import type { RecommendationFormat } from "./format.ts";
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
      ...recommendation.warnings.map(({ code, message, advice }) =>
        `> **${escaped(code)}**: ${escaped(message)}  \n> ${escaped(advice)}`
      ),
    ];
    return blocks.join("\n\n") + "\n";
  },
};
