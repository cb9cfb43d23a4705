/**
 * `trace cut`: a part of a trace, in the native format.
 *
 * @module
 */
import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Part } from "../workloads/traces/cut.ts";
import { examples } from "./declaration.ts";
import { Exit } from "./exit.ts";
import type { Io } from "./io.ts";
import type { CommonOptions } from "./options.ts";
import type { ReadingOptions } from "./reading_options.ts";
import { orRefused, traceCommand, traceOptions } from "./trace_options.ts";

type CutOptions = CommonOptions & ReadingOptions & {
  from?: string | undefined;
  to?: string | undefined;
  first?: string | undefined;
};

/** Declares `trace cut`. */
export function traceCut(io: Io): CommandUnknownOpts {
  return traceCommand("cut")
    .summary("a part of a trace, in the native format")
    .description(
      "Writes the part of a trace from one time up to another after its first event (operations where it has\n" +
        "no times), or its first events. What is live at the cut is allocated there, so that levels stay true:\n" +
        "such elements are as old as the cut. An interval from before begins at the cut and ends when it did;\n" +
        "what is freed only behind the end stays live, and an interval keeps its own end.",
    )
    .argument("<file>", "a trace, plain or gzip")
    .option("--from <time>", "where the part begins, such as 2s; 0 if left out")
    .option("--to <time>", "where it ends, not in it; the end of the trace if left out")
    .option("--first <n>", "the first so many events")
    .action((file, options) => cut(file, options, io))
    .addHelpText(
      "after",
      examples(
        [
          "mempool-bench trace cut app.csv --from 2s --to 2.5s -o burst.csv.gz",
          "half a second of it",
        ],
        ["mempool-bench trace cut app.mtrace --first 10000 -o start.csv", "how it begins"],
      ),
    );
}

async function cut(file: string, options: CutOptions, io: Io): Promise<void> {
  refuseContradiction(options);
  const reading = await traceOptions(options);
  const [{ surveyTrace }, { cutTrace }, { sayWarnings, writtenTrace }] = await Promise.all([
    import("../workloads/traces/survey.ts"),
    import("../workloads/traces/cut.ts"),
    import("./written_trace.ts"),
  ]);
  using written = writtenTrace(file, options, io);
  const survey = await surveyTrace(file, reading);
  const part = await partOf(options, survey.notes.timed);
  const { events, liveAtCut } = await cutTrace(survey, part, written);
  sayWarnings(survey, options, io);
  const { format, notes: { timed, truncated, warnings } } = survey;
  written.report(
    { format, timed, events, liveAtCut, truncated, warnings },
    `${events} events of ${format}, which begin with ${liveAtCut} elements that were live at the cut, written`,
  );
}

function refuseContradiction({ from, to, first }: CutOptions): void {
  if (first !== undefined && (from !== undefined || to !== undefined)) {
    throw new Exit(2, "cut: --first goes without --from and --to: give one or the other");
  }
  if (first === undefined && from === undefined && to === undefined) {
    throw new Exit(2, "cut: no part is named: give --from, --to or --first");
  }
}

/** Times in the trace's own clock: nanoseconds, or operations. */
async function partOf({ from, to, first }: CutOptions, timed: boolean): Promise<Part> {
  const { parseCount, parseDuration } = await import("../workloads/units.ts");
  const parse = timed ? parseDuration : parseCount;
  if (first !== undefined) return { first: await orRefused("--first", () => parseCount(first)) };
  const part = {
    from: from === undefined ? 0 : await orRefused("--from", () => parse(from)),
    to: to === undefined ? Infinity : await orRefused("--to", () => parse(to)),
  };
  if (part.from < part.to) return part;
  throw new Exit(2, `cut: --from ${from ?? 0} is not before --to ${to}: give an earlier one`);
}
