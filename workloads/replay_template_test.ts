import { assertEquals } from "@std/assert";
import { resolve } from "node:path";
import { parseScenario } from "./parse_scenario.ts";
import { registered } from "./registered.ts";
import { replayTemplate } from "./replay_template.ts";

Deno.test("replayTemplate() is a sound scenario with a pool for each order", () => {
  const raw = replayTemplate("traces/t.csv.gz", [3, 0, 3]);
  const scenario = parseScenario({ label: "replay", raw }, { speed: "0.5x" }, registered);
  assertEquals(scenario.summary, "the replay of t.csv.gz, a pool for each page order");
  assertEquals(scenario.workload.trace, resolve("traces/t.csv.gz"));
  assertEquals(scenario.workload.speed, 0.5);
  assertEquals(scenario.workload.take.map(({ pool }) => pool), ["pages-0", "pages-3"]);
  assertEquals(scenario.pools["pages-3"], {
    over: "page-3",
    minReserve: 4,
    policy: "five-level",
  });
  assertEquals(scenario.allocators["page-3"], { kind: "page", order: 3 });
});

Deno.test("replayTemplate() fits its memory with every order there is", () => {
  const orders = Array.from({ length: 11 }, (_, order) => order);
  parseScenario({ label: "replay", raw: replayTemplate("t", orders) }, {}, registered);
});
