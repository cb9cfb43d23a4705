/**
 * `history changes`: what changed over the history of a branch, and since which revision.
 *
 * @module
 */
import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import type { ChangeFormat } from "../results/change_formats/format.ts";
import type { HistoryChanges } from "../results/changes.ts";
import type { Margins } from "../results/comparison.ts";
import type { Result } from "../results/result.ts";
import type { StoredResult, StoreFilter } from "../results/store.ts";
import { examples } from "./declaration.ts";
import { Exit } from "./exit.ts";
import { formatName } from "./formats.ts";
import type { Io } from "./io.ts";
import { collect, commonCommand, type CommonOptions, storeOption } from "./options.ts";
import { readRevisions } from "./revision_list.ts";

/** Results of a history that are looked at where nothing is said. */
const LIMIT = "200";

type ChangesOptions = CommonOptions & {
  store?: string | undefined;
  scenario?: string | undefined;
  limit: string;
  revisions?: string | undefined;
  metric?: string[] | undefined;
  margin?: string[] | undefined;
  confidence: string;
};

/** Declares `history changes`. `filterOf` reads what the subcommands of `history` share. */
export function changesCommand(
  io: Io,
  filterOf: (options: { scenario?: string | undefined; limit?: string | undefined }) => StoreFilter,
): CommandUnknownOpts {
  return commonCommand("changes")
    .summary("since which revision a measure is another: steps and slow drifts")
    .description(
      "Looks for changes over the saved results of each scenario and machine, oldest first, and names the\n" +
        "revision with which each began. Give it the commits of a branch to follow that branch alone.",
    )
    .addOption(storeOption)
    .option("--scenario <name>", "only of the scenario of this name")
    .option("--metric <name>", "only this measure, such as throughput or p99", collect)
    .option("--revisions <file>", "only these commits, one a line, oldest first, and in this order")
    .option("--limit <n>", "only the newest so many of each", LIMIT)
    .option("--margin <measure=share>", "what does not matter, such as p99=5%", collect)
    .option("--confidence <share>", "that nothing is called a change that is none", "95%")
    .action(async (options: ChangesOptions) => {
      const format = await changeFormat(options);
      const { confidenceOf, marginsOf, measuresOf } = await import("./margins.ts");
      const margins = marginsOf(options.margin ?? []);
      const measures = measuresOf(options.metric ?? [], margins);
      const confidence = confidenceOf(options.confidence);
      const { scenario, limit } = filterOf(options);
      const revisions = options.revisions === undefined ? null : readRevisions(options.revisions);
      using store = await io.store(options.store, { write: false });
      using output = io.output(options.output);
      const rows = ordered(store.list({ scenario }), revisions);
      const results = newestOf(rows, limit!).flatMap(({ id }) => store.get(id) ?? []);
      const histories = await allChanges(results, { margins, measures, confidence });
      if (histories.length === 0) throw new Exit(2, nothing(options));
      output.write(format.print(histories, output));
    })
    .addHelpText(
      "after",
      examples(
        ["mempool-bench history changes --scenario canonical", "what changed, and since when"],
        ["mempool-bench history changes --metric throughput", "fewer results are enough for one"],
        ["git rev-list --first-parent --reverse main > main.txt", "the commits of a branch"],
        ["mempool-bench history changes --revisions main.txt", "that branch alone, in its order"],
      ),
    );
}

async function changeFormat(options: CommonOptions): Promise<ChangeFormat> {
  const formats: Readonly<Record<string, ChangeFormat>> = await import(
    "../results/change_formats/mod.ts"
  );
  return formats[formatName(options, Object.keys(formats))]!;
}

function nothing({ scenario, revisions }: ChangesOptions): string {
  const of = scenario === undefined ? "" : ` of the scenario ${JSON.stringify(scenario)}`;
  const on = revisions === undefined ? "" : ` with a revision that ${revisions} names`;
  return `history changes: there is no result${of}${on}: see history list`;
}

/** In the order of the revisions, where it is given; else as they are, the oldest first. */
function ordered(rows: readonly StoredResult[], revisions: readonly string[] | null) {
  if (revisions === null) return rows;
  const placed = rows.flatMap((row) => {
    const { revision } = row;
    const place = revision === null ? -1 : revisions.findIndex((each) => revision.startsWith(each));
    return place < 0 ? [] : [{ row, place }];
  });
  return placed.toSorted((a, b) => a.place - b.place).map(({ row }) => row);
}

/** The newest so many of each history, in the order in which they were. */
function newestOf(rows: readonly StoredResult[], limit: number): StoredResult[] {
  const whole = rows.filter(({ partial }) => !partial);
  const histories = Map.groupBy(whole, (row) => `${row.scenarioHash} ${row.machine}`);
  return [...histories.values()].flatMap((history) => history.slice(-limit));
}

async function allChanges(
  results: readonly Result[],
  options: {
    readonly margins: Margins;
    readonly measures: readonly string[] | undefined;
    readonly confidence: number;
  },
): Promise<HistoryChanges[]> {
  const { changesOf, historiesOf } = await import("../results/changes.ts");
  const { default: jstat } = await import("jstat");
  const tQuantile = jstat.studentt.inv;
  return historiesOf(results).map((history) => changesOf(history, { ...options, tQuantile }));
}
