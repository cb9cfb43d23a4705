/**
 * What of a scenario can be predicted, pool by pool, and what is simulated for it: the load as its workers draw it or as it was
 * recorded, on one pool, by the scenario's own pressure. The other pools are taken to be never short, and memory to be plenty.
 *
 * What cannot be predicted is said in one sentence with its reason: such a pool can still be set, run and written.
 *
 * @module
 */
import { resolvePolicy } from "../../pools/composition_plan.ts";
import type { PolicySpec } from "../../pools/policy.ts";
import { bringsWorker } from "../../workloads/pressure_driver.ts";
import { planRun, scopeOf } from "../../workloads/run_plan.ts";
import type { Scenario, Spec } from "../../workloads/scenario.ts";
import { livesOf } from "../../workloads/traces/lives.ts";
import type { ReplayProgram } from "../../workloads/traces/program.ts";
import { type Caller, independent, recordedCallers, type SharedLoad } from "../callers.ts";
import { backendOf, floorOf } from "../scenario_subject.ts";
import type { Backend } from "../scripted_backend.ts";
import { CHUNK, meanHoldNs, type TaskStream } from "../tasks.ts";
import type { Simulated } from "./predictor.ts";

/** A pool of a scenario. */
export interface Place {
  readonly scenario: Scenario;
  readonly pool: string;
}

/** Why nothing can be predicted of a pool, without a full stop; null where something can. */
export function unpredictable({ scenario, pool }: Place): string | null {
  const { workload, pools } = scenario;
  const { kind, arrival, hold, take, takeOneOf, speed } = workload;
  const outer = Object.keys(pools).find((name) => pools[name]!.over === pool);
  if (kind === "replay") {
    if (speed === 0) return "as fast as possible has no clock, so there are no waits to predict";
    return taken(take, pool) > 0 ? null : untaken(pool, outer);
  }
  if (arrival === null || hold === null) {
    return `a ${kind} load is not drawn from arrivals and holds, which are all that is simulated`;
  }
  if (arrival.kind === "trace" || hold.kind === "trace") {
    return "arrivals or holds out of a trace are not drawn: tune --trace FILE simulates the trace itself";
  }
  if (taken(take, pool) > 0) return holdsWithoutMean(workload);
  if (!takeOneOf.some((each) => each.pool === pool)) return untaken(pool, outer);
  if (arrival.kind === "poisson") return holdsWithoutMean(workload);
  return `only some tasks take from ${pool}, and which of a ${arrival.kind} arrival is not simulated`;
}

function untaken(pool: string, outer: string | undefined): string {
  return outer === undefined
    ? `tasks do not take from ${pool} themselves, and what comes to it from below others is not simulated`
    : `only what ${outer} asks of it comes to ${pool}, and that is not simulated`;
}

function holdsWithoutMean(load: { arrival: Spec | null; hold: Spec | null }): string | null {
  try {
    meanHoldNs({ arrival: load.arrival!, hold: load.hold! });
    return null;
  } catch {
    return "holds with so heavy a tail have no mean, so that no reserve is enough for long";
  }
}

/** What a reader must know before believing a prediction, each without a full stop. */
export function cautions({ scenario, pool }: Place, policy: PolicySpec): string[] {
  const { take, takeOneOf, workers } = scenario.workload;
  const { adapt, reserveIn } = resolvePolicy(policy);
  const others = [...take, ...takeOneOf].some((each) => each.pool !== pool);
  const said: string[] = [];
  if (backendOf(scenario) === null) said.push(assumedDead(scenario));
  if (adapt !== undefined) said.push("predicted as if the reserve did not follow demand");
  if (reserveIn === "allocator" && others) {
    said.push("predicted as if the reserve in the allocator were this pool's alone");
  }
  if (others || Object.hasOwn(scenario.pools, scenario.pools[pool]!.over)) {
    said.push("predicted as if the other pools were never short");
  }
  if (scopeOf(scenario, pool) === "worker" && workers > 1) {
    said.push("each worker has a pool of its own: predicted is one of them");
  }
  return said;
}

function assumedDead(scenario: Scenario): string {
  const whole = "predicted is the worst, a reserve that carries the load alone";
  return bringsWorker(scenario)
    ? `when a ${scenario.pressure.kind} makes the back end fail cannot be predicted, since memory is not simulated: ${whole}`
    : `when memory is short cannot be predicted, since it is not simulated: ${whole}`;
}

/** What a pool's elements are. */
export interface PlannedElements {
  readonly elementBytes: number;
  /** How many the allocator under it can have; 0 where that is without a bound. */
  readonly capacity: number;
}

