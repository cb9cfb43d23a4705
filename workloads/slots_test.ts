import {
  assert,
  assertEquals,
  assertGreater,
  assertLess,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { conserved } from "../results/conservation.ts";
import type { Result } from "../results/result.ts";
import type { Slot, SlotLead } from "../sync/mod.ts";
import { runScenario } from "./runner.ts";
import type { Scenario, WorkloadSpec } from "./scenario.ts";
import { SlotKind } from "./slot_kind.ts";
import { openSlots, runsInSlots, type RunSlots, StuckError } from "./slots.ts";
import { plenty, scarce } from "./testing/scenarios.ts";

function runIn(scenario: Scenario, inSlots: (slots: RunSlots) => void): Promise<Result> {
  const options = { signal: new AbortController().signal, onProgress() {}, revision: null };
  return runScenario(scenario, { ...options, measuresFloor: false, inSlots: () => inSlots });
}

const LARSON: Partial<WorkloadSpec> = { kind: "larson", ...{ round: 100 } };

for (const [name, changes] of Object.entries({ closed: {}, larson: LARSON })) {
  Deno.test(`runScenario() of ${name} in slots conserves, and measures in each what it is for`, async () => {
    const samples: number[] = [];
    const result = await runIn(plenty({ ...changes, warmup: 10e6 }), (slots) => {
      for (const kind of ["all", "alone", "timed", "alone"] as const) {
        const { cpuNs, allocsPerSecond } = slots.run(kind, 5, samples.length === 1 ? 1 : 0);
        samples.push(cpuNs);
        assert(cpuNs > 0 && allocsPerSecond > 0);
      }
    });
    assertEquals(samples.length, 4);
    const [run] = result.runs;
    const [pool] = Object.values(run!.pools);
    assertEquals([conserved(pool!), run!.leaked, result.partial], [null, 0, false]);
    assertGreater(pool!.latencyNs.count, 0);
    assertGreater(run!.allocsPerSecond, 0);
    // Slots are no measured time in one piece, in which anything could have been steady.
    assertEquals(run!.steadyState, null);
  });
}

Deno.test("runScenario() in slots has only the worker work whose slot it is", async () => {
  const { runs } = await runIn(plenty({ warmup: 0 }), (slots) => {
    for (let slot = 0; slot < 4; slot++) slots.run("alone", 5, 1);
  });
  const [idle, busy] = runs[0]!.workers.map(({ allocs }) => allocs);
  assertEquals(idle, 0);
  assertGreater(busy!, 0);
});

Deno.test("runScenario() ends where workers cannot go on while others sleep", async () => {
  const { memory } = scarce();
  const short = { ...plenty({ inFlight: 30, warmup: 0 }), memory };
  await assertRejects(
    () => runIn(short, (slots) => void slots.run("all", 5, 0)),
    StuckError,
    "needs one that sleeps",
  );
});

Deno.test("runsInSlots() holds of loads that work all the time, and of no other", () => {
  assertEquals([plenty(), plenty(LARSON)].map(runsInSlots), [true, true]);
  const held = plenty({ hold: { kind: "constant", time: 1e6 } });
  const pressed: Scenario = { ...plenty(), pressure: { kind: "dead" } };
  assertEquals([held, pressed, scarce()].map(runsInSlots), [false, false, false]);
});

/** What was asked of the workers. */
function recordedLead(comeBack = true): { lead: SlotLead; asked: (Slot & { who: string })[] } {
  const asked: (Slot & { who: string })[] = [];
  const run: SlotLead["run"] = (slot, workers) => {
    asked.push({ ...slot, who: workers.join(" ") });
    return comeBack ? workers.map(() => ({ count: 1000, ns: 1e4 })) : null;
  };
  return { lead: { run, end() {} }, asked };
}

Deno.test("openSlots() warms up with every kind of slot, for as long as the scenario says", () => {
  const { lead, asked } = recordedLead();
  const slots = openSlots(lead, plenty({ warmup: 100e6 }));
  const total = asked.reduce((sum, { ms }) => sum + ms, 0);
  assertLess(Math.abs(total - 100), 1e-9);
  assert([SlotKind.all, SlotKind.timed].every((each) => asked.some(({ kind }) => kind === each)));
  asked.length = 0;
  const { allocsPerSecond } = slots.run("all", 7, 0);
  assertEquals(allocsPerSecond, 2e8);
  slots.run("alone", 7, 1);
  assertEquals(asked, [
    { kind: SlotKind.all, ms: 7, who: "0 1" },
    { kind: SlotKind.alone, ms: 7, who: "1" },
  ]);
  assertThrows(() => openSlots(recordedLead(false).lead, plenty()), StuckError);
});
