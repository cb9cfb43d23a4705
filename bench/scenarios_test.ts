import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { InputError } from "../workloads/input_error.ts";
import { measureScenarios } from "./scenarios.ts";

Deno.test("measureScenarios() has a row for each pool of each scenario, variants too, at smoke size", async () => {
  const lines: string[] = [];
  const smoke = "--runs 2 --workers 2 --duration 150ms --only reservation";
  const faults = await measureScenarios(smoke.split(" "), (line) => lines.push(line));
  const [head, ...rows] = lines.filter((line) => !line.startsWith("fault: "));
  assertEquals(lines.length, 5 + faults.length);
  assertMatch(head!, /^scenario +pool +workers +level +share +leaked +longest$/);
  assertEquals(rows.map((row) => row.split(/ +/).slice(0, 3).join(" ")), [
    "reservation/five-level greedy 2",
    "reservation/five-level modest 2",
    "reservation/allocator-reservation greedy 2",
    "reservation/allocator-reservation modest 2",
  ]);
  for (const row of rows) assertMatch(row, / [1-5] +[\d.]+% to [\d.]+% +0 +[\d.]+[mun]?s$/);
});

Deno.test("measureScenarios() refuses what it does not know in one sentence", async () => {
  const refusals = [
    ["--fast", "--fast: give --runs N, --workers N,N, --duration TIME or --only SCENARIO"],
    [
      "--only=raid2",
      "--only raid2: give bio, highmem, raid1, raid1-resync, swap-out, reservation (did you mean raid1?)",
    ],
    ["--runs=0", "--runs 0: give a whole number from 1 up"],
    ["--workers=1,,2", "--workers : give a whole number from 1 up"],
  ] as const;
  for (const [argument, sentence] of refusals) {
    const { message } = await assertRejects(
      () => measureScenarios([argument], () => {}),
      RangeError,
    );
    assertEquals(message, sentence);
  }
  await assertRejects(() => measureScenarios(["--duration=soon"], () => {}), InputError, "soon");
});
