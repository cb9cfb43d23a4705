/**
 * `sweep`: one scenario with keys set to every combination of values, simulated or with real workers.
 *
 * @module
 */
import { Argument, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { InputError } from "../workloads/input_error.ts";
import type { SweepFormat } from "../results/sweep_formats/format.ts";
import { examples } from "./declaration.ts";
import { Exit } from "./exit.ts";
import { formatName } from "./formats.ts";
import type { Io } from "./io.ts";
import { runningCommand, type RunningOptions } from "./options.ts";
import { progressBar, type ProgressOptions } from "./progress.ts";
import { revisionAt } from "./revision.ts";

type SweepOptions = RunningOptions & { vary: string[]; simulate?: true | undefined };

/** Declares `sweep`. */
export function sweep(io: Io): CommandUnknownOpts {
  return runningCommand("sweep")
    .summary("vary keys of a scenario and compare memory against tail")
    .description(
      "Runs a scenario with keys set to every combination of values, or simulates it, and prints one\n" +
        "table in which those are marked that nothing beats in memory and tail both.",
    )
    .addArgument(new Argument("<scenario>", "a built-in scenario by name, or a file"))
    .requiredOption(
      "--vary <key=list>",
      "a key and its values, such as min-reserve=0,1,4..256 (doubling) or 4..256:8 (steps)",
      (value: string, earlier: string[] = []) => [...earlier, value],
    )
    .option("--simulate", "on a virtual clock: in no time, and the same bytes for the same seed")
    .action((named, options) => sweepAll(named, options, io))
    .addHelpText(
      "after",
      examples(
        [
          "mempool-bench sweep outages --vary min-reserve=4..64 --simulate",
          "what each doubling brings",
        ],
        [
          "mempool-bench sweep outages --vary min-reserve=8,16 --vary policy=five-level,linux",
          "a grid, with real workers",
        ],
        ["mempool-bench sweep my.jsonc --vary workload.hold.mean=1ms,2ms --json", "any key"],
      ),
    );
}

async function sweepAll(named: string, options: SweepOptions, io: Io): Promise<void> {
  const formats: Readonly<Record<string, SweepFormat>> = await import(
    "../results/sweep_formats/mod.ts"
  );
  const format = formats[formatName(options, Object.keys(formats))]!;
  const [{ combinationsOf, parseVaried }, { sweep }, { leftOutWarnings, loadScenarios }] =
    await Promise.all([
      import("../tuning/vary.ts"),
      import("../tuning/sweep.ts"),
      import("./scenarios.ts"),
    ]);
  const varied = options.vary.map(parseVaried);
  const cells = await Promise.all(
    combinationsOf(varied).map(async ({ settings, overrides }) => {
      const set = [...options.set ?? [], ...overrides.set ?? []];
      const changed = { ...options, ...overrides, set } as RunningOptions;
      const [scenario] = await loadScenarios([named], changed).catch((error: unknown) => {
        throw asVaried(error, Object.keys(settings));
      });
      return { settings, scenario: scenario! };
    }),
  );
  const { quiet = false, simulate = false } = options;
  using interruption = io.interruption();
  using output = io.output(options.output);
  const swept = await withProgress(
    io,
    { name: "sweep", quiet, isLong: true },
    (onProgress) =>
      sweep(cells, {
        ...{ varied, simulate, onProgress, signal: interruption.signal },
        revision: revisionAt(new URL("../", import.meta.url)),
      }),
  );
  const { color, columns } = output;
  const warnings = [...leftOutWarnings(named), ...swept.warnings];
  output.write(format.print({ ...swept, warnings }, { color, columns }));
  if (interruption.signal.aborted) throw new Exit(130);
}

/** A refusal of what was varied, which names that and not the option that would set it. */
function asVaried(error: unknown, keys: readonly string[]): unknown {
  if (!(error instanceof InputError)) return error;
  const [refused, key] = /^--(?:set )?([^\s:]+)(?=[\s:])/.exec(error.message) ?? [];
  if (refused === undefined || !keys.some((each) => each === key || each.startsWith(`${key}.`))) {
    return error;
  }
  return new InputError(`--vary ${key}${error.message.slice(refused.length)}`);
}

type OnProgress = ReturnType<typeof progressBar>["update"];

async function withProgress<T>(
  io: Io,
  bar: Omit<ProgressOptions, "now">,
  run: (onProgress: OnProgress) => Promise<T>,
): Promise<T> {
  using progress = progressBar(io.err, { ...bar, now: io.now });
  return await run(progress.update);
}
