/**
 * What several kinds of workload ask of a scenario.
 *
 * @module
 */
import { found } from "./clauses.ts";
import { rootOf } from "./planned_root.ts";
import type { Problem } from "./problem.ts";
import type { Registries } from "./registries.ts";
import type { Scenario } from "./scenario.ts";

/** Pools that no worker shares with another, where one frees what another took. */
export function privateProblems(
  { pools, allocators, workload }: Scenario,
  kinds: Registries["allocators"],
): Problem[] {
  return workload.take.flatMap(({ pool }, index) => {
    let name = pool;
    while (Object.hasOwn(pools, name)) name = pools[name]!.over;
    const kind = allocators[name]?.kind ?? "";
    if (kinds[kind]?.scope !== "worker") return [];
    const clause = `each worker has a pool "${pool}" of its own, since it stands on one of kind ` +
      `${kind}, and here one worker frees what another took: ` +
      "give a pool over memory that they share";
    return [{ path: ["workload", "take", String(index), "pool"], clause }];
  });
}

/** Pools over what nobody tracks, where back ends are to fail: such a pool only counts, and has no other way to go. */
export function untrackedProblems(scenario: Scenario, kinds: Registries["allocators"]): Problem[] {
  const { pools, pressure: { kind } } = scenario;
  return Object.keys(pools).flatMap((name) => {
    const root = rootOf(name, scenario, kinds);
    if (root === null || root.planned.capacity > 0 || root.planned.elementPages > 0) return [];
    const clause =
      `${found(kind)} is not allowed: pool "${name}" stands on elements that are not tracked, ` +
      "which never fail: give none";
    return [{ path: ["pressure", "kind"], clause }];
  });
}

/** Callers on the event loop, where the load has none. */
export function asyncProblems({ workload: { kind, asyncShare } }: Scenario): Problem[] {
  if (asyncShare === 0) return [];
  const clause = `${asyncShare} is not allowed: a workload of kind ${kind} has no callers on the ` +
    "event loop, so leave it out";
  return [{ path: ["workload", "asyncShare"], clause }];
}

/** Callers that may not sleep, where all of the load's may. */
export function atomicProblems({ workload: { kind, atomicShare } }: Scenario): Problem[] {
  if (atomicShare === 0) return [];
  const clause = `${atomicShare} is not allowed: a workload of kind ${kind} has no callers that ` +
    "may not sleep, so leave it out";
  return [{ path: ["workload", "atomicShare"], clause }];
}
