/**
 * `compare`: two results, row by row: the same, faster, slower, or cannot tell.
 *
 * @module
 */
import { Argument, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Comparison, Margins } from "../results/comparison.ts";
import { comparisonFormat } from "./comparison_format.ts";
import { examples } from "./declaration.ts";
import { Exit } from "./exit.ts";
import type { Io } from "./io.ts";
import { collect, commonCommand, type CommonOptions, storeOption } from "./options.ts";

type CompareOptions = CommonOptions & {
  store?: string | undefined;
  margin?: string[] | undefined;
  confidence: string;
  gate?: true | undefined;
  anyway?: true | undefined;
};

/** Declares `compare`. */
export function compare(io: Io): CommandUnknownOpts {
  return commonCommand("compare")
    .summary("compare two results: same, faster, slower or cannot tell")
    .description(
      "Compares two results row by row. Each is a file (bench --json), the id of a saved result, or the\n" +
        "revision of saved ones; results of several scenarios are compared scenario by scenario.\n" +
        "One file alone is a comparison that --json has printed, to be printed in another format.",
    )
    .addArgument(new Argument("<base>", "what it was before: a file, an id or a revision"))
    .addArgument(new Argument("[head]", "what it is now"))
    .addOption(storeOption)
    .option(
      "--margin <measure=share>",
      "what does not matter, such as p99=5%, per measure",
      collect,
    )
    .option("--confidence <share>", "with which probability all rows are right together", "95%")
    .option("--gate", "end with status 1 where anything is slower")
    .option("--anyway", "let --gate stand on different machines or scenarios too")
    .action((base, head, options) => compareAll({ base, head }, options, io))
    .addHelpText(
      "after",
      examples(
        ["mempool-bench compare base.json head.json", "two files of bench --repeat 10 --json"],
        ["mempool-bench compare 9c1e 41ab --gate", "two revisions, saved with bench --save"],
        ["mempool-bench compare a.json b.json --margin p99=10% --format markdown", "for a comment"],
        ["mempool-bench compare comparison.json --format markdown", "what --json has printed"],
      ),
    );
}

async function compareAll(
  { base, head }: { readonly base: string; readonly head: string | undefined },
  options: CompareOptions,
  io: Io,
): Promise<void> {
  const format = await comparisonFormat(options);
  if (head === undefined) {
    const printed = await printedComparisons(base, options);
    using output = io.output(options.output);
    return output.write(format.print(printed, output));
  }
  const { confidenceOf, marginsOf } = await import("./margins.ts");
  const margins = marginsOf(options.margin ?? []);
  const confidence = confidenceOf(options.confidence);
  const { operandPairs } = await import("./operands.ts");
  const pairs = await operandPairs({ base, head }, { io, store: options.store });
  using output = io.output(options.output);
  const comparisons = await comparisonsOf(pairs, { margins, confidence });
  output.write(format.print(comparisons, output));
  if (options.gate) judge(comparisons, options.anyway === true);
}

/** Comparisons out of a file; whoever printed them has judged them. */
async function printedComparisons(file: string, { gate }: CompareOptions): Promise<Comparison[]> {
  if (gate) throw new Exit(2, "compare: of what: --gate takes two results, a base and a head");
  const [{ parseComparisons }, { textOf }] = await Promise.all([
    import("../results/comparison_schema.ts"),
    import("./operands.ts"),
  ]);
  const text = textOf(file);
  if (text !== null) return parseComparisons(text, file);
  throw new Exit(2, `${file}: there is no such file: give two results, or a file of a comparison`);
}

type Pairs = Awaited<ReturnType<typeof import("./operands.ts").operandPairs>>;

async function comparisonsOf(
  pairs: Pairs,
  options: { readonly margins: Margins; readonly confidence: number },
): Promise<Comparison[]> {
  const { compareResults } = await import("../results/comparison.ts");
  const { default: jstat } = await import("jstat");
  const tQuantile = jstat.studentt.inv;
  return pairs.map(({ base, head }) => compareResults(base, head, { ...options, tQuantile }));
}

/** The gate: a regression is status 1; what cannot be compared is no reason to pass. */
function judge(comparisons: readonly Comparison[], anyway: boolean): void {
  const incomparable = comparisons.find(({ comparable }) => !comparable);
  if (incomparable !== undefined && !anyway) {
    const [why] = incomparable.warnings;
    throw new Exit(
      2,
      `${incomparable.scenario}: ${why!.message}, so no gate can stand on them: ${
        why!.advice
      }, or give --anyway`,
    );
  }
  const slower = comparisons.filter(({ rows }) => rows.some(({ verdict }) => verdict === "slower"));
  if (slower.length === 0) return;
  throw new Exit(1, `slower: ${slower.map(({ scenario }) => scenario).join(", ")}`);
}
