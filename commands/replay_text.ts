/**
 * The replay of a trace as a scenario file: what the trace says of itself as a comment, then a pool for each size of block.
 *
 * @module
 */
import { dirname, relative, resolve } from "node:path";
import type { TraceOptions } from "../workloads/traces/options.ts";
import { traceStatistics } from "../workloads/traces/statistics.ts";
import type { CommonOptions } from "./options.ts";
import type { ReadingOptions } from "./reading_options.ts";
import { replayOf } from "./scenarios.ts";
import { traceOptions } from "./trace_options.ts";
import { traceText } from "./trace_text.ts";

/** So that a line fits where others do, with its comment sign. */
const COLUMNS = 96;

/** How a trace is read, as far as a scenario file says so. */
const READING = ["unfinished", "spread", "view", "join", "hold"] as const;

/**
 * The text of a scenario that replays a trace, to be written to `options.output`, from whose folder its paths start.
 *
 * @throws {TraceError} where the trace cannot be read.
 */
export async function replayText(
  trace: string,
  options: CommonOptions & ReadingOptions,
): Promise<string> {
  const reading = await traceOptions(options);
  const statistics = await traceStatistics(trace, reading);
  const summary = traceText(trace, statistics, { color: false, columns: COLUMNS });
  const template = await replayOf(trace, reading);
  const pathFrom = (path: string) => relativePath(options.output, path);
  const scenario = {
    ...template,
    workload: {
      ...template.workload,
      ...given(options, reading, pathFrom),
      trace: pathFrom(trace),
    },
    ...(options.seed === undefined ? {} : { seed: reading.seed }),
  };
  const lines = [...summary.trimEnd().split("\n"), "", "Paths start from this file's folder."];
  return `${lines.map(commented).join("\n")}\n${JSON.stringify(scenario, null, 2)}\n`;
}

/** What was said on the command line of how to read the trace. */
function given(
  options: ReadingOptions,
  reading: TraceOptions,
  pathFrom: (path: string) => string,
): Partial<TraceOptions> {
  const keys = READING.filter((key) => options[key] !== undefined);
  const { join } = reading;
  return {
    ...Object.fromEntries(keys.map((key) => [key, reading[key]])),
    ...(join === null ? {} : { join: pathFrom(join) }),
  };
}

/** A path from the folder of a file, or from the current folder where there is none. */
function relativePath(file: string | undefined, path: string): string {
  const folder = dirname(resolve(file ?? "scenario.jsonc"));
  const from = relative(folder, resolve(path)).replaceAll("\\", "/");
  return from.startsWith("../") ? from : `./${from}`;
}

function commented(line: string): string {
  return `// ${line}`.trimEnd();
}
