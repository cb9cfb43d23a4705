/**
 * `report`: results as one self-contained page.
 *
 * @module
 */
import { Argument, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { ReportDocument } from "../results/report/document.ts";
import { examples } from "./declaration.ts";
import { Exit } from "./exit.ts";
import type { Io } from "./io.ts";
import { commonCommand, type CommonOptions, storeOption } from "./options.ts";

type ReportOptions = CommonOptions & { store?: string | undefined; history?: string | undefined };

/** Declares `report`. */
export function report(io: Io): CommandUnknownOpts {
  return commonCommand("report")
    .summary("one self-contained HTML page of results and recommendations, with charts")
    .description(
      "Makes one HTML file of results, recommendations and sweeps, each a file (bench, recommend or sweep --json),\n" +
        "and of saved results by id or revision. It needs no network, and no script to be read.",
    )
    .addArgument(new Argument("[result...]", "files, ids or revisions"))
    .addOption(storeOption)
    .option("--history <scenario>", "all saved results of a scenario, with what changed over them")
    .action((named, options) => makeReport(named, options, io))
    .addHelpText(
      "after",
      examples(
        ["mempool-bench report result.json --output report.html", "of one result"],
        [
          "mempool-bench report 9c1e 41ab --output report.html",
          "of all saved ones of two revisions",
        ],
        [
          "mempool-bench report result.json sizing.json sweep.json -o report.html",
          "with what recommend and sweep printed",
        ],
        ["mempool-bench report --history canonical -o report.html", "what changed, and since when"],
      ),
    );
}

async function makeReport(named: string[], options: ReportOptions, io: Io): Promise<void> {
  const { json, format = "html" } = options;
  if (json || format !== "html") {
    throw new Exit(2, "report: it is a page: give --format html, or none");
  }
  const documents = await documentsOf(named, options, io);
  using output = io.output(options.output);
  const [{ reportPage }, { loadDrawing }, { default: jstat }] = await Promise.all([
    import("../results/report/page.ts"),
    import("../results/report/drawing.ts"),
    import("jstat"),
  ]);
  const drawing = await loadDrawing();
  output.write(reportPage(documents, { drawing, tQuantile: jstat.studentt.inv }));
}

async function documentsOf(
  named: readonly string[],
  { history, store }: ReportOptions,
  io: Io,
): Promise<ReportDocument[]> {
  if (named.length === 0 && history === undefined) {
    throw new Exit(2, "report: of what: give files, ids or revisions, or --history SCENARIO");
  }
  const { documentsNamed, historyNamed } = await import("./documents.ts");
  const documents = await documentsNamed(named, { io, store });
  const saved = history === undefined ? [] : await historyNamed(history, { io, store });
  return [...documents, ...saved];
}
