/**
 * From what stands on the command line to how a trace is read.
 *
 * @module
 */
import type { Command } from "@commander-js/extra-typings";
import type { TraceOptions } from "../workloads/traces/options.ts";
import { Exit } from "./exit.ts";
import { commonCommand, type CommonOptions } from "./options.ts";
import {
  holdOption,
  joinOption,
  type ReadingOptions,
  spreadOption,
  unfinishedOption,
  viewOption,
} from "./reading_options.ts";

/** A command that reads one trace. */
export function traceCommand(name: string): Command<[], CommonOptions & ReadingOptions> {
  return commonCommand(name)
    .addOption(unfinishedOption).addOption(spreadOption).addOption(holdOption)
    .addOption(viewOption).addOption(joinOption);
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
  return await orRefused("--hold", () => parseNotation(text, holds, "hold"));
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
