/**
 * `report`: results as one self-contained page.
 *
 * @module
 */
import { Argument, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { examples } from "./declaration.ts";
import { Exit } from "./exit.ts";
import type { Io } from "./io.ts";
import { commonCommand, type CommonOptions, storeOption } from "./options.ts";

type ReportOptions = CommonOptions & { store?: string | undefined };

/** Declares `report`. */
export function report(io: Io): CommandUnknownOpts {
  return commonCommand("report")
    .summary("one self-contained HTML page of results, with charts")
    .description(
      "Makes one HTML file of results, each a file (bench --json), the id of a saved one, or a revision.\n" +
        "It needs no network, and no script to be read.",
    )
    .addArgument(new Argument("<result...>", "files, ids or revisions"))
    .addOption(storeOption)
    .action((named, options) => makeReport(named, options, io))
    .addHelpText(
      "after",
      examples(
        ["mempool-bench report result.json --output report.html", "of one result"],
        [
          "mempool-bench report 9c1e 41ab --output report.html",
          "of all saved ones of two revisions",
        ],
      ),
    );
}

async function makeReport(named: string[], options: ReportOptions, io: Io): Promise<void> {
  const { json, format = "html" } = options;
  if (json || format !== "html") {
    throw new Exit(2, "report: it is a page: give --format html, or none");
  }
  const { resultsNamed } = await import("./operands.ts");
  const results = await resultsNamed(named, { io, store: options.store });
  using output = io.output(options.output);
  const [{ reportPage }, { loadDrawing }] = await Promise.all([
    import("../results/report/page.ts"),
    import("../results/report/drawing.ts"),
  ]);
  output.write(reportPage(results, await loadDrawing()));
}
