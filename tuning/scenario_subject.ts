/**
 * A scenario as something to be sized: its measured pool, which is the first that it takes from, under its load, its
 * policy and its pressure. The workers are simulated as they are, so what is predicted is what `bench` would
 * show: a worker that waits serves nobody else meanwhile.
 *
 * The other pools of the scenario are taken to be never short, and memory to be plenty; all of them together are sized by
 * {@linkcode sizeJointly}.
 *
 * @module
 */
import { compilePolicy } from "../pools/compiled_policy.ts";
import { resolvePolicy } from "../pools/composition_plan.ts";
import { exactCount } from "../results/formats/numbers.ts";
import type { Warning } from "../results/result.ts";
import { InputError } from "../workloads/input_error.ts";
import type { LoadKind } from "../workloads/kinds/load.ts";
import { streamOf } from "../workloads/kinds/streams.ts";
import * as loadRegistry from "../workloads/kinds/mod.ts";
import { pressureOf } from "../workloads/pressure_driver.ts";
import { planRun, scopeOf } from "../workloads/run_plan.ts";
import type { Scenario } from "../workloads/scenario.ts";
import { arrivalPattern } from "./arrival_pattern.ts";
import { callersOf, recordedCallers, type SharedLoad } from "./callers.ts";
import { type PolicyCounts, runPolicyPool } from "./policy_pool.ts";
import type { Subject } from "./recommend.ts";
import { type Backend, isDead, outageCycleNs, scriptOf } from "./scripted_backend.ts";
import { backendText, failingOf, failuresOf, policyExperiment } from "./subjects.ts";
import { drawTasks, leastThatKeepsUp, meanHoldNs } from "./tasks.ts";
import { elementsUnderWay } from "./under_way.ts";
import { WaitTally } from "./wait_tally.ts";

const LOADS: Readonly<Record<string, LoadKind>> = loadRegistry;

/** Tasks by which a load's pattern is seen. */
const PATTERN_TASKS = 2 ** 18;

/** The pool that is sized. */
export function measuredPool({ workload }: Scenario): string {
  return workload.take[0]!.pool;
}

/** Bytes in an element of the measured pool. */
export function elementBytesOf(scenario: Scenario): number {
  const { shared, private: own } = planRun(scenario);
  const pools = [...shared.pools, ...own?.plan.pools ?? []];
  return pools.find(({ name }) => name === measuredPool(scenario))!.root.planned.elementBytes;
}

/** What the scenario's pressure makes of the back end; null where nothing is done to it. */
export function backendOf(scenario: Scenario): Backend | null {
  const pressure = pressureOf(scenario);
  if (pressure === null) return null;
  return { kind: "pressure", name: scenario.pressure.kind, pressure };
}

/**
 * The load of a scenario's workers.
 *
 * @throws {InputError} where it has no arrivals and holds that could be drawn.
 */
export function sharedLoadOf({ name, workload }: Scenario): SharedLoad {
  const { kind, arrival, hold, workers, atomicShare, asyncShare, inFlight, take } = workload;
  if (arrival !== null && hold !== null) {
    const elements = take.filter(({ pool }) => pool === take[0]!.pool)
      .reduce((sum, { count }) => sum + count, 0);
    return { arrival, hold, workers, atomicShare, asyncShare, elements };
  }
  const bound = kind === "closed"
    ? `: with ${
      exactCount(workers * inFlight)
    } elements, those that its workers keep in flight, nobody waits`
    : "";
  throw new InputError(
    `${name}: workload.kind: a ${kind} load has no arrivals to size a reserve for${bound}: ` +
      "give a scenario whose workload is open, a --trace, or --arrival and --hold",
  );
}

/**
 * A scenario as a subject, over its own pressure or another back end.
 *
 * @throws {InputError} where its load cannot be drawn.
 */
export function scenarioSubject(scenario: Scenario, given: Backend | null): Subject {
  const load = sharedLoadOf(scenario);
  const own = backendOf(scenario);
  const backend = given ?? own ?? { kind: "dead" };
  const pool = measuredPool(scenario);
  const { policy } = scenario.pools[pool]!;
  const { seed } = scenario;
  const callers = recordedCallers(load, seed);
  const pattern = arrivalPattern(() => drawTasks(load, seed), PATTERN_TASKS);
  return {
    name: `pool ${pool} of ${scenario.name}`,
    experiment: (limitNs) =>
      policyExperiment(
        { policy, backend, seed },
        limitNs,
        callers,
        isDead(backend) ? (tasks) => elementsUnderWay(load, seed, tasks) : undefined,
      ),
    timed: true,
    backend: backendText(backend),
    failures: failuresOf(backend, pattern.ratePerNs),
    floor: floorOf(scenario),
    least: Math.max(floorOf(scenario), isDead(backend) ? leastOf(load) : 0),
    bytesPerElement: elementBytesOf(scenario),
    pattern: { ...pattern, meanHoldNs: meanHoldNs(load) },
    budget: isDead(backend) ? 0 : null,
    outageCycle: pattern.ratePerNs * load.elements * outageCycleNs(backend),
    failing: failingOf(policy, backend),
    recordedPeak: null,
    halves: null,
    warnings: scenarioWarnings(scenario, given === null && own === null),
    seed,
  };
}

