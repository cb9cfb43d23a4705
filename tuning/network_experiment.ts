/**
 * The same tasks (common random numbers) on the pools of a scenario, which differ in their reserves only.
 *
 * @module
 */
import { streamOf } from "../workloads/kinds/streams.ts";
import type { Scenario } from "../workloads/scenario.ts";
import { recordedCallers } from "./callers.ts";
import { skippedOf } from "./experiment.ts";
import { networkOf } from "./network.ts";
import { type PoolCounts, runNetwork } from "./network_run.ts";
import { sharedLoadOf } from "./scenario_subject.ts";
import { type Backend, scriptOf } from "./scripted_backend.ts";
import { WaitTally } from "./wait_tally.ts";

/** What was seen of one combination of reserves. */
export interface NetworkLook {
  /** Of tasks, each over all that it takes. */
  readonly tally: WaitTally;
  /** Of each pool. */
  readonly pools: readonly PoolCounts[];
}

/** Runs of one scenario's pools with other reserves. */
export interface NetworkExperiment {
  /** Names of the pools, those beneath before those that stand on them. */
  readonly pools: readonly string[];
  /** Plays so many tasks with these reserves, in the order of the pools. */
  run(minReserves: readonly number[], tasks: number): NetworkLook;
}

/**
 * The experiment of a scenario under a back end.
 *
 * @param limitNs a wait above this is one too long.
 * @throws {InputError} where its load cannot be drawn.
 */
export function networkExperiment(
  scenario: Scenario,
  { backend, limitNs, seed = scenario.seed }: {
    readonly backend: Backend;
    readonly limitNs: number;
    readonly seed?: number;
  },
): NetworkExperiment {
  const network = networkOf(scenario);
  const weights = scenario.workload.takeOneOf.map(({ weight }) => weight);
  const callers = recordedCallers({ ...sharedLoadOf(scenario), elements: 1, weights }, seed);
  return {
    pools: network.pools.map(({ name }) => name),
    run(minReserves, tasks) {
      const skipped = skippedOf(tasks);
      const tally = new WaitTally({ tasks, limitNs, skipped });
      const pools = runNetwork({
        ...{ network, minReserves, tasks, skipped, tally, callers: callers() },
        serves: scriptOf(backend, streamOf({ seed, worker: 0 }, "fault")),
        countsElements: backend.kind === "budget",
      });
      return { tally, pools };
    },
  };
}
