/**
 * `trace info`: how many elements of a trace live at once, for how long, and what to beware of.
 *
 * @module
 */
import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { examples } from "./declaration.ts";
import { formatName } from "./formats.ts";
import type { Io } from "./io.ts";
import type { CommonOptions } from "./options.ts";
import type { ReadingOptions } from "./reading_options.ts";
import { traceCommand, traceOptions } from "./trace_options.ts";

/** Declares `trace info`. */
export function traceInfo(io: Io): CommandUnknownOpts {
  return traceCommand("info")
    .summary("how many elements live at once, for how long, and what to beware of")
    .argument("<file>", "a trace, plain or gzip")
    .action((file, options) => info(file, options, io))
    .addHelpText(
      "after",
      examples(
        ["mempool-bench trace info app.mtrace", "a table and a plot"],
        ["mempool-bench trace info blk.txt.gz --view bio --json", "as data"],
        [
          "mempool-bench trace info rr_lat.1.log --join rr.iolog",
          "exact, from the two logs of a fio job",
        ],
        ["mempool-bench trace info calls.csv --hold exponential:mean=5ms", "arrivals only"],
      ),
    );
}

async function info(file: string, options: CommonOptions & ReadingOptions, io: Io): Promise<void> {
  const format = formatName(options, ["table", "json"]);
  const reading = await traceOptions(options);
  using output = io.output(options.output);
  const { traceStatistics } = await import("../workloads/traces/statistics.ts");
  const statistics = await traceStatistics(file, reading);
  if (format === "json") {
    const { statisticsDocument } = await import("../workloads/traces/statistics_document.ts");
    output.write(`${JSON.stringify(statisticsDocument(statistics), null, 2)}\n`);
    return;
  }
  const { traceText } = await import("./trace_text.ts");
  output.write(traceText(file, statistics, output));
}
