/**
 * `doctor`: what this machine can show and what it can't, before anybody believes a number from it.
 *
 * @module
 */
import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { examples } from "./declaration.ts";
import { Exit } from "./exit.ts";
import { formatName } from "./formats.ts";
import type { Io } from "./io.ts";
import { commonCommand, type CommonOptions } from "./options.ts";
import { revisionAt } from "./revision.ts";

type DoctorOptions = CommonOptions & { duration: string };

/** Declares `doctor`. */
export function doctor(io: Io): CommandUnknownOpts {
  return commonCommand("doctor")
    .summary("measure what this machine can and cannot show")
    .description(
      "Measures the clock (cost, grain, agreement between workers) and the noise (identical work on\n" +
        "both sides of a comparison), and says what cannot be seen below that.",
    )
    .option("--duration <time>", "how long the noise is measured", "3s")
    .action((options) => examine(options, io))
    .addHelpText(
      "after",
      examples(
        ["mempool-bench doctor", "before the first measurement on a machine"],
        ["mempool-bench doctor --duration 20s", "slow changes of speed too"],
        ["mempool-bench doctor --json", "for a program"],
      ),
    );
}

async function examine(options: DoctorOptions, io: Io): Promise<void> {
  const format = formatName(options, ["table", "json"]);
  const durationNs = await parseDurationOption(options.duration);
  using interruption = io.interruption();
  using output = io.output(options.output);
  const { diagnose } = await import("./diagnosis.ts");
  const diagnosis = await diagnose({
    durationMs: durationNs / 1e6,
    now: io.now,
    signal: interruption.signal,
    revision: revisionAt(new URL("../", import.meta.url)),
  });
  if (interruption.signal.aborted) throw new Exit(130);
  if (format === "json") {
    output.write(`${JSON.stringify(diagnosis, null, 2)}\n`);
    return;
  }
  const { diagnosisText } = await import("./diagnosis_text.ts");
  output.write(diagnosisText(diagnosis, output));
}

async function parseDurationOption(text: string): Promise<number> {
  const { parseOption, UnitError } = await import("../workloads/units.ts");
  const option = { type: "duration", summary: "", min: 2e8, max: 3600e9 } as const;
  try {
    return Number(parseOption(option, text));
  } catch (error) {
    if (error instanceof UnitError) throw new UnitError(`--duration: ${error.message}`);
    throw error;
  }
}
