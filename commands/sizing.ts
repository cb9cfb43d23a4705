/**
 * From what stands on the command line of `recommend` to what is to be sized.
 *
 * @module
 */
import { found } from "../workloads/clauses.ts";
import { InputError } from "../workloads/input_error.ts";
import { parseProbability } from "../workloads/units.ts";
import { flagged } from "./flagged.ts";
import { parseBackend } from "./given_backend.ts";
import { leftOutWarnings, loadScenarios } from "./scenarios.ts";
import { type RecommendOptions, type Sizing, warned } from "./sized.ts";
import { givenLoad, recorded } from "./sized_load.ts";
import { ofResult } from "./sized_result.ts";
import { ofScenario } from "./sized_scenario.ts";

/**
 * What is to be sized.
 *
 * @throws {InputError} one sentence: what was found and what is allowed.
 */
export async function sizingOf(
  named: string | undefined,
  options: RecommendOptions,
): Promise<Sizing> {
  const backend = options.backend === undefined ? null : parseBackend(options.backend);
  switch (sourceOf(named, options)) {
    case "load":
      return givenLoad(options, backend);
    case "trace":
      return await recorded(options.trace!, options, backend);
    case "result":
      return ofResult(options.result!, backend);
    case "scenario": {
      const [scenario] = await loadScenarios([named!], options);
      return warned(ofScenario(scenario!, backend), leftOutWarnings(named!));
    }
  }
}

type Source = "load" | "trace" | "result" | "scenario";

/** The one source that is given. */
function sourceOf(named: string | undefined, options: RecommendOptions): Source {
  const { arrival, hold, trace, result } = options;
  const given: readonly (readonly [Source, boolean])[] = [
    ["scenario", named !== undefined],
    ["trace", trace !== undefined],
    // Beside a trace it says how long its elements are held, where only arrivals were recorded.
    ["load", arrival !== undefined || hold !== undefined && trace === undefined],
    ["result", result !== undefined],
  ];
  const sources = given.filter(([, isGiven]) => isGiven).map(([source]) => source);
  if (sources.length !== 1) {
    throw new InputError(
      `recommend: give one of a scenario, --trace FILE, --arrival with --hold, or --result FILE: found ${
        sources.length === 0 ? "none" : sources.join(" and ")
      }`,
    );
  }
  if (sources[0] === "load" && (arrival === undefined || hold === undefined)) {
    throw new InputError(
      `recommend: --${arrival === undefined ? "hold" : "arrival"} alone says too little: ` +
        `give --${arrival === undefined ? "arrival" : "hold"} as well, such as ${
          arrival === undefined ? "poisson:rate=10000/s" : "exponential:mean=1ms"
        }`,
    );
  }
  return sources[0]!;
}

/** A confidence: a share above one half and below 1. */
export function parseConfidence(text: string): number {
  const share = flagged("--confidence", () => parseProbability(text));
  if (share > 0.5 && share < 1) return share;
  throw new InputError(
    `--confidence: ${
      found(text)
    } is not allowed: give more than 50% and less than 100%, such as 99%`,
  );
}
