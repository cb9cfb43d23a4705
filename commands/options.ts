/**
 * The options that commands share. Their values stay text here: the scenario parser turns them into
 * numbers, so that `--duration 2x` and `"duration": "2x"` are refused in the same words.
 *
 * @module
 */
import { Command, Option } from "@commander-js/extra-typings";
import {
  holdOption,
  joinOption,
  type ReadingOptions,
  spreadOption,
  unfinishedOption,
  viewOption,
} from "./reading_options.ts";

/** What every command takes. */
export type CommonOptions = {
  /** Short for `format: "json"`. */
  json?: true | undefined;
  /** A name of the registry of formats. */
  format?: string | undefined;
  /** The file that the answer goes to. */
  output?: string | undefined;
  /** What every random choice follows from. */
  seed?: string | undefined;
  /** Nothing on stderr but refusals. */
  quiet?: true | undefined;
  /** Says where an internal error comes from. */
  verbose?: true | undefined;
};

/** What every command that runs scenarios takes besides. */
export type RunningOptions = CommonOptions & ReadingOptions & {
  /** How many workers share the load. */
  workers?: string | undefined;
  /** How long is measured. */
  duration?: string | undefined;
  /** How long the load runs before. */
  warmup?: string | undefined;
  /** How many times the whole is run. */
  repeat?: string | undefined;
  /** The measured pool's reserve. */
  minReserve?: string | undefined;
  /** The measured pool's policy. */
  policy?: string | undefined;
  /** A recorded trace to replay. */
  trace?: string | undefined;
  /** The speed of the replay. */
  speed?: string | undefined;
  /** When tasks arrive. */
  arrival?: string | undefined;
  /** How long each holds what it takes. */
  hold?: string | undefined;
  /** `KEY=VALUE` by dotted path, in the order given. */
  set?: string[] | undefined;
  /** Keeps the results in the store. */
  save?: true | undefined;
  /** The store, if not the one in the user's data folder. */
  store?: string | undefined;
};

/** Where results last. */
export const storeOption: Option<"--store <file>"> = new Option(
  "--store <file>",
  "the store of results, if not the one in your data folder",
);

const json = new Option("--json", "one JSON document on stdout and nothing else there");
const format = new Option("--format <name>", "how the answer is printed: see list formats");
const output = new Option("-o, --output <file>", "write the answer to a file, not to stdout");
const seed = new Option("--seed <n>", "what every random choice follows from");
const quiet = new Option("--quiet", "no progress and no notes on stderr");
const verbose = new Option("--verbose", "say where an internal error comes from");

/** A command that takes what every command takes. */
export function commonCommand(name: string): Command<[], CommonOptions> {
  return new Command(name)
    .addOption(json).addOption(format).addOption(output)
    .addOption(seed).addOption(quiet).addOption(verbose);
}

/** A command that runs scenarios. */
export function runningCommand(name: string): Command<[], RunningOptions> {
  return new Command(name)
    .option("--workers <n>", "how many workers share the load")
    .option("--duration <time>", "how long is measured after the warm-up, such as 2s")
    .option("--warmup <time>", "how long the load runs before, such as 500ms")
    .option("--repeat <n>", "how many times the whole is run")
    .option("--min-reserve <n>", "elements that the measured pool keeps in reserve")
    .option("--policy <name>", "policy of the measured pool: see list policies")
    .option("--trace <file>", "replay a recorded trace: see list trace-formats")
    .option("--speed <factor>", "speed of the replay, such as 2x; 0 is as fast as possible")
    .option("--arrival <kind:options>", "when tasks arrive, such as poisson:rate=10000/s")
    .addOption(unfinishedOption).addOption(spreadOption).addOption(holdOption)
    .addOption(viewOption).addOption(joinOption)
    .option("--set <key=value>", "any other key of the scenario, by dotted path", collect)
    .option("--save", "keep the results in the store: see history")
    .addOption(storeOption)
    .addOption(json).addOption(format).addOption(output)
    .addOption(seed).addOption(quiet).addOption(verbose);
}

/** Takes an option that may be given several times. */
export function collect(value: string, earlier: string[] = []): string[] {
  return [...earlier, value];
}