/** The least that keeps up with a load; 1 where those who wait keep their worker from taking more. */
function leastOf(load: SharedLoad): number {
  if (load.asyncShare < 1) return 1;
  return leastThatKeepsUp({
    ...load,
    arrival: { ...load.arrival, rate: load.elements * Number(load.arrival.rate) },
  });
}

/**
 * The most elements that tasks must hold before any of them can be released: progress takes that many.
 *
 * @throws {InputError} where no number is enough.
 */
export function floorOf(scenario: Scenario, pool: string = measuredPool(scenario)): number {
  const { workload } = scenario;
  const bulk = [...workload.take, ...workload.takeOneOf]
    .filter((each) => each.pool === pool && each.how === "bulk")
    .map(({ count }) => count);
  const taken = LOADS[workload.kind]!.oneByOne?.(workload, pool) ?? null;
  const tasks = (taken?.tasks ?? 1) *
    (scopeOf(scenario, pool) === "shared" ? workload.workers : 1);
  const elements = taken?.elements ?? 1;
  const oneByOne = elements <= 1 ? 1 : tasks * (elements - 1) + 1;
  if (oneByOne === Infinity) {
    throw new InputError(
      `${scenario.name}: workload.asyncShare: any number of tasks may each have some of the ${elements} elements of ` +
        `${pool} that it takes one by one, so that no reserve is sure to be enough: give "how": "bulk", or ` +
        "an asyncShare of 0",
    );
  }
  return Math.max(1, oneByOne, ...bulk);
}

/** Said where a scenario does nothing to its back end by numbers. */
export const ASSUMED_DEAD: Warning = {
  code: "assumed-dead",
  message:
    "the scenario does nothing to its back end: simulated, the reserve carries the load alone",
  advice: "give it a pressure, such as --set pressure=outages:up=50ms,down=5ms",
};

function scenarioWarnings({ workload, pools }: Scenario, isAssumedDead: boolean): Warning[] {
  const warnings: Warning[] = [];
  const { take, takeOneOf, workers, asyncShare, atomicShare } = workload;
  const pool = take[0]!.pool;
  const warn = (code: string, message: string, advice: string) =>
    warnings.push({ code, message, advice });
  if (isAssumedDead) warnings.push(ASSUMED_DEAD);
  const others = [...take, ...takeOneOf].some((each) => each.pool !== pool);
  if (others || Object.hasOwn(pools, pools[pool]!.over)) {
    warn(
      "sized-alone",
      `${pool} is sized alone, as if the other pools were never short`,
      "read what all of them need together as well, unless --no-joint left it out",
    );
  }
  if (resolvePolicy(pools[pool]!.policy).adapt !== undefined) {
    warn(
      "adaptive",
      `the policy of ${pool} lets its reserve follow demand: it is simulated as if it stayed as it is`,
      "read the answer as the least that the policy should never go below",
    );
  }
  if (workers > 0 && asyncShare + atomicShare < 1) {
    warn(
      "blocked-workers",
      `tasks wait with their ${workers} workers: those that come after them wait outside the pool ` +
        "and are not counted as waiting in it",
      "size for --arrival and --hold, or set workload.asyncShare=1, if each task waits by itself",
    );
  }
  return warnings;
}

/** Tasks by which a share is simulated. */
const SIMULATED = { tasks: 2 ** 19, skipped: 2 ** 16 };

/** Share of the allocations that wait in a scenario's measured pool with the reserve that it has. */
export function simulatedWaitRate(scenario: Scenario): number {
  return levelsOf(scenario, SIMULATED).tally.waitRate;
}

/** What is simulated of a scenario as it stands. */
export interface SimulatedLevels extends PolicyCounts {
  readonly tally: WaitTally;
}

/** Simulates a scenario's measured pool with the reserve that it has, level by level. */
export function levelsOf(
  scenario: Scenario,
  { tasks, skipped }: { readonly tasks: number; readonly skipped: number },
): SimulatedLevels {
  const { seed } = scenario;
  const { minReserve, policy } = scenario.pools[measuredPool(scenario)]!;
  const backend = backendOf(scenario) ?? { kind: "dead" };
  const tally = new WaitTally({ tasks, limitNs: 0, skipped });
  const counts = runPolicyPool({
    policy: compilePolicy(resolvePolicy(policy)),
    minReserve,
    serves: scriptOf(backend, streamOf({ seed, worker: 0 }, "fault")),
    callers: callersOf(sharedLoadOf(scenario), seed),
    ...{ tasks, skipped, tally },
  });
  return { ...counts, tally };
}
