/**
 * A sweep for a pull request or a log book.
 *
 * @module
 */
import { escaped, tableOf } from "../formats/github.ts";
import { cellsOf, headline, legend } from "./cells.ts";
import type { SweepFormat } from "./format.ts";

/** One table for GitHub. */
export const markdown: SweepFormat = {
  summary: "one table for a pull request (GitHub Markdown)",
  print(sweep) {
    const { heads, rows } = cellsOf(sweep);
    const blocks = [
      `**${escaped(headline(sweep))}**`,
      tableOf(heads.map(escaped), rows.map((row) => row.map(escaped))),
      escaped(legend(sweep)),
      ...sweep.warnings.map(({ code, message, advice }) =>
        `> **${escaped(code)}**: ${escaped(message)}  \n> ${escaped(advice)}`
      ),
    ];
    return blocks.join("\n\n") + "\n";
  },
};
