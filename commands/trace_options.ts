/**
 * The options by which a trace is read, shared by all commands that read one.
 *
 * @module
 */
import { Option } from "@commander-js/extra-typings";
import type { TraceOptions } from "../workloads/traces/options.ts";
import { Exit } from "./exit.ts";
import { commonCommand } from "./options.ts";

/** As they stand on the command line. */
export type ReadingOptions = {
  /** What becomes of ends that were not recorded. */
  unfinished?: "drop" | "hold" | undefined;
  /** Whether stamps are spread inside their grain. */
  spread?: true | undefined;
  /** Holds for a trace that has arrivals only. */
  hold?: string | undefined;
  /** Which elements of a block layer. */
  view?: "request" | "bio" | undefined;
  /** The other half of a recording. */
  join?: string | undefined;
};

/** `--unfinished`. */
export const unfinishedOption = new Option(
  "--unfinished <what>",
  "what becomes of elements whose end was not recorded",
).choices(["drop", "hold"] as const);

/** `--spread`. */
export const spreadOption = new Option(
  "--spread",
  "spread stamps of one grain of the clock evenly inside it",
);

/** `--hold`. */
export const holdOption = new Option(
  "--hold <holds>",
  "holds for a trace of arrivals only, such as 5ms or exponential:mean=5ms",
);

/** `--view`. */
export const viewOption = new Option(
  "--view <elements>",
  "elements of a block trace: what the device was given, or what was asked for",
).choices(["request", "bio"] as const);

/** `--join`. */
export const joinOption = new Option(
  "--join <file>",
  "the other half of the recording: the iolog to a fio latency log, or the other way round",
);

/** A command that reads one trace. */
export function traceCommand(name: string) {
  return commonCommand(name)
    .addOption(unfinishedOption).addOption(spreadOption).addOption(holdOption)
    .addOption(viewOption).addOption(joinOption);
}

/** A bare time is a constant hold. */
export function holdNotation(text: string): string {
  return /^[\d.]/.test(text) ? `constant:${text}` : text;
}

/** How a trace is to be read. */
export async function traceOptions(
  options: ReadingOptions & { seed?: string | undefined },
): Promise<TraceOptions> {
  const { unfinished = "drop", spread = false, view = "request", join = null } = options;
  const hold = options.hold === undefined ? null : await holdOf(options.hold);
  return { unfinished, spread, hold, view, join, seed: await seedOf(options.seed) };
}

async function holdOf(text: string): Promise<TraceOptions["hold"]> {
  const [{ parseNotation }, holds] = await Promise.all([
    import("../workloads/notation.ts"),
    import("../workloads/holds/mod.ts"),
  ]);
  return await orRefused("--hold", () => parseNotation(holdNotation(text), holds, "hold"));
}

async function seedOf(text: string | undefined): Promise<number> {
  if (text === undefined) return 1;
  const { parseCount } = await import("../workloads/units.ts");
  return await orRefused("--seed", () => parseCount(text));
}

/** What is wrong with a value, as a sentence that names the option. */
export async function orRefused<T>(flag: string, parse: () => T): Promise<T> {
  const { UnitError } = await import("../workloads/units.ts");
  try {
    return parse();
  } catch (error) {
    throw error instanceof UnitError ? new Exit(2, `${flag}: ${error.message}`) : error;
  }
}
