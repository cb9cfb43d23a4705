import { assert, assertEquals } from "@std/assert";
import { registered } from "../workloads/registered.ts";
import { SECTIONS, sharedEntries } from "./catalogue.ts";

Deno.test("SECTIONS have whatever is registered, by name and with a summary", async () => {
  for (
    const section of [
      "allocators",
      "policies",
      "workloads",
      "arrivals",
      "holds",
      "pressures",
    ] as const
  ) {
    const entries = await SECTIONS[section]!();
    assertEquals(entries.map(({ name }) => name), Object.keys(registered[section]));
  }
  for (const [section, load] of Object.entries(SECTIONS)) {
    const entries = await load();
    assert(entries.length > 0, section);
    for (const { name, summary } of entries) assert(summary !== "", `${section}: ${name}`);
  }
});

Deno.test("sharedEntries() has what every kind of workload may be given", () => {
  const [shared] = sharedEntries("workloads");
  assert(Object.hasOwn(shared!.options!, "atomicShare"));
  assertEquals(sharedEntries("holds"), []);
});

Deno.test("SECTIONS hold what a program needs to know of a kind", async () => {
  const entries = JSON.parse(JSON.stringify(await SECTIONS["holds"]!()));
  const exponential = entries.find(({ name }: { name: string }) => name === "exponential");
  assertEquals(exponential.options.mean.type, "duration");
});
