/**
 * A scenario for what is given without one, so that it can be run with real workers: one pool, and a
 * few workers, so that a task seldom comes behind one that waits.
 *
 * @module
 */
import type { PolicySpec } from "../pools/policy.ts";
import { InputError } from "../workloads/input_error.ts";
import { parseScenario } from "../workloads/parse_scenario.ts";
import { registered } from "../workloads/registered.ts";
import type { Scenario, Spec } from "../workloads/scenario.ts";
import type { Backend } from "./scripted_backend.ts";

const PAGE_BYTES = 4096;

/** As many as may spin: workers that sleep until the next task are late, and keep elements for longer. */
const WORKERS = Math.min(4, navigator.hardwareConcurrency);

/** Elements besides the reserve, for back ends that serve now and then. */
const ELEMENTS_BESIDES = 4096;

/** What is to be run. */
export interface Live {
  readonly backend: Backend;
  readonly policy: PolicySpec;
  readonly bytesPerElement: number;
  readonly seed: number;
  /** The workload's own keys. */
  readonly workload: Readonly<Record<string, unknown>>;
}

/** A pressure as a scenario has it. @throws {InputError} where none does that. */
export function pressureSpec(backend: Backend): Spec {
  if (backend.kind === "dead") return { kind: "dead" };
  if (backend.kind === "pressure") {
    const { failure: [atomic, blocking], upNs, downNs } = backend.pressure;
    if (backend.name === "outages") return { kind: "outages", up: upNs, down: downNs };
    if (backend.name === "fail") return { kind: "fail", atomic, blocking };
    return { kind: backend.name };
  }
  throw new InputError(
    "--verify: a back end with a budget can only be simulated: give --backend dead or a pressure",
  );
}

/** The scenario with a reserve. @throws {InputError} where the memory for it is too much. */
export function liveScenario(live: Live, minReserve: number): Scenario {
  const { backend, policy, bytesPerElement, seed, workload } = live;
  const order = Math.max(0, Math.ceil(Math.log2(bytesPerElement / PAGE_BYTES)));
  const elements = minReserve + (backend.kind === "dead" ? 64 : ELEMENTS_BESIDES);
  const pages = elements << order;
  const raw = {
    name: "verify",
    memory: { pages, growTo: pages, watermarks: { min: 0, low: 0, high: 0 } },
    allocators: { page: { kind: "page", order } },
    pools: { pool: { over: "page", minReserve, policy } },
    workload: { take: "pool", workers: WORKERS, warmup: 0, ...workload },
    pressure: pressureSpec(backend),
    seed,
  };
  return parseScenario({ label: "--verify", raw }, {}, registered);
}
