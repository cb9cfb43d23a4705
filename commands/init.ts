/**
 * `init`: a scenario to start from.
 *
 * @module
 */
import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { examples } from "./declaration.ts";
import { Exit } from "./exit.ts";
import { formatName } from "./formats.ts";
import type { Io } from "./io.ts";
import type { CommonOptions } from "./options.ts";
import type { ReadingOptions } from "./reading_options.ts";
import { traceCommand } from "./trace_options.ts";

type InitOptions = CommonOptions & ReadingOptions & {
  from?: string | undefined;
  force?: true | undefined;
};

/** Declares `init`. */
export function init(io: Io): CommandUnknownOpts {
  return traceCommand("init")
    .summary("write a commented scenario to start from")
    .description(
      "Writes a scenario to start from: a small one with the usual keys explained, a built-in one as it\n" +
        "is, or the replay of a trace, with what the trace says of sizes and holds.",
    )
    .option("--from <scenario|trace>", "a built-in scenario by name, or a recorded trace")
    .option("--force", "write over a file that is there already")
    .action((options) => initialize(options, io))
    .addHelpText(
      "after",
      examples(
        ["mempool-bench init --output my.jsonc", "the usual keys, their units and defaults"],
        [
          "mempool-bench init --from outages --output my.jsonc",
          "a built-in one, with its comments",
        ],
        ["mempool-bench init --from app.mtrace --output my.jsonc", "the replay of a trace"],
      ),
    );
}

async function initialize(options: InitOptions, io: Io): Promise<void> {
  const format = formatName(options, ["table", "json"]);
  const { output: path, force = false, quiet = false } = options;
  if (path !== undefined && !force) refuseExisting(path);
  // Before the file is opened: a refusal leaves none that would be in the way of the next attempt.
  const { text, note } = await starterOf(options);
  using output = io.output(path);
  output.write(format === "json" ? await withoutComments(text) : text);
  if (quiet) return;
  if (note !== "") io.err.write(`${note}\n`);
  if (path !== undefined) io.err.write(`${path}: written: mempool-bench bench ${path} runs it\n`);
}

function refuseExisting(path: string): void {
  try {
    // A device may be written to as often as one likes.
    if (!Deno.statSync(path).isFile) return;
  } catch {
    return; // not there, or for the writing to refuse
  }
  throw new Exit(
    2,
    `--output: ${path}: this file is there already: give another, or --force to write over it`,
  );
}

/** A scenario's text, and what to say of it besides; "" for nothing. */
interface Starter {
  readonly text: string;
  readonly note: string;
}

async function starterOf(options: InitOptions): Promise<Starter> {
  const { from } = options;
  if (from === undefined) {
    const { exampleScenario } = await import("./example_scenario.ts");
    return { text: exampleScenario(), note: "" };
  }
  const { builtinNames } = await import("../workloads/scenarios/mod.ts");
  const builtin = builtinNames();
  if (builtin.includes(from)) return await builtinStarter(from);
  await refuseOther(from, builtin);
  const { replayText } = await import("./replay_text.ts");
  return { text: await replayText(from, options), note: "" };
}

/** What is neither a built-in scenario nor a file that may be a trace. */
async function refuseOther(from: string, builtin: readonly string[]): Promise<void> {
  if (from.endsWith(".jsonc")) {
    throw new Exit(2, `--from: ${from}: this is a scenario file already: copy it`);
  }
  try {
    if (Deno.statSync(from).isFile) return;
  } catch {
    // Nothing of that name, as is said below.
  }
  const { didYouMean, oneOf } = await import("../workloads/did_you_mean.ts");
  throw new Exit(
    2,
    `--from: ${from}: there is no such scenario, and no such trace: give a trace or ` +
      oneOf(builtin) + didYouMean(from, builtin),
  );
}

/** Relative paths, which all begin with a dot, would lead elsewhere from another folder: they are made absolute. */
async function builtinStarter(name: string): Promise<Starter> {
  const [{ readBuiltin }, { dirname, resolve }] = await Promise.all([
    import("../workloads/scenarios/mod.ts"),
    import("node:path"),
  ]);
  const { file, text } = readBuiltin(name);
  const moved: string[] = [];
  const absolute = text.replace(/"(\.\.?\/[^"]+)"/g, (_, path: string) => {
    moved.push(resolve(dirname(file), path));
    return JSON.stringify(moved.at(-1));
  });
  const note = moved.length === 0 ? "" : `note: it goes on to read ${moved.join(", ")}`;
  return { text: absolute, note };
}

async function withoutComments(text: string): Promise<string> {
  const { readDocument } = await import("../workloads/document.ts");
  return `${JSON.stringify(readDocument("scenario", text).raw, null, 2)}\n`;
}
