/**
 * The normal case of every built-in scenario and of its variants: no pressure, and memory for all that could arrive. Nothing is
 * served but at level 1 then, and no pool's lock is taken, not once. What makes some scenarios worth looking at is their tiny
 * memory: it is their pressure, and is taken away too.
 */
import { assertEquals, assertGreater } from "@std/assert";
import { parseVariants } from "./parse_scenario.ts";
import { registered } from "./registered.ts";
import type { Scenario } from "./scenario.ts";
import { builtinNames } from "./scenarios/mod.ts";
import { assertConserved, runWhole } from "./testing/scenario_runs.ts";

/** More than 16 pages for each of 400 tasks, and growth is not needed: it would be level 3. */
const PAGES = 16384;

function unpressed({ memory, workload, ...scenario }: Scenario): Scenario {
  return {
    ...scenario,
    memory: { ...memory, pages: PAGES, growTo: PAGES },
    pressure: { kind: "none" },
    workload: { ...workload, duration: 100e6, warmup: 0, speed: 0 },
  };
}

/** A swap-out takes all the memory there is, to the last page: it has no normal case. */
const hasNormalCase = ({ workload }: Scenario) => workload.kind !== "swap-out";

const SCENARIOS = builtinNames().flatMap((name) => parseVariants({ name }, {}, registered));

for (const scenario of SCENARIOS.filter(hasNormalCase)) {
  Deno.test(`${scenario.name} never takes a pool's lock in the normal case, and is served at level 1`, async () => {
    const run = await runWhole(unpressed(scenario));
    assertConserved(run);
    assertEquals(run.leaked, 0);
    const pools = Object.entries(run.pools);
    assertGreater(pools.reduce((sum, [, { allocs }]) => sum + allocs, 0), 0);
    for (const [pool, { allocs, levels, lock, none }] of pools) {
      assertEquals([lock.acquisitions, levels[0]!.hits, none], [0, allocs, 0], pool);
    }
  });
}
