/**
 * From what stands on the command line (names, files, options) to scenarios.
 *
 * @module
 */
import type { Warning } from "../results/result.ts";
import { didYouMean, oneOf } from "../workloads/did_you_mean.ts";
import { InputError } from "../workloads/input_error.ts";
import {
  parseScenario,
  parseVariants,
  type ScenarioSource,
  variantNames,
} from "../workloads/parse_scenario.ts";
import { registered } from "../workloads/registered.ts";
import { type ReplayTemplate, replayTemplate } from "../workloads/replay_template.ts";
import type { Scenario } from "../workloads/scenario.ts";
import { builtinNames } from "../workloads/scenarios/mod.ts";
import type { TraceOptions } from "../workloads/traces/options.ts";
import { compileReplay } from "../workloads/traces/program.ts";
import { ALLOCATE } from "../workloads/traces/program_ops.ts";
import type { RunningOptions } from "./options.ts";
import { traceOptions } from "./trace_options.ts";

/** What runs where nothing is named: all five levels visible. */
const CANONICAL: ScenarioSource = { name: "canonical" };

/**
 * The scenarios named, each with the options applied. All are parsed before the first one runs, so that a
 * mistake in the last is found at once.
 *
 * @throws {InputError} one sentence: place, key, what was found and what is allowed.
 * @throws {TraceError} where a trace that is to be replayed by itself cannot be read.
 */
export async function loadScenarios(
  named: readonly string[],
  options: RunningOptions,
): Promise<Scenario[]> {
  const sources = await sourcesOf(named, options);
  return sources.map((source) => parseScenario(source, options, registered));
}

/** The same, each with its variants where it names any: what is to be run side by side. Throws as {@linkcode loadScenarios} does. */
export async function loadVariants(
  named: readonly string[],
  options: RunningOptions,
): Promise<Scenario[][]> {
  const sources = await sourcesOf(named, options);
  return sources.map((source) => parseVariants(source, options, registered));
}

/** A warning where {@linkcode loadScenarios} leaves variants of the scenario out. */
export function leftOutWarnings(named: string): Warning[] {
  const variants = variantNames(sourceOf(named));
  if (variants.length === 0) return [];
  return [{
    code: "variants-left-out",
    message: `${oneOf(variants, "and")} are left out: this is of what they have in common`,
    advice: "to have it of one of them, give the keys that it changes with --set",
  }];
}

async function sourcesOf(
  named: readonly string[],
  options: RunningOptions,
): Promise<ScenarioSource[]> {
  if (named.length > 0) return named.map(sourceOf);
  const { trace } = options;
  if (trace === undefined) return [CANONICAL];
  return [{ label: trace, raw: await replayOf(trace, await traceOptions(options)) }];
}

/** A built-in scenario by its name, else a file. @throws {InputError} where there is neither. */
export function sourceOf(name: string): ScenarioSource {
  const builtin = builtinNames();
  if (builtin.includes(name)) return { name };
  try {
    return { file: name, text: Deno.readTextFileSync(name) };
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound
      ? "there is no such file, and no such scenario"
      : `this file cannot be read (${error instanceof Error ? error.message : String(error)})`;
    throw new InputError(
      `${name}: ${reason}: give a file or ${oneOf(builtin)}${didYouMean(name, builtin)}`,
    );
  }
}

/** A scenario made for one trace, as written, with a pool for each size class that it needs. */
export async function replayOf(
  trace: string,
  reading: TraceOptions,
): Promise<ReplayTemplate> {
  const { op, sizeBytes } = await compileReplay(trace, reading);
  const sizes = new Map<number, number>();
  op.forEach((code, event) => {
    const size = sizeBytes[event]!;
    if (code === ALLOCATE) sizes.set(size, (sizes.get(size) ?? 0) + 1);
  });
  return replayTemplate(trace, sizes);
}
