/**
 * `bench`: runs scenarios with real workers and prints percentile latencies and per-level hit rates.
 *
 * @module
 */
import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import type { ResultFormat } from "../results/formats/format.ts";
import type { Result } from "../results/result.ts";
import type { Store } from "../results/store.ts";
import type { Scenario } from "../workloads/scenario.ts";
import { examples } from "./declaration.ts";
import { Exit } from "./exit.ts";
import { resultFormat } from "./formats.ts";
import type { Io, TextSink } from "./io.ts";
import { runningCommand, type RunningOptions } from "./options.ts";
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

async function benchAll(named: string[], options: RunningOptions, io: Io): Promise<void> {
  const format = await resultFormat(options);
  const { loadScenarios } = await import("./scenarios.ts");
  const scenarios = await loadScenarios(named, options);
  using interruption = io.interruption();
  using store = options.save ? await io.store(options.store, { write: true }) : null;
  using output = io.output(options.output);
  const printer = printerFor(format, output);
  try {
    for (const scenario of scenarios) {
      const result = await runOne(scenario, { io, signal: interruption.signal, options });
      printer.print(result);
      store?.save(result);
      if (interruption.signal.aborted) throw new Exit(130);
    }
  } catch (error) {
    throw await failureOf(error, { print: printer.print, store });
  } finally {
    printer.end();
  }
}

interface Running {
  readonly io: Io;
  readonly signal: AbortSignal;
  readonly options: RunningOptions;
}

async function runOne(scenario: Scenario, { io, signal, options }: Running): Promise<Result> {
  const { runScenario } = await import("../workloads/runner.ts");
  const { quiet = false } = options;
  using progress = progressBar(io.err, { name: scenario.name, quiet, now: io.now });
  return await runScenario(scenario, {
    signal,
    onProgress: progress.update,
    revision: revisionAt(new URL("../", import.meta.url)),
  });
}

/** A run that failed by itself is an exit with status 3; what is known of it is printed. */
async function failureOf(
  error: unknown,
  { print, store }: Pick<Printer, "print"> & { readonly store: Store | null },
): Promise<unknown> {
  const { RunError } = await import("../workloads/runner.ts");
  if (!(error instanceof RunError)) return error;
  if (error.result !== null) {
    print(error.result);
    store?.save(error.result);
  }
  return new Exit(3, error.message);
}

interface Printer {
  print(result: Result): void;
  end(): void;
}

/** Prints each result as it comes, or all at the end where the format makes one document of them. */
function printerFor(format: ResultFormat, sink: TextSink): Printer {
  const texts: string[] = [];
  const { color, columns } = sink;
  return {
    print(result: Result): void {
      const text = format.print(result, { color, columns });
      if (format.join === undefined) sink.write(texts.length === 0 ? text : `\n${text}`);
      texts.push(text);
    },
    end(): void {
      const [only] = texts;
      if (format.join === undefined || only === undefined) return;
      sink.write(texts.length === 1 ? only : format.join(texts));
    },
  };
}
