/**
 * Given arrivals and holds, or a trace, as something to be sized.
 *
 * @module
 */
import { resolve } from "node:path";
import { liveScenario } from "../tuning/live_scenario.ts";
import { simulatedWaitRate } from "../tuning/scenario_subject.ts";
import type { Backend } from "../tuning/scripted_backend.ts";
import { loadSubject, type SubjectOptions, traceSubject } from "../tuning/subjects.ts";
import { readTasks } from "../tuning/trace_tasks.ts";
import { found } from "../workloads/clauses.ts";
import { InputError } from "../workloads/input_error.ts";
import { registered } from "../workloads/registered.ts";
import { parseBytes, parseCount } from "../workloads/units.ts";
import { flagged, specOf } from "./flagged.ts";
import type { RecommendOptions, Sizing } from "./sized.ts";
import { traceOptions } from "./trace_options.ts";

/** Of a pool that nothing is known of: a page. */
const PAGE_BYTES = 4096;

/** Nanoseconds of a live run, unless they are given: enough waits to be seen, and no patience lost. */
const LIVE_NS = 4e9;

/** What `--arrival` and `--hold` say. @throws {InputError} where that is no load. */
export function givenLoad(options: RecommendOptions, backend: Backend | null): Sizing {
  const { arrival, hold } = options;
  const load = {
    arrival: specOf("--arrival", arrival!, registered.arrivals, "arrival"),
    hold: specOf("--hold", hold!, registered.holds, "hold"),
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

/** What `--trace` names. @throws {InputError} where it cannot be read so. */
export async function recorded(
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
