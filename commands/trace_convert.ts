/**
 * `trace convert`: any trace in the native format.
 *
 * @module
 */
import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { examples } from "./declaration.ts";
import type { Io } from "./io.ts";
import type { CommonOptions } from "./options.ts";
import type { ReadingOptions } from "./reading_options.ts";
import { traceCommand, traceOptions } from "./trace_options.ts";

/** Declares `trace convert`. */
export function traceConvert(io: Io): CommandUnknownOpts {
  return traceCommand("convert")
    .summary("any trace in the native format")
    .description(
      "Writes a trace in the native format: CSV, or lines of JSON where the name of --output ends in .ndjson\n" +
        "(or --format csv|ndjson says so), packed where it ends in .gz. Statistics stay the same.",
    )
    .argument("<file>", "a trace, plain or gzip")
    .action((file, options) => convert(file, options, io))
    .addHelpText(
      "after",
      examples(
        ["mempool-bench trace convert app.mtrace -o app.csv.gz", "smaller, and read faster"],
        [
          "mempool-bench trace convert perf.txt -o disk.ndjson --view bio",
          "bios, as lines of JSON",
        ],
        ["mempool-bench trace convert rr_lat.1.log --spread -o rr.csv", "with stamps spread"],
      ),
    );
}

async function convert(
  file: string,
  options: CommonOptions & ReadingOptions,
  io: Io,
): Promise<void> {
  const reading = await traceOptions(options);
  const [{ surveyTrace }, { convertTrace }, { sayWarnings, writtenTrace }] = await Promise.all([
    import("../workloads/traces/survey.ts"),
    import("../workloads/traces/convert.ts"),
    import("./written_trace.ts"),
  ]);
  using written = writtenTrace(file, options, io);
  const survey = await surveyTrace(file, reading);
  const events = await convertTrace(survey, written.form, written.write);
  sayWarnings(survey, options, io);
  const { format, notes: { timed, resolutionNs, truncated, warnings } } = survey;
  written.report(
    { format, timed, events, resolutionNs, truncated, warnings },
    `${events} events of ${format} written`,
  );
}
