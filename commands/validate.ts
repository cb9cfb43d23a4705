/**
 * `validate`: whether scenario files would run.
 *
 * @module
 */
import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Scenario } from "../workloads/scenario.ts";
import { examples } from "./declaration.ts";
import { Exit } from "./exit.ts";
import { formatName } from "./formats.ts";
import type { Io } from "./io.ts";
import { commonCommand, type CommonOptions } from "./options.ts";

/** Declares `validate`. */
export function validate(io: Io): CommandUnknownOpts {
  return commonCommand("validate")
    .summary("check scenario files without a run")
    .description(
      "Checks scenario files, with all their variants, and what they name: traces are read, modules are\n" +
        "loaded, reserves are filled. What would be refused at the start of a run is refused here.",
    )
    .argument("<scenario...>", "files, or built-in scenarios by name")
    .action((files, options) => validateAll(files, options, io))
    .addHelpText(
      "after",
      examples(
        ["mempool-bench validate my.jsonc", "one file"],
        ["mempool-bench validate scenarios/*.jsonc", "several: each that is refused is named"],
        ["mempool-bench validate my.jsonc --json", "the scenario with every key, in base units"],
      ),
    );
}

/** A file and what came of it: its scenarios, or why it is refused. */
type Verdict =
  & { readonly file: string }
  & (
    | { readonly scenarios: readonly Scenario[] }
    | { readonly refusal: string }
  );

async function validateAll(files: string[], options: CommonOptions, io: Io): Promise<void> {
  const format = formatName(options, ["table", "json"]);
  // From here on nothing can be written elsewhere, modules of the user included.
  using output = io.output(options.output);
  const verdicts: Verdict[] = [];
  for (const file of files) verdicts.push(await verdictOn(file, options));
  const refusals = verdicts.flatMap((each) => "refusal" in each ? [each.refusal] : []);
  const sound = verdicts.flatMap((each) => "scenarios" in each ? [each] : []);
  if (format === "table") {
    const { soundLine } = await import("./sound_line.ts");
    for (const { file, scenarios } of sound) {
      const isVariant = scenarios.length > 1;
      for (const each of scenarios) output.write(soundLine(file, each, { isVariant }));
    }
  } else if (refusals.length === 0) {
    const scenarios = sound.flatMap((each) => each.scenarios);
    output.write(`${JSON.stringify(scenarios.length === 1 ? scenarios[0] : scenarios, null, 2)}\n`);
  }
  if (refusals.length > 0) throw new Exit(2, ...refusals);
}

async function verdictOn(file: string, options: CommonOptions): Promise<Verdict> {
  const [{ InputError }, { TraceError }, { loadVariants }, { rehearse }] = await Promise.all([
    import("../workloads/input_error.ts"),
    import("../workloads/traces/trace.ts"),
    import("./scenarios.ts"),
    import("../workloads/rehearsal.ts"),
  ]);
  let place = "";
  try {
    const [scenarios = []] = await loadVariants([file], options);
    // What shows only now knows its scenario, but not the file.
    place = `${file}: `;
    for (const scenario of scenarios) await rehearse(scenario);
    return { file, scenarios };
  } catch (error) {
    if (!(error instanceof InputError || error instanceof TraceError)) throw error;
    return { file, refusal: place + error.message };
  }
}
