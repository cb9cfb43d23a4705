/**
 * What weakens a comparison, or forbids it, before any number is looked at.
 *
 * @module
 */
import { machineOf, scenarioHash } from "./identity.ts";
import type { Result, Warning } from "./result.ts";
import { VALUES_LEAST } from "./welch.ts";

/** Measured further apart than this, a machine may have changed its speed in between, milliseconds. */
const APART_MS = 10 * 60_000;

/** Warnings under which no gate may stand. */
const NOT_COMPARABLE: readonly string[] = ["other-machine", "other-scenario"];

/** Whether a gate may stand on a comparison with these warnings. */
export function isComparable(warnings: readonly Warning[]): boolean {
  return warnings.every(({ code }) => !NOT_COMPARABLE.includes(code));
}

/** What to know of the sides before believing their comparison. */
export function comparisonWarnings(
  base: readonly Result[],
  head: readonly Result[],
): Warning[] {
  const warnings: Warning[] = [];
  const all = [...base, ...head];
  const kinds = (of: (result: Result) => string) => new Set(all.map(of)).size;
  if (kinds(({ environment }) => machineOf(environment)) > 1) {
    warnings.push({
      code: "other-machine",
      message: "the results are of different machines",
      advice: "measure both on one machine, in turns",
    });
  }
  if (kinds(scenarioHash) > 1) {
    warnings.push({
      code: "other-scenario",
      message: "the results are of different scenarios, whatever their names",
      advice: "run the same scenario on both sides",
    });
  }
  const versions = (side: readonly Result[]) => side.map(({ environment }) => environment.deno);
  const [before, after] = [new Set(versions(base)), new Set(versions(head))];
  if (new Set([...before, ...after]).size > 1) {
    warnings.push({
      code: "other-deno",
      message: `the base ran on Deno ${[...before].join(" and ")}, the head on ${
        [...after].join(" and ")
      }, and a difference may be of these`,
      advice: "run both on one version to compare the code alone",
    });
  }
  const repeats = (side: readonly Result[]) => side.reduce((sum, { runs }) => sum + runs.length, 0);
  const fewest = Math.min(repeats(base), repeats(head));
  if (fewest < VALUES_LEAST) {
    warnings.push({
      code: "few-repeats",
      message: `a side has ${
        fewest === 1 ? "1 repeat" : `${fewest} repeats`
      }, and nothing can be told from fewer than ${VALUES_LEAST}`,
      advice: "measure with --repeat 10",
    });
  }
  const times = (side: readonly Result[]) => side.map(({ startedAt }) => Date.parse(startedAt));
  if (Math.abs(Math.min(...times(head)) - Math.max(...times(base))) > APART_MS) {
    warnings.push({
      code: "apart",
      message:
        "the sides were measured at different times, and no interval covers what changed on the machine meanwhile",
      advice: "measure both sides anew, in turns, before a decision",
    });
  }
  if (all.some(({ partial }) => partial)) {
    warnings.push({
      code: "partial",
      message: "a result was stopped before its end",
      advice: "run it to its end",
    });
  }
  return warnings;
}

/** What to know of rows that one side alone has, by their names. */
export function leftOut(rows: readonly string[]): Warning[] {
  const [first] = rows;
  if (first === undefined) return [];
  const which = rows.length === 1 ? `${first} is` : `${rows.length} rows, such as ${first}, are`;
  return [{
    code: "one-sided-rows",
    message: `${which} not compared: missing, or 0, in a repeat of one side and not of the other`,
    advice: "look at both results, or measure longer, so that each percentile has samples enough",
  }];
}
