import { assertEquals } from "@std/assert";
import { resolve } from "node:path";
import type { Kind } from "../allocators/option.ts";
import { parseScenario } from "./parse_scenario.ts";
import { registered } from "./registered.ts";
import type { Registries } from "./registries.ts";
import type { Scenario } from "./scenario.ts";

/** A kind with paths among its options, for every registry that has kinds. */
const FILED: Kind = {
  summary: "with files",
  options: {
    path: { type: "path", summary: "one" },
    spare: { type: "path", summary: "another", default: null },
    label: { type: "string", summary: "no path", default: "./label" },
  },
};

const { allocators: { heap }, workloads: { open } } = registered;

const REGISTRIES: Registries = {
  ...registered,
  allocators: { ...registered.allocators, filed: { ...heap!, ...FILED } },
  workloads: { ...registered.workloads, open: { ...open!, options: FILED.options } },
  arrivals: { filed: FILED },
  holds: { filed: FILED },
  pressures: { filed: FILED },
};

function parsed(workload: object, rest: object = {}): Scenario {
  const text = JSON.stringify({
    allocators: { heap: { kind: "heap" } },
    pools: { pool: { over: "heap", minReserve: 1 } },
    workload: { take: "pool", ...workload },
    pressure: "filed:./a",
    ...rest,
  });
  return parseScenario({ file: "some/where/my.jsonc", text }, {}, REGISTRIES);
}

const AT = { path: resolve("some/where/a"), spare: null, label: "./label" };

Deno.test("absoluteFiles() has every path start from the scenario's folder, in whatever kind it stands", () => {
  const { allocators, workload, pressure } = parsed(
    { kind: "open", path: "a", arrival: "filed:./a", hold: { kind: "filed", path: "../where/a" } },
    { allocators: { heap: { kind: "heap" }, mine: { kind: "filed", path: "./b/../a" } } },
  );
  assertEquals(allocators.mine, { kind: "filed", ...AT });
  assertEquals(pressure, { kind: "filed", ...AT });
  assertEquals(workload.arrival, { kind: "filed", ...AT });
  assertEquals(workload.hold, { kind: "filed", ...AT });
  assertEquals(Reflect.get(workload, "path"), AT.path);
  assertEquals([Reflect.get(workload, "spare"), workload.trace], [null, null]);
});

Deno.test("absoluteFiles() leaves absolute paths, URLs and texts that are no paths as they are", () => {
  const { workload, pressure } = parsed(
    { kind: "replay", trace: "file:///t.csv" },
    { pressure: { kind: "filed", path: "/a/b", spare: "file:./c", label: "./d" } },
  );
  assertEquals([workload.trace, workload.arrival, workload.hold], ["file:///t.csv", null, null]);
  assertEquals(pressure, { kind: "filed", path: "/a/b", spare: "file:./c", label: "./d" });
});

Deno.test("absoluteFiles() changes nothing of a scenario that is resolved already", () => {
  const once = parsed({ kind: "replay", trace: "t.csv" });
  const raw = JSON.parse(JSON.stringify(once));
  assertEquals(parseScenario({ label: "again", raw }, {}, REGISTRIES), once);
  assertEquals(once.workload.trace, resolve("some/where/t.csv"));
});
