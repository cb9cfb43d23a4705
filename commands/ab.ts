/**
 * `ab`: two checkouts in turns on this machine, and whether one is slower.
 *
 * @module
 */
import { type CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import type { BlockOptions } from "../results/block_comparison.ts";
import type { Comparison } from "../results/comparison.ts";
import { comparisonFormat } from "./comparison_format.ts";
import { examples } from "./declaration.ts";
import { Exit } from "./exit.ts";
import type { Io } from "./io.ts";
import { collect, commonCommand, type CommonOptions } from "./options.ts";

/** What the command line says. */
export type AbOptions = CommonOptions & {
  base: string;
  head?: string | undefined;
  budget: string;
  slice: string;
  warmup: string;
  workers?: string | undefined;
  minReserve?: string | undefined;
  policy?: string | undefined;
  set?: string[] | undefined;
  margin?: string[] | undefined;
  confidence: string;
  gate?: true | undefined;
  anyway?: true | undefined;
};

/** Declares `ab`. */
export function ab(io: Io): CommandUnknownOpts {
  return commonCommand("ab")
    .summary("run two checkouts in turns on this machine and judge the difference")
    .description(
      "Runs a scenario with two checkouts in turns, block by block: fresh processes, which take turns in slots of a few\n" +
        "milliseconds, base head head base or the other way round by lot, until it can tell or the budget is spent.\n" +
        "Loads whose workers wait for each other run in four slices a block instead. Without a scenario: contended.",
    )
    .argument("[scenario]", "a built-in scenario by name, or a file")
    .requiredOption("--base <dir>", "the checkout as it was before")
    .option("--head <dir>", "the checkout as it is now, if not this one")
    .option("--budget <time>", "how long it may take", "30s")
    .option("--slice <time>", "a block measures either side for two of these", "100ms")
    .option("--warmup <time>", "how long the load runs before", "100ms")
    .option("--workers <n>", "how many workers share the load")
    .option("--min-reserve <n>", "elements that the measured pool keeps in reserve")
    .option("--policy <name>", "policy of the measured pool: see list policies")
    .option("--set <key=value>", "any other key of the scenario, by dotted path", collect)
    .option(
      "--margin <measure=share>",
      "what does not matter, such as p99=5%, per measure",
      collect,
    )
    .addOption(
      new Option("--confidence <share>", "with which probability all rows are right together")
        .default("98%"),
    )
    .option("--gate", "end with status 1 where anything is slower, with 3 on a machine unfit")
    .option("--anyway", "let --gate stand on different scenarios too")
    .action((scenario, options) => runAb(scenario, options, io))
    .addHelpText(
      "after",
      examples(
        ["mempool-bench ab --base ../main", "this checkout against that one"],
        ["mempool-bench ab --base ../main --gate --format markdown", "for a pull request"],
        ["mempool-bench ab --base . --budget 10s", "this one against itself: what is nothing?"],
        ["mempool-bench ab --base a --head b canonical --budget 2m", "another load"],
      ),
    );
}

async function runAb(scenario: string | undefined, options: AbOptions, io: Io): Promise<void> {
  const format = await comparisonFormat(options);
  const { abPlan } = await import("./ab_plan.ts");
  const plan = await abPlan(scenario, options);
  using interruption = io.interruption();
  using output = io.output(options.output);
  const { runSession } = await import("./ab_session.ts");
  const comparison = await runSession(plan, {
    signal: interruption.signal,
    now: io.now,
    quiet: options.quiet === true,
    err: io.err,
  });
  if (comparison !== null) output.write(format.print([comparison], output));
  if (interruption.signal.aborted) throw new Exit(130);
  if (options.gate && comparison !== null) judge(comparison, options.anyway === true);
}

/** Margins and confidence of a session. */
export type Judging = Required<Pick<BlockOptions, "margins" | "confidence">>;

/** The gate: slower is status 1; a machine on which nothing can be judged is 3, and two scenarios are bad input. */
function judge({ scenario, session, rows, comparable, warnings }: Comparison, anyway: boolean) {
  if (!comparable && !anyway) {
    const [why] = warnings;
    throw new Exit(
      2,
      `${scenario}: ${why!.message}, so no gate can stand on them: ${
        why!.advice
      }, or give --anyway`,
    );
  }
  const { unfit } = session!;
  if (unfit !== null) throw new Exit(3, `machine unfit: ${unfit}`);
  const slower = rows.filter(({ verdict }) => verdict === "slower");
  if (slower.length === 0) return;
  throw new Exit(1, `slower: ${scenario} (${slower.map(({ measure }) => measure).join(", ")})`);
}
