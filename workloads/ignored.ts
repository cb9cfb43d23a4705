/**
 * Keys of a scenario that change nothing in it. They are told and not refused: whoever compares policies or allocators by
 * `--policy` or `--set` leaves the rest of the file as it is.
 *
 * @module
 */
import { resolvePolicy } from "../pools/composition_plan.ts";
import type { Warning } from "../results/result.ts";
import { partsOf, rootOf } from "./planned_root.ts";
import { registered } from "./registered.ts";
import type { PoolSpec, Scenario } from "./scenario.ts";

/** A warning for each key of a pool that changes nothing. */
export function ignoredWarnings(scenario: Scenario): Warning[] {
  return Object.entries(scenario.pools).flatMap(([name, pool]) => [
    ...ignoredBound(name, pool),
    ...ignoredMagazine(name, pool, scenario),
  ]);
}

function ignoredBound(name: string, { maxReserve, policy }: PoolSpec): Warning[] {
  if (maxReserve === undefined || resolvePolicy(policy).adapt !== undefined) return [];
  return [{
    code: "ignored",
    message: `pools.${name}.maxReserve changes nothing: the pool's policy does not adapt`,
    advice: "leave it out, or give the policy adaptive",
  }];
}

function ignoredMagazine(name: string, { magazine }: PoolSpec, scenario: Scenario): Warning[] {
  if (magazine === undefined || hasMagazines(name, scenario)) return [];
  return [{
    code: "ignored",
    message: `pools.${name}.magazine changes nothing: what the pool stands on is not cached`,
    advice: "leave it out, or give a pool over pages or slabs",
  }];
}

/** Elements that are put together of others, and those that take no memory of the arena, are in no magazine. */
function hasMagazines(pool: string, scenario: Scenario): boolean {
  const { allocators: kinds } = registered;
  const root = rootOf(pool, scenario, kinds);
  if (root === null || root.planned.elementPages === 0) return false;
  return partsOf(root.name, scenario.allocators, kinds).length === 0;
}
