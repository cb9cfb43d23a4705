/**
 * What coordinator and workers of a run agree on: the same code plans the same region from the same
 * scenario in each of them.
 *
 * Pools over allocators that each worker has for itself (`scope: "worker"`) stand in a second, private region of each
 * worker, planned here too.
 *
 * @module
 */
import { LoadError } from "../allocators/load_error.ts";
import { usesReserve } from "../pools/compiled_policy.ts";
import {
  allocatorKind,
  type AllocatorPlan,
  type CompositionPlan,
  planComposition,
  type PoolPlan,
  resolvePolicy,
} from "../pools/composition_plan.ts";
import { Layout, planBarrier } from "../sync/mod.ts";
import { InputError } from "./input_error.ts";
import type { LoadKind } from "./kinds/load.ts";
import * as loadRegistry from "./kinds/mod.ts";
import { bringsWorker } from "./pressure_driver.ts";
import type { Scenario } from "./scenario.ts";
import type { ReplayProgram } from "./traces/program.ts";

/** Async callers of one worker that may stand in one pool's queue at once; more wait their turn in the worker. */
const ASYNC_SLOTS = 16;

/** A planned run. */
export interface RunPlan {
  readonly layout: Layout;
  /** All workers: those of the load, then the one that the pressure brings, if it does. */
  readonly crew: number;
  /** Where the words are that the load has for itself. */
  readonly places: readonly number[];
  readonly barrierAt: number;
  /** The word that says how the back ends fare, a `FaultState`. */
  readonly faultsAt: number;
  readonly shared: CompositionPlan;
  /** The private part of each worker; null where everything is shared. */
  readonly private: { readonly layout: Layout; readonly plan: CompositionPlan } | null;
}

const LOADS: Readonly<Record<string, LoadKind>> = loadRegistry;

type Scope = "shared" | "worker";

/** The scope of the allocator under a pool. */
export function scopeOf(scenario: Scenario, pool: string): Scope {
  let name = pool;
  while (Object.hasOwn(scenario.pools, name)) name = scenario.pools[name]!.over;
  return allocatorKind(scenario.allocators[name]!.kind).scope;
}

function only<T>(record: Readonly<Record<string, T>>, keep: (name: string) => boolean) {
  return Object.fromEntries(Object.entries(record).filter(([name]) => keep(name)));
}

/** The pools of a scope. What no policy would ever take is not set aside. */
function poolsOf(scenario: Scenario, scope: Scope): Scenario["pools"] {
  const pools = only(scenario.pools, (name) => scopeOf(scenario, name) === scope);
  return Object.fromEntries(
    Object.entries(pools).map(([name, pool]) => {
      const minReserve = usesReserve(resolvePolicy(pool.policy)) ? pool.minReserve : 0;
      return [name, { ...pool, minReserve }];
    }),
  );
}

function partOf(scenario: Scenario, layout: Layout, scope: Scope, participants: number) {
  const allocators = only(
    scenario.allocators,
    (name) => allocatorKind(scenario.allocators[name]!.kind).scope === scope,
  );
  const pools = poolsOf(scenario, scope);
  const { memory } = scenario;
  return planComposition(layout, {
    memory: scope === "shared" ? memory : { ...memory, pages: 1, growTo: 1 },
    allocators,
    pools,
    participants,
    asyncSlots: ASYNC_SLOTS,
    debug: scenario.debug,
    pageCache: scope === "shared" && bringsWorker(scenario),
  });
}

/** All workers of a run: those of the load, and the one that the pressure brings, if it does. */
export function crewOf(scenario: Scenario): number {
  return scenario.workload.workers + (bringsWorker(scenario) ? 1 : 0);
}

/** Plans a run. The coordinator is the participant after the last of the crew. */
export function planRun(scenario: Scenario, program: ReplayProgram | null = null): RunPlan {
  const { workload } = scenario;
  const crew = crewOf(scenario);
  const layout = new Layout();
  const barrierAt = planBarrier(layout, "start");
  const faultsAt = layout.words("pressure/faults", 1);
  const shared = partOf(scenario, layout, "shared", crew + 1);
  const places = LOADS[workload.kind]?.plan?.(layout, workload, program) ?? [];
  const hasPrivate = Object.values(scenario.allocators).some(({ kind }) =>
    allocatorKind(kind).scope === "worker"
  );
  const run = { layout, crew, places, barrierAt, faultsAt, shared };
  if (!hasPrivate) return { ...run, private: null };
  const privateLayout = new Layout();
  const plan = partOf(scenario, privateLayout, "worker", 1);
  return { ...run, private: { layout: privateLayout, plan } };
}

/**
 * Loads what some allocators must load before they can be attached: in each worker, and before any worker starts, so that
 * bad input is refused at once.
 *
 * @throws {InputError} where an allocator cannot be loaded.
 */
export async function loadRun(plan: RunPlan): Promise<void> {
  for (const { name, planned } of allocatorPlans(plan)) {
    try {
      await planned.load?.();
    } catch (error) {
      if (!(error instanceof LoadError)) throw error;
      throw new InputError(`allocators.${name}: ${error.message}`);
    }
  }
}

/** Every allocator of a run, or the caches that it consists of: shared ones, then those that each worker has for itself. */
export function allocatorPlans(plan: RunPlan): readonly AllocatorPlan[] {
  return [...plan.shared.allocators, ...plan.private?.plan.allocators ?? []];
}

/** Every pool of a run: shared ones, then those that each worker has for itself. */
export function poolPlans(plan: RunPlan): readonly PoolPlan[] {
  return [...plan.shared.pools, ...plan.private?.plan.pools ?? []];
}
