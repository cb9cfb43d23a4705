import { assert, assertEquals } from "@std/assert";
import { machineOf, scenarioHash } from "./identity.ts";
import { exampleResult } from "./testdata/example.ts";

Deno.test("scenarioHash() tells scenarios apart by what they measure, not by name, seed or order of keys", () => {
  const { scenario } = exampleResult();
  const reversed = Object.fromEntries(Object.entries(scenario).toReversed()) as typeof scenario;
  const same = { ...reversed, name: "renamed", seed: 9, repeat: 4 };
  assertEquals(scenarioHash({ scenario: same }), scenarioHash({ scenario }));
  const other = { ...scenario, pressure: { kind: "none" } };
  assert(scenarioHash({ scenario: other }) !== scenarioHash({ scenario }));
});

Deno.test("machineOf() tells machines apart", () => {
  const { environment } = exampleResult();
  assertEquals(machineOf(environment), "linux x86_64, 2 x AMD EPYC");
});
