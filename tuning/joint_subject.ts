/**
 * The pools of a scenario as something to be sized together.
 *
 * @module
 */
import type { Target } from "../results/recommendation.ts";
import { InputError } from "../workloads/input_error.ts";
import { planRun, poolPlans, scopeOf } from "../workloads/run_plan.ts";
import type { Scenario } from "../workloads/scenario.ts";
import { type JointPoolSubject, type JointSubject, TASKS_MAX } from "./joint.ts";
import { JointEvidence } from "./joint_evidence.ts";
import { networkOf, type Source } from "./network.ts";
import { networkExperiment } from "./network_experiment.ts";
import { backendOf, floorOf, sharedLoadOf } from "./scenario_subject.ts";
import { type Backend, outageCycleNs, type Reach, tasksForOutages } from "./scripted_backend.ts";
import { limitOf } from "./target.ts";
import { meanHoldNs } from "./tasks.ts";

/** Another seed for tasks on which nothing was chosen. */
const FRESH = 1_000_003;

const REACH: Reach = {
  of: "tasks",
  longest: TASKS_MAX,
  instead: "--no-joint to size one pool alone",
};

/** Whether a scenario's tasks take from several pools, directly or through others. */
export function takesFromSeveral(scenario: Scenario): boolean {
  return networkOf(scenario).pools.length > 1;
}

/**
 * The subject of a scenario, over its own pressure or another back end.
 *
 * @param onLook hears of each simulation.
 * @throws {InputError} where its load cannot be drawn, a pool is not shared by the workers, or outages are too rare for a simulation.
 */
export function jointSubject(
  scenario: Scenario,
  { given, target, onLook }: {
    readonly given: Backend | null;
    readonly target: Target;
    readonly onLook: () => void;
  },
): JointSubject {
  const backend = given ?? backendOf(scenario) ?? { kind: "dead" };
  const limitNs = limitOf(target);
  const ratePerNs = Number(scenario.workload.arrival?.rate ?? 0) / 1e9;
  return {
    leastTasks: tasksForOutages(ratePerNs * outageCycleNs(backend), REACH),
    pools: poolsOf(scenario),
    evidence({ tasks, confidence, fresh }) {
      const seed = scenario.seed + (fresh ? FRESH : 0);
      const experiment = networkExperiment(scenario, { backend, limitNs, seed });
      return new JointEvidence(experiment, { tasks, target, confidence, onLook });
    },
  };
}

function poolsOf(scenario: Scenario): JointPoolSubject[] {
  const { workload: { take, takeOneOf, arrival } } = scenario;
  const network = networkOf(scenario);
  const planned = new Map(poolPlans(planRun(scenario)).map((plan) => [plan.name, plan]));
  const inFlight = Number(arrival?.rate ?? 0) * meanHoldNs(sharedLoadOf(scenario)) / 1e9;
  const weights = takeOneOf.reduce((sum, { weight }) => sum + weight, 0);
  return network.pools.map(({ name, source }): JointPoolSubject => {
    const always = take.filter(({ pool }) => pool === name);
    const drawn = takeOneOf.filter(({ pool }) => pool === name);
    const perTask = always.reduce((sum, { count }) => sum + count, 0) +
      drawn.reduce((sum, { count, weight }) => sum + count * weight / weights, 0);
    const onlyBeneath = always.length + drawn.length === 0;
    const floor = onlyBeneath ? 0 : floorOf(scenario, name);
    if (scopeOf(scenario, name) === "worker") {
      throw new InputError(
        `${scenario.name}: pools.${name}: each worker has one of its own: pools are sized together ` +
          "where workers share them",
      );
    }
    return {
      name,
      floor,
      bytesPerElement: planned.get(name)!.root.planned.elementBytes,
      offered: inFlight * perTask,
      onlyBeneath,
      standsOnPool: reachesPool(source),
    };
  });
}

function reachesPool(source: Source): boolean {
  if (source.kind === "parts") return source.parts.some((part) => reachesPool(part.source));
  return source.kind === "pool";
}
