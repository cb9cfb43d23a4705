/**
 * `bench`: runs scenarios with real workers and prints percentile latencies and per-level hit rates.
 *
 * @module
 */
import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import type { ResultFormat } from "../results/formats/format.ts";
import type { Result } from "../results/result.ts";
import type { Scenario } from "../workloads/scenario.ts";
import { examples } from "./declaration.ts";
import { Exit } from "./exit.ts";
import { resultFormat } from "./formats.ts";
import type { Io, TextSink } from "./io.ts";
import { runningCommand, type RunningOptions } from "./options.ts";
import type { PacedOptions } from "./paced.ts";
import { progressBar } from "./progress.ts";
import { revisionAt } from "./revision.ts";

/** Declares `bench`. */
export function bench(io: Io): CommandUnknownOpts {
  return runningCommand("bench")
    .summary("run scenarios and print their latencies and hit rates")
    .description(
      "Runs scenarios with real workers and prints percentile latencies and per-level hit rates.\n" +
        "A built-in name (see list scenarios) or a file each; without any, the canonical one.",
    )
    .option("--paced", "a repeat for each line on stdin, answered by a line of JSON: see ab")
    .argument("[scenario...]", "built-in scenarios by name, or files")
    .action((named, options) => benchAll(named, options, io))
    .addHelpText(
      "after",
      examples(
        ["mempool-bench bench", "the canonical scenario"],
        ["mempool-bench bench --min-reserve 8 --policy linux", "the same, another reserve"],
        ["mempool-bench bench canonical my.jsonc --json", "several, as one document"],
        ["mempool-bench bench --set memory.pages=1024", "any other key"],
        ["mempool-bench bench --trace app.mtrace --speed 2x", "replay a recorded trace"],
      ),
    );
}

async function benchAll(
  named: string[],
  options: RunningOptions & PacedOptions,
  io: Io,
): Promise<void> {
  if (options.paced) return await (await import("./paced.ts")).runPaced(named, options, io);
  const format = await resultFormat(options);
  const { loadVariants } = await import("./scenarios.ts");
  const groups = await loadVariants(named, options);
  using interruption = io.interruption();
  using store = options.save ? await io.store(options.store, { write: true }) : null;
  using output = io.output(options.output);
  const printer = printerFor(format, output);
  const keep: Keep = (result) => {
    printer.print(result);
    store?.save(result);
  };
  try {
    for (const variants of groups) {
      const results = await runAll(variants, { io, signal: interruption.signal, options, keep });
      if (results.length > 1) printer.compare(results);
      if (interruption.signal.aborted) throw new Exit(130);
    }
  } catch (error) {
    throw await failureOf(error, keep);
  } finally {
    printer.end();
  }
}

/** Prints a result, and stores it where that is wanted. */
type Keep = (result: Result) => void;

interface Running {
  readonly io: Io;
  readonly signal: AbortSignal;
  readonly options: RunningOptions;
  readonly keep: Keep;
}

/** Runs the variants of a scenario, or the one that it is; where one fails, what is known of the others is kept before it. */
async function runAll(variants: readonly Scenario[], running: Running): Promise<Result[]> {
  const { io, signal, options: { quiet = false }, keep } = running;
  const { RunError, runInterleaved } = await import("../workloads/runner.ts");
  const revision = revisionAt(new URL("../", import.meta.url));
  using bars = new DisposableStack();
  const known = new Map<string, Result>();
  const runnings = variants.map((scenario) => {
    const bar = progressBar(io.err, { name: scenario.name, quiet, now: io.now });
    return { scenario, options: { signal, revision, onProgress: bars.use(bar).update } };
  });
  try {
    const results = await runInterleaved(runnings, (result) => {
      known.set(result.scenario.name, result);
    });
    // An interruption may have come before others had begun.
    const measured = results.filter(({ runs }, index) => index === 0 || runs.length > 0);
    for (const result of measured) keep(result);
    return measured;
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    if (error.result !== null) known.delete(error.result.scenario.name);
    for (const result of known.values()) keep(result);
    throw error;
  }
}

/** A run that failed by itself is an exit with status 3; what is known of it is kept. */
async function failureOf(error: unknown, keep: Keep): Promise<unknown> {
  const { RunError } = await import("../workloads/runner.ts");
  if (!(error instanceof RunError)) return error;
  if (error.result !== null) keep(error.result);
  return new Exit(3, error.message);
}

interface Printer {
  readonly print: (result: Result) => void;
  compare(results: readonly Result[]): void;
  end(): void;
}

/** Prints each result as it comes, or all at the end where the format makes one document of them. */
function printerFor(format: ResultFormat, sink: TextSink): Printer {
  const texts: string[] = [];
  const { color, columns } = sink;
  const add = (text: string) => {
    if (format.join === undefined) sink.write(texts.length === 0 ? text : `\n${text}`);
    texts.push(text);
  };
  return {
    print: (result) => add(format.print(result, { color, columns })),
    compare(results) {
      if (format.compare !== undefined) add(format.compare(results, { color, columns }));
    },
    end(): void {
      const [only] = texts;
      if (format.join === undefined || only === undefined) return;
      sink.write(texts.length === 1 ? only : format.join(texts));
    },
  };
}
