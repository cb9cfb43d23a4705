/**
 * `completions`: what a shell needs to complete this command line, generated from the declarations.
 *
 * @module
 */
import { Argument, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { examples } from "./declaration.ts";
import { formatName } from "./formats.ts";
import type { Io } from "./io.ts";
import { commonCommand } from "./options.ts";

/** Declares `completions`. */
export function completions(io: Io): CommandUnknownOpts {
  return commonCommand("completions")
    .summary("shell completion for bash, zsh or fish")
    .description(
      "Prints what a shell needs to complete commands, options and their values. It is as of now: print\n" +
        "it again after an update.",
    )
    .addArgument(new Argument("<shell>", "whose").choices(["bash", "zsh", "fish"] as const))
    .action(async (shell, options, command) => {
      const format = formatName(options, ["table", "json"]);
      const [{ completable }, { SCRIPTS }] = await Promise.all([
        import("./completable.ts"),
        import("./completion_scripts.ts"),
      ]);
      const places = await completable(command.parent!);
      using output = io.output(options.output);
      output.write(
        format === "json" ? `${JSON.stringify(places, null, 2)}\n` : SCRIPTS[shell](places),
      );
    })
    .addHelpText(
      "after",
      examples(
        ["source <(mempool-bench completions bash)", "in ~/.bashrc"],
        ["source <(mempool-bench completions zsh)", "in ~/.zshrc, after compinit"],
        ["mempool-bench completions fish | source", "in ~/.config/fish/config.fish"],
      ),
    );
}
