import { assert, assertAlmostEquals, assertEquals, assertGreater } from "@std/assert";
import { createRandom } from "./random.ts";
import type { Run } from "../results/result.ts";
import { runScenario } from "./runner.ts";
import { judgeSteadyState, type Observations } from "./steady_state.ts";
import { plenty } from "./testing/scenarios.ts";

const SLICES = 20;
const { normal } = createRandom(5, 0);

/** Slices with some noise of 2 %. */
function slices(level: (slice: number) => number): number[] {
  return Array.from({ length: SLICES }, (_, slice) => level(slice) * (1 + 0.02 * normal()));
}

function looks(elements: (look: number) => number): Observations["left"] {
  return Array.from({ length: 40 }, (_, look) => ({ atNs: look * 50e6, elements: elements(look) }));
}

/** How long its workers ran on the average. */
function meanSeconds({ workers }: Run): number {
  return workers.reduce((sum, { startNs, endNs }) => sum + endNs - startNs, 0) / 1e9 /
    workers.length;
}

function observed(changes: Partial<Observations>): Observations {
  const served = changes.served ?? slices(() => 1000);
  const hits = [
    served,
    slices(() => 10),
    ...Array.from({ length: 3 }, () => Array(SLICES).fill(0)),
  ];
  return { served, hits, sliceNs: 100e6, left: looks(() => 500), ...changes };
}

Deno.test("judgeSteadyState() takes noise, and what changes by less than matters, for steady", () => {
  for (const level of [() => 1000, (slice: number) => slice < 10 ? 1000 : 1050]) {
    const { verdict, reason } = judgeSteadyState(observed({ served: slices(level) }));
    assertEquals([verdict, reason], ["steady", null]);
  }
});

Deno.test("judgeSteadyState() takes what lasts for two slices of twenty for a disturbance", () => {
  const served = slices((slice) => slice === 7 || slice === 8 ? 300 : 1000);
  assertEquals(judgeSteadyState(observed({ served })).verdict, "steady");
  const longer = slices((slice) => slice >= 7 && slice <= 9 ? 300 : 1000);
  assertEquals(judgeSteadyState(observed({ served: longer })).verdict, "not-reached");
});

Deno.test("judgeSteadyState() says when the throughput changed, and by how much", () => {
  const served = slices((slice) => slice < 6 ? 1500 : 1000);
  const { verdict, reason } = judgeSteadyState(observed({ served }));
  assertEquals(verdict, "not-reached");
  assertEquals(reason, "throughput fell by 33 % after 0.6 s of the measured time");
});

Deno.test("judgeSteadyState() says that the throughput drifts without a step", () => {
  const served = Array.from({ length: SLICES }, (_, slice) => 1000 + 12 * slice + 60 * (slice % 2));
  const { verdict, reason } = judgeSteadyState(observed({ served }));
  assertEquals([verdict, reason?.slice(0, 18)], ["not-reached", "throughput rose by"]);
});

Deno.test("judgeSteadyState() says that the mix of levels changed under a steady throughput", () => {
  const reserve = slices((slice) => slice < 14 ? 5 : 400);
  const fast = reserve.map((hits) => 1000 - hits);
  const none = Array(SLICES).fill(0);
  const hits = [fast, reserve, none, none, none];
  const { verdict, reason } = judgeSteadyState(observed({ hits }));
  assertEquals(verdict, "not-reached");
  assert(/^the share of level 1 fell by (39|40) points after 1.4 s/.test(reason!), reason!);
});

Deno.test("judgeSteadyState() says how long a falling stock will last", () => {
  const { verdict, exhaustedInNs } = judgeSteadyState(observed({
    left: looks((look) => 1000 - 10 * look + (look % 2)),
  }));
  assertEquals(verdict, "draining");
  // 610 elements are left, 10 go in 50 ms.
  assertAlmostEquals(exhaustedInNs! / 1e9, 3.05, 0.1);
});

Deno.test("judgeSteadyState() takes a stock that is filled or used up for no drain", () => {
  for (const left of [looks((look) => 10 * look), looks(() => 0), looks((look) => 10_000 - look)]) {
    assertEquals(judgeSteadyState(observed({ left })).verdict, "steady");
  }
});

Deno.test("judgeSteadyState() calls nothing steady where nothing was served", () => {
  const none = Array(SLICES).fill(0);
  const { verdict, reason } = judgeSteadyState(
    observed({ served: none, hits: Array(5).fill(none) }),
  );
  assertEquals([verdict, reason], ["not-reached", "nothing was served"]);
});

Deno.test("runScenario() says when memory that is never given back will be used up", async () => {
  const { signal } = new AbortController();
  const scenario = plenty({
    kind: "open",
    arrival: { kind: "constant", rate: 800 },
    hold: { kind: "constant", time: 3600e9 },
    duration: 1.2e9,
    warmup: 0,
    inFlight: 1,
  });
  const { runs, warnings } = await runScenario(scenario, {
    signal,
    onProgress() {},
    revision: null,
  });
  const { steadyState, arrivals } = runs[0]!;
  assertEquals(steadyState?.verdict, "draining");
  // 2048 pages, of which some are in magazines, at 800 a second.
  assertGreater(steadyState!.exhaustedInNs!, 0.5e9);
  assert(steadyState!.exhaustedInNs! < 3e9);
  assert(warnings.some(({ code }) => code === "draining"));
  assertAlmostEquals(arrivals!.due / (800 * meanSeconds(runs[0]!)), 1, 0.05);
});

Deno.test("runScenario() says which share of the offered rate it reached", async () => {
  const { signal } = new AbortController();
  const scenario = plenty({
    kind: "open",
    arrival: { kind: "poisson", rate: 5e7 },
    hold: { kind: "constant", time: 1e3 },
    duration: 50e6,
    warmup: 0,
    inFlight: 1,
  });
  const { runs, warnings } = await runScenario(scenario, {
    signal,
    onProgress() {},
    revision: null,
  });
  const { due, begun } = runs[0]!.arrivals!;
  assertAlmostEquals(due / (5e7 * meanSeconds(runs[0]!)), 1, 0.1);
  assert(begun < due / 2);
  const said = warnings.find(({ code }) => code === "rate-not-reached")!.message;
  const share = begun < due / 100 ? "less than 1" : Math.floor(begun / due * 100);
  assertEquals(
    said,
    `${share} % of the offered rate was served: ${begun} of ${due} tasks that were due`,
  );
});
