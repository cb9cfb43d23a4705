/**
 * Which format an answer is printed in.
 *
 * @module
 */
import type { ResultFormat } from "../results/formats/format.ts";
import { didYouMean, oneOf } from "../workloads/did_you_mean.ts";
import { Exit } from "./exit.ts";
import type { CommonOptions } from "./options.ts";

/** The format's name: what `--format` says, `json` for `--json`, else `table`. */
export function formatName(options: CommonOptions, known: readonly string[]): string {
  const { json, format } = options;
  if (json && format !== undefined && format !== "json") {
    throw new Exit(2, `--json and --format ${format} contradict each other: give one of them`);
  }
  const name = json ? "json" : format ?? "table";
  if (known.includes(name)) return name;
  throw new Exit(
    2,
    `--format: there is no format ${JSON.stringify(name)}: give ${oneOf(known)}${
      didYouMean(name, known)
    }`,
  );
}

/** The format of a result. */
export async function resultFormat(options: CommonOptions): Promise<ResultFormat> {
  const formats: Readonly<Record<string, ResultFormat>> = await import("../results/formats/mod.ts");
  const format = formats[formatName(options, Object.keys(formats))]!;
  await format.load?.();
  return format;
}
