import { assert, assertEquals } from "@std/assert";
import type { Target } from "../results/recommendation.ts";
import { parseScenario } from "../workloads/parse_scenario.ts";
import { registered } from "../workloads/registered.ts";
import { erlangSize } from "./erlang.ts";
import { recommend } from "./recommend.ts";
import { scenarioSubject } from "./scenario_subject.ts";

/** A pool whose back end is dead, under tasks that each wait by themselves. */
function sized(workload: Record<string, unknown>, target: Target) {
  const raw = {
    name: "alone",
    memory: { pages: 4096 },
    allocators: { page: { kind: "page" } },
    pools: { buffers: { over: "page", minReserve: 32, policy: "five-level" } },
    workload: {
      kind: "open",
      take: "buffers",
      workers: 2,
      duration: "1s",
      asyncShare: 1,
      ...workload,
    },
    pressure: "dead",
  };
  const scenario = parseScenario({ label: "alone", raw }, {}, registered);
  return recommend(scenarioSubject(scenario, null), {
    target,
    confidence: 0.99,
    most: 65_536,
    looks: 4,
  }).recommendation;
}

Deno.test("scenarioSubject() asks for what keeps up with the load, where no worker waits", () => {
  const load = {
    arrival: { kind: "poisson", rate: "20000/s" },
    hold: { kind: "exponential", mean: "1ms" },
  };
  const { recommended, because } = sized(load, {
    kind: "wait-percentile",
    percentile: 99,
    belowNs: 1e9,
  });
  assertEquals(recommended, 21);
  assert(because.endsWith("with fewer those who wait become more without end"), because);
});

Deno.test("scenarioSubject() begins with what is under way", () => {
  const load = {
    arrival: { kind: "poisson", rate: "200000/s" },
    hold: { kind: "pareto", min: "166667ns", alpha: 1.2 },
  };
  const { recommended } = sized(load, { kind: "wait-rate", below: 0.01 });
  const truth = erlangSize({ offered: 200, meanHoldNs: 1e6, limitNs: 0 }, 0.01);
  assert(
    recommended !== null && recommended >= truth && recommended <= 1.1 * truth,
    `${recommended}, not ${truth}`,
  );
});
