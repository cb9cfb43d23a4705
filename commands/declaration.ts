/**
 * What a file of this folder exports: a command declared, with its options, its examples and what it does.
 *
 * A declaration loads nothing but its own file, since `--help` pays for all of them; what does the work is
 * imported when the command is carried out.
 *
 * @module
 */
import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Io } from "./io.ts";

/** Declares a command that acts through `io`. One file, one line in `mod.ts`. */
export type Declare = (io: Io) => CommandUnknownOpts;

/** The last part of a command's help: command lines, each with what it is for. */
export function examples(
  ...lines: readonly (readonly [command: string, purpose: string])[]
): string {
  const width = Math.max(...lines.map(([command]) => command.length));
  const text = lines.map(([command, purpose]) => `  ${command.padEnd(width)}  # ${purpose}`);
  return ["", "Examples:", ...text].join("\n");
}
