/**
 * `tune`: the interactive session. Move the reserve or the policy and see at once what a simulation says of it, run the real
 * thing on a key, write what was chosen.
 *
 * @module
 */
import { Argument, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { examples } from "./declaration.ts";
import { Exit } from "./exit.ts";
import { formatName } from "./formats.ts";
import type { Target } from "../results/recommendation.ts";
import type { Io, TextSink } from "./io.ts";
import { runningCommand, type RunningOptions } from "./options.ts";
import { revisionAt } from "./revision.ts";
import type { Sitting, TuneWorld } from "./tune_world.ts";
import type { TunedScenario } from "./tuned_scenario.ts";

type TuneOptions = RunningOptions & { slo: string };

/** Declares `tune`. */
export function tune(io: Io): CommandUnknownOpts {
  return runningCommand("tune")
    .summary("move the reserve with the arrow keys and see what that does")
    .description(
      "An interactive session: move the reserve and the policy of a pool with the arrow keys and see at\n" +
        "once, from a simulation, its hit rates, tail and bytes, and whether a target is met; run it with\n" +
        "real workers on a key, and write what was chosen to a scenario file. Without a terminal it takes\n" +
        "the same commands from stdin, a line each; `help` lists them.",
    )
    .addArgument(new Argument("[scenario]", "a built-in scenario by name, or a file"))
    .option("--slo <target>", '"wait rate < 1%" or "wait p99.9 < 1ms"', "wait rate < 1%")
    .action((named, options) => sit(named, options, io))
    .addHelpText(
      "after",
      examples(
        ["mempool-bench tune", "choose a scenario, then tune it"],
        ["mempool-bench tune outages --slo 'wait p99.9 < 1ms'", "with a target of its own"],
        ["mempool-bench tune --trace app.mtrace", "what a program really did"],
        ["echo 'reserve 24' | mempool-bench tune outages --json", "from a script"],
      ),
    );
}

/** Options that change nothing of the scenario. */
const HARMLESS: readonly string[] = ["slo", "quiet", "verbose"];

async function sit(named: string | undefined, options: TuneOptions, io: Io): Promise<void> {
  const isJson = formatName(options, ["table", "json"]) === "json";
  const { parseTarget } = await import("../tuning/target.ts");
  const target = parseTarget(options.slo);
  // A document stands alone on stdout, so what is said before it goes elsewhere.
  const talking: Talking = {
    sink: isJson ? io.err : io.out,
    lines: io.input.lines()[Symbol.asyncIterator](),
    hasScreen: !isJson,
  };
  const name = named ?? (options.trace === undefined ? await choose(talking, io) : undefined);
  if (name === null) return;
  const { tunedScenario } = await import("./tuned_scenario.ts");
  const tuned = await tunedScenario(name, options);
  const sitting = await sitWith(tuned, target, talking, { options, io });
  const { benchLine, outcomeOf, outcomeText } = await import("./tune_outcome.ts");
  const outcome = outcomeOf(sitting.session, tuned.settings);
  using output = io.output(options.output);
  output.write(isJson ? `${JSON.stringify(outcome, null, 2)}\n` : outcomeText(outcome));
  const isPlain = Object.keys(options).every((option) => HARMLESS.includes(option));
  if (io.out.isTerminal && name !== undefined && isPlain) io.out.write(benchLine(name, outcome));
  if (sitting.interrupted) throw new Exit(130);
}

/** How the session talks with its user. */
interface Talking {
  readonly sink: TextSink;
  readonly lines: AsyncIterator<string>;
  /** Whether a whole screen may be taken where there is one. */
  readonly hasScreen: boolean;
}

/** A scenario out of those that there are; null where the user leaves. */
async function choose(
  { sink, lines, hasScreen }: Talking,
  io: Io,
): Promise<string | null> {
  const { chooseByKey, chooseByLine } = await import("./scenario_choice.ts");
  using screen = hasScreen ? await io.screen() : null;
  if (screen !== null) return await chooseByKey(screen, io.out.color);
  return await chooseByLine(lines, sink);
}

async function sitWith(
  tuned: TunedScenario,
  target: Target,
  { sink, lines, hasScreen }: Talking,
  { options, io }: { readonly options: TuneOptions; readonly io: Io },
): Promise<Sitting> {
  const { beginSession } = await import("../tuning/session/session.ts");
  const session = beginSession(tuned.tuned, tuned.settings, target);
  using interruption = io.interruption();
  using store = options.save ? await io.store(options.store, { write: true }) : null;
  const world: TuneWorld = {
    ...{ io, tuned, signal: interruption.signal },
    keep: (result) => store?.save(result),
    revision: revisionAt(new URL("../", import.meta.url)),
  };
  using screen = hasScreen ? await io.screen() : null;
  if (screen !== null) {
    const { sitAtScreen } = await import("./tune_screen.ts");
    return await sitAtScreen(session, screen, world);
  }
  const { talk } = await import("./tune_dialogue.ts");
  return await talk(session, world, { lines, sink, quiet: options.quiet ?? false });
}
