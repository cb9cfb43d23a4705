/**
 * `list`: what there is, from the registries, with options, defaults and units.
 *
 * @module
 */
import { Argument, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { examples } from "./declaration.ts";
import { Exit } from "./exit.ts";
import { formatName } from "./formats.ts";
import type { Io } from "./io.ts";
import { commonCommand, type CommonOptions } from "./options.ts";

/** Declares `list`. */
export function list(io: Io): CommandUnknownOpts {
  return commonCommand("list")
    .summary("show what there is to choose from")
    .description(
      "Shows what there is, with options, ranges, defaults and units: scenarios, workloads, arrivals,\n" +
        "holds, pressures, allocators, policies, formats, trace-formats. All of it where none is named.",
    )
    .addArgument(new Argument("[what]", "one of these"))
    .option("--schema", "the JSON Schema of the scenario file, for editors (with scenarios)")
    .action((what, options) =>
      options.schema ? printSchema(what, options, io) : printSections(what, options, io)
    )
    .addHelpText(
      "after",
      examples(
        ["mempool-bench list scenarios", "what bench can run"],
        ["mempool-bench list allocators --json", "for a program"],
        ["mempool-bench list scenarios --schema --output scenario.schema.json", "for an editor"],
      ),
    );
}

async function printSections(
  what: string | undefined,
  options: CommonOptions,
  io: Io,
): Promise<void> {
  const format = formatName(options, ["table", "json"]);
  const { SECTIONS, sharedEntries } = await import("./catalogue.ts");
  const names = await sectionsOf(what, Object.keys(SECTIONS));
  const sections = await Promise.all(
    names.map(async (name) => [name, await SECTIONS[name]!()] as const),
  );
  using output = io.output(options.output);
  if (format === "json") {
    output.write(jsonText(Object.fromEntries(sections)));
    return;
  }
  const { sectionText } = await import("./entry_lines.ts");
  const texts = sections.map(([name, entries]) =>
    sectionText(name, [...entries, ...sharedEntries(name)], output)
  );
  output.write(texts.join("\n"));
}

async function sectionsOf(
  what: string | undefined,
  known: readonly string[],
): Promise<readonly string[]> {
  if (what === undefined) return known;
  if (known.includes(what)) return [what];
  const { didYouMean, oneOf } = await import("../workloads/did_you_mean.ts");
  const sentence = `list: there is no ${JSON.stringify(what)} to list: give ${oneOf(known)}`;
  throw new Exit(2, sentence + didYouMean(what, known));
}

async function printSchema(
  what: string | undefined,
  options: CommonOptions,
  io: Io,
): Promise<void> {
  if (what !== undefined && what !== "scenarios") {
    throw new Exit(2, `list: --schema goes with scenarios only: found ${what}`);
  }
  const [{ scenarioJsonSchema }, { registered }] = await Promise.all([
    import("../workloads/json_schema.ts"),
    import("../workloads/registered.ts"),
  ]);
  using output = io.output(options.output);
  output.write(jsonText(await scenarioJsonSchema(registered)));
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
