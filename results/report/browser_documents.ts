/**
 * What the browser is shown: two results with histograms of every level, a history with a step and a drift, a recommendation for
 * one pool and one for two, and a sweep, mixed.
 *
 * @module
 */
import { Histogram } from "../histogram.ts";
import { histogramText } from "../histogram_text.ts";
import { LEVEL_NAMES, type Result } from "../result.ts";
import { exampleResult } from "../testdata/example.ts";
import { exampleHistory } from "../testdata/example_history.ts";
import { exampleJoint, exampleRecommendation, exampleSweep } from "../testdata/example_sizing.ts";
import type { ReportDocument } from "./document.ts";

/** Pools of the results with histograms. */
export const POOLS: readonly string[] = ["bio", "bvec"];

/** Results of the history. */
export const HISTORY = 40;

/** From this result of the history on the throughput is a tenth less. */
export const STEP_AT = 25;

/** A result with a histogram of every level. */
export function recorded(id: string, startedAt: string): Result {
  const result = exampleResult({ repeats: 6, pools: POOLS });
  const histogram = new Histogram();
  for (let sample = 0; sample < 5000; sample++) histogram.record(100 + sample * sample % 1e6);
  const texts = [histogramText(histogram.toData()), ""];
  const of = { levels: LEVEL_NAMES.map(() => texts), response: texts };
  const histograms = Object.fromEntries(POOLS.map((name) => [name, of]));
  const runs = result.runs.map((run) => ({ ...run, histograms }));
  return { ...result, id, startedAt, runs };
}

/** A history under a name, and so under a hash, of its own. */
function history(): Result[] {
  const throughput = (index: number) => index < STEP_AT ? 1 : 0.9;
  const waits = (index: number) => 1 + 0.4 * Math.min(1, Math.max(0, (index - 9) / 20));
  return exampleHistory({ results: HISTORY, throughput, waits }).map((result) => ({
    ...result,
    scenario: { ...result.scenario, name: "branch", pressure: { kind: "none" } },
  }));
}

/** All of them. */
export function exampleDocuments(): ReportDocument[] {
  return [
    recorded("a", "2026-01-01T00:00:00Z"),
    exampleRecommendation(),
    ...history(),
    recorded("b", "2026-01-02T00:00:00Z"),
    exampleSweep(),
    exampleJoint(),
  ];
}
