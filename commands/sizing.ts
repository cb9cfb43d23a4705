/**
 * From what stands on the command line of `recommend` to what is to be sized.
 *
 * @module
 */
import { resolve } from "node:path";
import { poolAcross } from "../results/across.ts";
import { duration, percentage } from "../results/formats/numbers.ts";
import type { Warning } from "../results/result.ts";
import { parseResults } from "../results/result_schema.ts";
import { found } from "../workloads/clauses.ts";
import { InputError } from "../workloads/input_error.ts";
import { pressureOf } from "../workloads/pressure_driver.ts";
import { parseNotation, type Registry } from "../workloads/notation.ts";
import type { Overrides } from "../workloads/overrides.ts";
import type { PressureKind } from "../workloads/pressures/pressure.ts";
import { parseScenario } from "../workloads/parse_scenario.ts";
import * as pressureRegistry from "../workloads/pressures/mod.ts";
import { registered } from "../workloads/registered.ts";
import type { Scenario, Spec } from "../workloads/scenario.ts";
import { parseBytes, parseCount, parseProbability, UnitError } from "../workloads/units.ts";
import type { FailureSide, Target } from "../results/recommendation.ts";
import type { JointSubject } from "../tuning/joint.ts";
import { jointSubject, takesFromSeveral } from "../tuning/joint_subject.ts";
import type { Subject } from "../tuning/recommend.ts";
import { measuredFailures } from "../tuning/failure_side.ts";
import { missRateOf } from "../tuning/live.ts";
import { liveScenario, pressureSpec } from "../tuning/live_scenario.ts";
import { measuredPool, scenarioSubject, simulatedWaitRate } from "../tuning/scenario_subject.ts";
import type { Backend } from "../tuning/scripted_backend.ts";
import { loadSubject, type SubjectOptions, traceSubject } from "../tuning/subjects.ts";
import { readTasks } from "../tuning/trace_tasks.ts";
import type { RunningOptions } from "./options.ts";
import { leftOutWarnings, loadScenarios } from "./scenarios.ts";
import { traceOptions } from "./trace_options.ts";

const PRESSURES: Readonly<Record<string, PressureKind>> = pressureRegistry;

/** The options of `recommend`. */
export type RecommendOptions = RunningOptions & {
  /** Arrivals in the notation of the command line. */
  arrival?: string | undefined;
  /** A result document whose scenario is to be sized. */
  result?: string | undefined;
  slo: string;
  backend?: string | undefined;
  confidence: string;
  maxReserve: string;
  elementBytes?: string | undefined;
  /** False where only the measured pool is to be sized. */
  joint?: boolean;
  verify?: true | undefined;
};

/** What is to be sized, and what could be run to verify it. */
export interface Sizing {
  readonly subject: Subject;
  /** What shows it alive with a reserve. @throws {InputError} where nothing does. */
  readonly live: (minReserve: number) => Scenario;
  /** Share of the allocations that wait in that, as simulated; null where the recommendation itself says. */
  readonly simulated: ((scenario: Scenario) => number) | null;
  /** All pools of a scenario together; null where there is only one. */
  readonly joint: JointSizing | null;
}

/** All pools of a scenario, to be sized together. */
interface JointSizing {
  /** What is to be sized; `onLook` hears of each simulation. */
  readonly subject: (
    options: { readonly target: Target; readonly onLook: () => void },
  ) => JointSubject;
  /** What shows it alive with these reserves, by pool. */
  readonly live: (minReserves: Readonly<Record<string, number>>) => Scenario;
}

/** Of a pool that nothing is known of: a page. */
const PAGE_BYTES = 4096;

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

function ofScenario(scenario: Scenario, backend: Backend | null): Sizing {
  const { kind, trace } = scenario.workload;
  if (kind === "replay" && trace !== null) {
    throw new InputError(`${scenario.name}: a replay is sized by its trace: give --trace ${trace}`);
  }
  const pressure = backend === null ? scenario.pressure : pressureSpec(backend);
  const isAssumedDead = backend === null && pressureOf(scenario) === null;
  const raw = { ...scenario, pressure: isAssumedDead ? { kind: "dead" } : pressure };
  const parsed = (overrides: Overrides, changed: unknown = raw) =>
    parseScenario({ label: scenario.name, raw: changed }, overrides, registered);
  return {
    subject: scenarioSubject(scenario, backend),
    live: (minReserve) => parsed({ minReserve }),
    simulated: simulatedWaitRate,
    joint: takesFromSeveral(scenario)
      ? {
        subject: (options) => jointSubject(scenario, { ...options, given: backend }),
        live: (reserves) =>
          parsed({}, {
            ...raw,
            pools: Object.fromEntries(
              Object.entries(scenario.pools).map(([name, pool]) => [
                name,
                { ...pool, minReserve: reserves[name] ?? pool.minReserve },
              ]),
            ),
          }),
      }
      : null,
  };
}

/** Nanoseconds of a live run, unless they are given: enough waits to be seen, and no patience lost. */
const LIVE_NS = 4e9;

function givenLoad(options: RecommendOptions, backend: Backend | null): Sizing {
  const { arrival, hold } = options;
  const load = {
    arrival: spec("--arrival", arrival!, registered.arrivals, "arrival"),
    hold: spec("--hold", hold!, registered.holds, "hold"),
  };
  const name = `${arrival} held ${hold}`;
  const given = subjectOptions(name, options, backend, PAGE_BYTES);
  const workload = { kind: "open", ...load, duration: options.duration ?? LIVE_NS };
  return {
    subject: loadSubject(load, given),
    live: (minReserve) => liveScenario({ ...given, workload }, minReserve),
    simulated: simulatedWaitRate,
    joint: null,
  };
}

