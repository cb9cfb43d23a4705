/**
 * What the GitHub action benchmark-action/github-action-benchmark takes as `customSmallerIsBetter` and
 * `customBiggerIsBetter`: an array of named values. One file has one direction, so there are two formats. The action
 * compares by ratio, which a value of 0 makes infinite or undefined: what can be 0 (counters, rates) is left out.
 *
 * @module
 */
import { type Measure, type MeasureRow, measureRows } from "../measures.ts";
import type { Result } from "../result.ts";
import { estimate, REPEATS_FOR_INTERVAL } from "../summary.ts";
import { settings } from "./facts.ts";
import type { ResultFormat } from "./format.ts";
import { rowPath } from "./row_path.ts";

/** One value, as the action takes it. */
interface Entry {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  /** The interval over the repeats, as text; left out where there are too few. */
  readonly range?: string;
  /** What the action shows beside the value. */
  readonly extra: string;
}

/** Latencies, for GitHub. */
export const githubSmaller: ResultFormat = {
  summary: "latencies for github-action-benchmark (customSmallerIsBetter)",
  print: (result) => entriesText(result, "lower"),
  join: joined,
};

/** Throughput, for GitHub. */
export const githubBigger: ResultFormat = {
  summary: "throughput for github-action-benchmark (customBiggerIsBetter)",
  print: (result) => entriesText(result, "higher"),
  join: joined,
};

function entriesText(result: Result, better: Measure["better"]): string {
  const rows = measureRows(result).filter(({ measure, values }) =>
    measure.better === better && measure.unit !== "share" && values.every((value) => value > 0)
  );
  return JSON.stringify(rows.map((row) => entryOf(result, row)), null, 2) + "\n";
}

function entryOf(result: Result, row: MeasureRow): Entry {
  const { measure, values } = row;
  const { median, low, high } = estimate(values);
  return {
    name: `${rowPath(result, row)} ${measure.name}`,
    unit: measure.unit === "ns" ? "ns" : "ops/s",
    value: median,
    ...(low === null ? {} : { range: `${low} to ${high}` }),
    extra: [
      ...settings(result),
      ...(low === null ? [`no interval: that needs ${REPEATS_FOR_INTERVAL} runs`] : []),
      ...result.warnings.map(({ code }) => `warning: ${code}`),
    ].join("\n"),
  };
}

function joined(texts: readonly string[]): string {
  return JSON.stringify(texts.flatMap((text) => JSON.parse(text)), null, 2) + "\n";
}
