/**
 * `history`: the local store of results.
 *
 * @module
 */
import { Argument, Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Result } from "../results/result.ts";
import type { Store, StoredResult } from "../results/store.ts";
import { examples } from "./declaration.ts";
import { Exit } from "./exit.ts";
import { fileText } from "./file_text.ts";
import { formatName, resultFormat } from "./formats.ts";
import { changesCommand } from "./history_changes.ts";
import type { Io } from "./io.ts";
import { commonCommand, type CommonOptions, storeOption } from "./options.ts";

type StoreOption = CommonOptions & { store?: string | undefined };

/** Which results. */
type WhichOptions = StoreOption & {
  scenario?: string | undefined;
  revision?: string | undefined;
  limit?: string | undefined;
};

/** Declares `history`. */
export function history(io: Io): CommandUnknownOpts {
  return new Command("history")
    .summary("the local store of results: list, show, changes, rm, export, import")
    .description(
      "Looks after the results that --save has kept: in one SQLite file in your data folder, or --store FILE.",
    )
    .helpCommand(false)
    .addCommand(listCommand(io))
    .addCommand(showCommand(io))
    .addCommand(changesCommand(io, filterOf))
    .addCommand(removeCommand(io))
    .addCommand(exportCommand(io))
    .addCommand(importCommand(io))
    .addHelpText(
      "after",
      examples(
        ["mempool-bench bench canonical --save", "keep a result"],
        ["mempool-bench history list --scenario canonical", "what there is of it"],
        ["mempool-bench history show 3f2a", "one of them, by the beginning of its id"],
        ["mempool-bench history changes", "since which revision a measure is another"],
        ["mempool-bench history export --output results.ndjson", "all, one a line"],
      ),
    );
}

function storeCommand(name: string) {
  return commonCommand(name).addOption(storeOption);
}

function whichCommand(name: string) {
  return storeCommand(name)
    .option("--scenario <name>", "only of the scenario of this name")
    .option("--revision <commit>", "only of the revision that begins like this")
    .option("--limit <n>", "only the newest so many");
}

function listCommand(io: Io): CommandUnknownOpts {
  return whichCommand("list")
    .summary("what there is, oldest first")
    .action(async (options) => {
      const format = formatName(options, ["table", "json"]);
      const filter = filterOf(options);
      using store = await io.store(options.store, { write: false });
      using output = io.output(options.output);
      const rows = store.list(filter);
      if (format === "json") output.write(`${JSON.stringify(rows, null, 2)}\n`);
      else output.write(rows.map(listLine).join("") || nothingListed(options));
    })
    .addHelpText("after", examples(["mempool-bench history list --limit 10", "the newest ten"]));
}

function nothingListed({ scenario, revision }: WhichOptions): string {
  const isAsked = scenario !== undefined || revision !== undefined;
  return isAsked ? "nothing of what is saved is of these\n" : "nothing is saved yet\n";
}

function listLine(row: StoredResult): string {
  const { id, startedAt, scenario, revision, partial } = row;
  const when = startedAt.slice(0, 19).replace("T", " ");
  // What was imported may be called anything: nobody's name steers somebody's terminal.
  const name = scenario.replace(/[\p{Cc}\p{Bidi_Control}]+/gu, " ");
  const which = revision === null ? "no revision" : revision.slice(0, 10);
  return `${id}  ${when}  ${which.padEnd(11)}  ${name}${partial ? " (partial)" : ""}\n`;
}

function showCommand(io: Io): CommandUnknownOpts {
  return storeCommand("show")
    .summary("one result, in any format")
    .addArgument(new Argument("<id>", "its id, or the beginning of it"))
    .action(async (id, options) => {
      const format = await resultFormat(options);
      using store = await io.store(options.store, { write: false });
      using output = io.output(options.output);
      output.write(format.print(found(store, id), output));
    })
    .addHelpText("after", examples(["mempool-bench history show 3f2a --json", "as it was saved"]));
}

function found(store: Store, id: string): Result {
  const result = store.get(id);
  if (result !== null) return result;
  throw new Exit(2, `history: there is no result ${JSON.stringify(id)}: see history list`);
}

function removeCommand(io: Io): CommandUnknownOpts {
  return storeCommand("rm")
    .summary("remove results")
    .addArgument(new Argument("<id...>", "their ids, or the beginnings of them"))
    .action(async (ids, options) => {
      using store = await io.store(options.store, { write: true });
      using output = io.output(options.output);
      // All are found before the first is gone.
      const results = ids.map((id) => found(store, id));
      const removed = results.filter(({ id }) => store.remove(id)).length;
      say(output, options, { removed }, `${removed} removed`);
    })
    .addHelpText("after", examples(["mempool-bench history rm 3f2a 77b0", "two of them"]));
}

function exportCommand(io: Io): CommandUnknownOpts {
  return whichCommand("export")
    .summary("results as JSON lines, to a file or stdout")
    .action(async (options: WhichOptions) => {
      const filter = filterOf(options);
      using store = await io.store(options.store, { write: false });
      using output = io.output(options.output);
      for (const result of store.all(filter)) output.write(`${JSON.stringify(result)}\n`);
    })
    .addHelpText(
      "after",
      examples(["mempool-bench history export --revision 9c1e --output base.ndjson", "a revision"]),
    );
}

function importCommand(io: Io): CommandUnknownOpts {
  return storeCommand("import")
    .summary("results from files: what bench --json or history export wrote")
    .addArgument(new Argument("<file...>", "JSON, or one result a line"))
    .action(async (files, options) => {
      const results = await resultsIn(files);
      using store = await io.store(options.store, { write: true });
      using output = io.output(options.output);
      const imported = store.saveAll(results);
      const known = results.length - imported;
      say(output, options, { imported, known }, `${imported} imported, ${known} there already`);
    })
    .addHelpText("after", examples(["mempool-bench history import base.ndjson", "from a file"]));
}

async function resultsIn(files: readonly string[]): Promise<Result[]> {
  const { parseResults } = await import("../results/result_schema.ts");
  return files.flatMap((file) => parseResults(fileText(file), file));
}

function say(
  output: { write(text: string): void },
  options: CommonOptions,
  facts: Readonly<Record<string, number>>,
  sentence: string,
): void {
  const format = formatName(options, ["table", "json"]);
  output.write(format === "json" ? `${JSON.stringify(facts)}\n` : `${sentence}\n`);
}

function filterOf({ scenario, revision, limit }: Omit<WhichOptions, keyof StoreOption>) {
  if (limit === undefined) return { scenario, revision };
  if (!/^[1-9]\d{0,8}$/.test(limit)) {
    throw new Exit(2, `--limit: ${JSON.stringify(limit)} is not allowed: give an integer from 1`);
  }
  return { scenario, revision, limit: Number(limit) };
}