function spec(flag: string, text: string, registry: Registry, what: string): Spec {
  return flagged(flag, () => parseNotation(text, registry, what));
}

async function recorded(
  path: string,
  options: RecommendOptions,
  backend: Backend | null,
): Promise<Sizing> {
  const reading = await traceOptions(options);
  const trace = await readTasks(path, reading);
  const bytes = trace.largestBytes || PAGE_BYTES;
  const given = subjectOptions(`trace ${path}`, options, backend, bytes);
  const file = /^file:/.test(path) ? path : resolve(path);
  const { seed: _, ...how } = reading;
  const workload = { kind: "replay", trace: file, speed: options.speed ?? 1, ...how };
  return {
    subject: traceSubject(trace, given),
    live: (minReserve) => liveScenario({ ...given, workload }, minReserve),
    simulated: null,
    joint: null,
  };
}

function subjectOptions(
  name: string,
  { elementBytes, seed, policy = "five-level" }: RecommendOptions,
  backend: Backend | null,
  bytes: number,
): SubjectOptions {
  if (!Object.hasOwn(registered.policies, policy)) {
    throw new InputError(
      `--policy: ${found(policy)} is not a policy: give ${
        Object.keys(registered.policies).join(", ")
      }`,
    );
  }
  return {
    ...{ name, policy, backend: backend ?? { kind: "dead" } },
    bytesPerElement: elementBytes === undefined
      ? bytes
      : flagged("--element-bytes", () => parseBytes(elementBytes)),
    seed: seed === undefined ? 1 : flagged("--seed", () => parseCount(seed)),
  };
}

/** `dead`, `budget=100`, or a pressure by its notation. */
function parseBackend(text: string): Backend {
  const budget = /^budget=(.*)$/.exec(text.trim());
  if (text.trim() === "dead") return { kind: "dead" };
  if (budget !== null) {
    return { kind: "budget", elements: flagged("--backend", () => parseCount(budget[1]!)) };
  }
  const { kind, ...given } = spec("--backend", text, registered.pressures, "back end");
  const pressure = PRESSURES[kind]!.pressure(given);
  if (pressure !== null) return { kind: "pressure", name: kind, pressure };
  throw new InputError(
    `--backend: ${found(text)} is no back end that can be simulated: ` +
      "give dead, budget=100 or outages:up=50ms,down=5ms",
  );
}

/**
 * A result's scenario, and what was measured of it beside what is simulated.
 *
 * @throws {ResultError} where the file holds no result.
 */
function ofResult(file: string, backend: Backend | null): Sizing {
  const results = parseResults(textOf(file), file);
  const [result] = results;
  if (result === undefined || results.length > 1) {
    throw new InputError(
      `--result ${file}: it holds ${results.length} results: give a file with one`,
    );
  }
  const source = { label: file, raw: result.scenario };
  const scenario = parseScenario(source, {}, registered);
  const sizing = ofScenario(scenario, backend);
  const pool = measuredPool(scenario);
  if (result.runs.length === 0) return sizing;
  const across = poolAcross(result.runs, pool);
  const failed = measuredFailures(across.failures, scenario.workload.workers);
  const { subject } = sizing;
  const failures = [...subject.failures, ...failed === null ? [] : [failed]];
  const measured: Warning = {
    code: "measured",
    message: `with its reserve of ${scenario.pools[pool]!.minReserve} the result has ` +
      `${percentage(missRateOf(across))} that waited or got nothing, ` +
      `simulated it is ${percentage(simulatedWaitRate(scenario))}`,
    advice:
      "where the two are far apart, the load was not what the scenario says: see its warnings",
  };
  const isAssumedDead = backend === null && pressureOf(scenario) === null;
  const noticed = [measured, ...isAssumedDead && failed !== null ? [burstWarning(failed)] : []];
  return warned({ ...sizing, subject: { ...subject, failures } }, noticed);
}

/** Said where the back end was seen to come and go, and is simulated as if it never came. */
function burstWarning({ share, burstNs }: FailureSide): Warning {
  const microseconds = (ns: number) => `${Math.max(100, Math.round(ns / 1e3))}us`;
  const [up, down] = [burstNs! * (1 - share) / share, burstNs!].map(microseconds);
  return {
    code: "measured-bursts",
    message: `its workers saw the back end fail ${percentage(share)} of the time, ${
      duration(burstNs)
    } at a time: it is simulated as if it never served`,
    advice:
      `--backend outages:up=${up},down=${down} simulates failures as long and as frequent, each like the other`,
  };
}

/** The same, with what was noticed besides. */
function warned(sizing: Sizing, noticed: readonly Warning[]): Sizing {
  const { subject } = sizing;
  return { ...sizing, subject: { ...subject, warnings: [...noticed, ...subject.warnings] } };
}

function textOf(file: string): string {
  try {
    return Deno.readTextFileSync(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(`--result ${file}: this file cannot be read: ${reason}`);
  }
}

/** What runs under `flag`, whose refusals then name it. */
export function flagged<T>(flag: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof UnitError) throw new InputError(`${flag}: ${error.message}`);
    throw error;
  }
}

/** A confidence: a share above one half and below 1. */
export function parseConfidence(text: string): number {
  const share = flagged("--confidence", () => parseProbability(text));
  if (share > 0.5 && share < 1) return share;
  throw new InputError(
    `--confidence: ${found(text)} is not allowed: give 50% to 99.99%, such as 99%`,
  );
}
