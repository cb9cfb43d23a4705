/**
 * What the argument parser refuses, as one sentence: what was found, what may have been meant, and what is
 * allowed. The parser's own messages have several lines and name no alternatives.
 *
 * @module
 */
import type { CommanderError, CommandUnknownOpts } from "@commander-js/extra-typings";
import { Exit } from "./exit.ts";

/** The parser's error about `command` as an {@linkcode Exit}; help and version, which end well, as they are. */
export function refusal(command: CommandUnknownOpts, error: CommanderError): Error {
  if (error.exitCode === 0) return error;
  if (error.code === "commander.help") {
    return new Exit(
      2,
      `${command.name()}: no command${allowed(command, "commander.unknownCommand")}`,
    );
  }
  return new Exit(2, `${oneSentence(error.message)}${allowed(command, error.code)}`);
}

/** `error: unknown option '--wrokers'\n(Did you mean --workers?)` without its label and its line break. */
function oneSentence(message: string): string {
  return message
    .replace(/^error: /, "")
    .replace(/\s*\n\(Did you mean /, " (did you mean ")
    .replace(/\. (\w)/g, (_, letter: string) => `: ${letter.toLowerCase()}`)
    .replace(/\.$/, "");
}

function allowed(command: CommandUnknownOpts, code: string): string {
  const of = command.parent === null ? "" : ` of ${command.name()}`;
  switch (code) {
    case "commander.unknownCommand":
      return `: the commands are ${command.commands.map((each) => each.name()).join(", ")}`;
    case "commander.unknownOption":
      return `: the options${of} are ${longOptions(command).join(", ")}`;
    default:
      return `: see ${
        [command.parent?.name(), command.name(), "--help"].filter(Boolean).join(" ")
      }`;
  }
}

function longOptions(command: CommandUnknownOpts): string[] {
  const options = command.createHelp().visibleOptions(command);
  return options.map((option) => option.long ?? option.flags);
}
