/**
 * All commands under one name: their common behaviour (help, version, refusals, colours, widths) is set
 * here once, so that a command's own file has nothing of it.
 *
 * @module
 */
import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { bold, cyan } from "@std/fmt/colors";
import { type Declare, examples } from "./declaration.ts";
import type { Io, TextSink } from "./io.ts";
import * as registry from "./mod.ts";
import { refusal } from "./refusal.ts";

const commands: Readonly<Record<string, Declare>> = registry;

const HELP_COLUMNS_MAX = 100;

/** The whole command line. It throws instead of exiting, and prints through `io` only. */
export function declareProgram(io: Io, version: string): Command {
  const program = new Command("mempool-bench")
    .description(
      "Measures memory pools that never fail: reserves over any allocator, level by level.",
    )
    .helpCommand(false)
    .configureHelp({ styleTitle: bold, styleCommandText: cyan, styleOptionText: cyan });
  adopt(program, io, version);
  for (const declare of Object.values(commands)) {
    const command = declare(io);
    program.addCommand(command.copyInheritedSettings(program));
    adoptAll(command, io, version);
  }
  return program.addHelpText(
    "after",
    examples(
      ["mempool-bench bench", "the canonical scenario, all five levels"],
      ["mempool-bench list scenarios", "what else there is to run"],
      ["mempool-bench doctor", "what this machine can show"],
    ),
  );
}

/** A command and those under it. */
function adoptAll(command: CommandUnknownOpts, io: Io, version: string): void {
  adopt(command, io, version);
  for (const each of command.commands) {
    each.copyInheritedSettings(command);
    adoptAll(each, io, version);
  }
}

function adopt(command: CommandUnknownOpts, io: Io, version: string): void {
  command
    .version(version, "--version", "print the version")
    .helpOption("--help", "print this help")
    .exitOverride((error) => {
      throw refusal(command, error);
    })
    .configureOutput({
      writeOut: (text) => io.out.write(text),
      writeErr: (text) => io.err.write(text),
      // The refusal says it all, once.
      outputError: () => {},
      getOutHasColors: () => io.out.color,
      getErrHasColors: () => io.err.color,
      getOutHelpWidth: () => widthOf(io.out),
      getErrHelpWidth: () => widthOf(io.err),
    });
}

function widthOf(sink: TextSink): number {
  return sink.columns === 0 ? HELP_COLUMNS_MAX : Math.min(sink.columns, HELP_COLUMNS_MAX);
}