/** The elements of each pool, by its name. */
export function plannedElements(scenario: Scenario): ReadonlyMap<string, PlannedElements> {
  const { shared, private: own } = planRun(scenario);
  const pools = [...shared.pools, ...own?.plan.pools ?? []];
  return new Map(pools.map(({ name, root: { planned } }) => [name, planned]));
}

/** Where a prediction comes from: a place, under a policy, for a target's limit. */
export interface SimulatedOptions extends Place {
  readonly policy: PolicySpec;
  readonly limitNs: number;
  /** What is replayed; null where tasks are drawn. */
  readonly program: ReplayProgram | null;
}

/** Who calls a pool, to be asked for once for all policies and reserves: what was drawn is read again. */
export function callersAt(
  { scenario, pool }: Place,
  program: ReplayProgram | null,
): { readonly callers: () => Caller[]; readonly recorded: number | null } {
  if (program !== null) return replayed(scenario, pool, program);
  const draw = recordedCallers(loadAt(scenario, pool), scenario.seed);
  const isOwn = scopeOf(scenario, pool) === "worker";
  return { callers: () => isOwn ? draw().slice(0, 1) : draw(), recorded: null };
}

/** What is simulated of a place. */
export function simulatedAt(
  { scenario, policy, limitNs }: Omit<SimulatedOptions, "program" | "pool">,
  calls: Pick<Simulated, "callers" | "recorded">,
): Simulated {
  const backend: Backend = backendOf(scenario) ?? { kind: "dead" };
  return { policy, backend, seed: scenario.seed, limitNs, ...calls };
}

function taken(take: Scenario["workload"]["take"], pool: string): number {
  return take.filter((each) => each.pool === pool).reduce((sum, { count }) => sum + count, 0);
}

/** The load on one pool. Of tasks of which only some take from it, those: a Poisson arrival of the lower rate. */
function loadAt({ workload }: Scenario, pool: string): SharedLoad {
  const { arrival, hold, workers, atomicShare, asyncShare, take, takeOneOf } = workload;
  const elements = taken(take, pool);
  const shared = { hold: hold!, workers, atomicShare, asyncShare };
  if (elements > 0) return { ...shared, arrival: arrival!, elements };
  const whole = takeOneOf.reduce((sum, { weight }) => sum + weight, 0);
  const own = takeOneOf.filter((each) => each.pool === pool);
  const share = own.reduce((sum, { weight }) => sum + weight, 0) / whole;
  const rate = Number(arrival!.rate) * share;
  return { ...shared, arrival: { ...arrival!, rate }, elements: own[0]!.count };
}

/** The recorded elements that go to a pool: those that fit into no smaller one. */
function replayed(scenario: Scenario, pool: string, program: ReplayProgram) {
  const { workload: { speed, take }, pools } = scenario;
  const planned = plannedElements(scenario);
  const sizes = [...new Set(take.map((each) => each.pool))].filter((name) => pools[name])
    .map((name) => ({ name, bytes: planned.get(name)!.elementBytes })).sort((a, b) =>
      a.bytes - b.bytes
    );
  const lives = livesOf(program);
  const fits = (life: number) =>
    (sizes.find((each) => each.bytes >= lives.sizeBytes[life]!) ?? sizes.at(-1)!).name === pool;
  const own = Int32Array.from({ length: lives.count }, (_, life) => life).filter(fits);
  const scale = program.timed ? 1 / speed : 1;
  const startNs = Float64Array.from(own, (life) => Math.round(lives.startAt[life]! * scale));
  const holdNs = Float64Array.from(own, (life) => Math.round(lives.hold[life]! * scale));
  return {
    recorded: own.length,
    callers: () => [independent(columnStream(startNs, holdNs))],
  };
}

function columnStream(startNs: Float64Array, holdNs: Float64Array): TaskStream {
  let at = 0;
  return {
    next(most) {
      const count = Math.min(most, CHUNK, startNs.length - at);
      const [from, to] = [at, at += count];
      return { count, startNs: startNs.subarray(from, to), holdNs: holdNs.subarray(from, to) };
    },
  };
}

/** Names of the pools in the order in which a user meets them: those that tasks take from first. */
export function poolNames(scenario: Scenario): string[] {
  const { take, takeOneOf } = scenario.workload;
  const met = [...take, ...takeOneOf].map(({ pool }) => pool);
  return [...new Set([...met, ...Object.keys(scenario.pools)])];
}

/** The most elements of a pool that tasks must hold before any of them can be released. */
export function floorAt({ scenario, pool }: Place): number {
  const { workload } = scenario;
  const { take, takeOneOf } = workload;
  const own = [...take, ...takeOneOf].filter((each) => each.pool === pool);
  if (own.length === 0) return 1;
  const others = take.filter((each) => each.pool !== pool);
  return floorOf({ ...scenario, workload: { ...workload, take: [...own, ...others] } });
}
