/**
 * What can be completed where, whatever the shell: read off the declared commands, with values out of the registries.
 *
 * @module
 */
import type { Argument, CommandUnknownOpts, Option } from "@commander-js/extra-typings";

/** Values that can be completed. */
export interface Values {
  /** Those that are known by name. */
  readonly words: readonly string[];
  /** Whether files are values, too. */
  readonly files: boolean;
}

/** An option. */
export interface CompletableOption {
  /** As written: `-o`, `--output`. */
  readonly flags: readonly string[];
  readonly summary: string;
  /** Of its value; null where it takes none. */
  readonly values: Values | null;
}

/** A command, and what may follow it. */
export interface Place {
  /** Its name after those of the commands above it; "" for the program itself. */
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly summary: string }[];
  readonly options: readonly CompletableOption[];
  /** Of its arguments. */
  readonly operands: Values;
}

type Words = () => Promise<readonly string[]>;

const policies: Words = async () => Object.keys(await import("../pools/policies/mod.ts"));
const scenarios: Words = async () => (await import("../workloads/scenarios/mod.ts")).builtinNames();
const sections: Words = async () => Object.keys((await import("./catalogue.ts")).SECTIONS);
const resultFormats: Words = async () => Object.keys(await import("../results/formats/mod.ts"));
const measures: Words = async () => (await import("../results/measures.ts")).MEASURE_NAMES;
const comparisonFormats: Words = async () =>
  Object.keys(await import("../results/comparison_formats/mod.ts"));
const traceFormats: Words = () => Promise.resolve(["csv", "ndjson"]);

/** Formats by the command that prints them; the others have tables and JSON. */
const FORMATS: Readonly<Record<string, Words>> = {
  ab: comparisonFormats,
  bench: resultFormats,
  "history show": resultFormats,
  "history changes": async () => Object.keys(await import("../results/change_formats/mod.ts")),
  compare: comparisonFormats,
  recommend: async () => Object.keys(await import("../results/recommendation_formats/mod.ts")),
  sweep: async () => Object.keys(await import("../results/sweep_formats/mod.ts")),
  "trace convert": traceFormats,
  "trace cut": traceFormats,
};

/** Values by the option that takes them. */
const OPTION_WORDS: Readonly<Record<string, Words>> = {
  "--policy": policies,
  "--scenario": scenarios,
  "--history": scenarios,
  "--from": scenarios,
  "--metric": measures,
};

/** Values by the name of the argument that takes them. */
const OPERAND_WORDS: Readonly<Record<string, Words>> = { scenario: scenarios, what: sections };

/** Arguments that may be files, by name. */
const FILES = /^(?:file|scenario|base|head|result)$/;

const TABLE_OR_JSON: Words = () => Promise.resolve(["json", "table"]);
const NONE: Words = () => Promise.resolve([]);

/** A command and all under it, each with what may follow. */
export async function completable(program: CommandUnknownOpts): Promise<Place[]> {
  return await placesFrom(program, []);
}

async function placesFrom(
  command: CommandUnknownOpts,
  above: readonly string[],
): Promise<Place[]> {
  const path = above.join(" ");
  const help = command.createHelp();
  const operands = await Promise.all(command.registeredArguments.map(operandValues));
  const place: Place = {
    path,
    commands: command.commands.map((each) => ({ name: each.name(), summary: each.summary() })),
    options: await Promise.all(
      help.visibleOptions(command).map((option) => completableOption(option, path)),
    ),
    operands: {
      words: operands.flatMap(({ words }) => words),
      files: operands.some(({ files }) => files),
    },
  };
  const below = await Promise.all(
    command.commands.map((each) => placesFrom(each, [...above, each.name()])),
  );
  return [place, ...below.flat()];
}

async function completableOption(option: Option, path: string): Promise<CompletableOption> {
  const { short, long, description, required, optional } = option;
  return {
    flags: [short, long].filter((flag) => flag !== undefined),
    summary: description,
    values: required || optional ? await optionValues(option, path) : null,
  };
}

async function optionValues(
  { long = "", flags, argChoices }: Option,
  path: string,
): Promise<Values> {
  const words = long === "--format" ? FORMATS[path] ?? TABLE_OR_JSON : OPTION_WORDS[long] ?? NONE;
  const isFile = /<(?:file|scenario\|trace)/.test(flags);
  return { words: argChoices ?? await words(), files: isFile };
}

async function operandValues(argument: Argument): Promise<Values> {
  const name = argument.name();
  const words = argument.argChoices ?? await (OPERAND_WORDS[name] ?? NONE)();
  return { words, files: FILES.test(name) };
}
