import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import type { Target } from "../results/recommendation.ts";
import { lookCloser } from "./closer_look.ts";
import { Evidence } from "./evidence.ts";
import type { Run } from "./experiment.ts";
import { everyBlock, scripted } from "./testing/scripted_waits.ts";

const TARGET: Target = { kind: "wait-rate", below: 0.01 };

/** A coarse look recommends 53 and has given up nothing from 50 on; all parts of it have equally many waits. */
function look(shareOf: (minReserve: number) => number, { target = TARGET, looks = 9 } = {}) {
  const runs: Run[] = [];
  const waits = (min: number) => ({ share: shareOf(min), blocks: everyBlock(1, 64) });
  const experiment = scripted(waits, (run) => runs.push(run));
  const evidence = new Evidence(experiment, 2 ** 18, [64, 16]);
  const room = { experiment, target, most: 1000, recommended: 53, lowest: 50, evidence };
  const closer = lookCloser({ ...room, lookConfidence: 0.999, fineConfidence: 0.98 }, looks);
  return { closer, runs: runs.filter(({ tasks }) => tasks > 2 ** 18) };
}

/** Shares that a look at 2^18 tasks cannot tell from the target, and one at 2^21 can. */
const NEAR = (min: number) => min < 51 ? 0.02 : min === 51 ? 0.0097 : 0.008;

Deno.test("lookCloser() finds the smallest that passes", () => {
  assertEquals(look(NEAR).closer!.recommended, 51);
});

Deno.test("lookCloser() takes nothing whose upper limit does not pass, by one run of a few reserves a look", () => {
  const { closer, runs } = look((min) => min === 51 ? 0.009_99 : NEAR(min));
  assertEquals(closer!.recommended, 52);
  assertEquals(runs.at(-1)!.tasks, 2 ** 24);
  assertEquals(runs.length, new Set(runs.map(({ tasks }) => tasks)).size);
  for (const { minReserves } of runs) assertLessOrEqual(minReserves.length, 8);
});

Deno.test("lookCloser() does not look where nothing is left to be found, or it may not", () => {
  for (
    const seen of [
      look((min) => min < 53 ? 0.02 : 0.005),
      look(NEAR, { looks: 0 }),
    ]
  ) {
    assertEquals(seen, { closer: null, runs: [] });
  }
});

Deno.test("lookCloser() looks for less long where many may wait", () => {
  const target: Target = { kind: "wait-rate", below: 0.16 };
  const { runs } = look((min) => min < 53 ? 0.159_99 : 0.1, { target });
  assert(runs.length > 0);
  assertEquals(runs.at(-1)!.tasks, 2 ** 20);
});

Deno.test("lookCloser() looks at nothing where it may look no longer than was looked", () => {
  const runs: Run[] = [];
  const experiment = scripted(
    () => ({ share: 0.009, blocks: everyBlock(1, 64) }),
    (run) => runs.push(run),
  );
  const evidence = new Evidence(experiment, 2 ** 23, [64, 16]);
  const room = {
    experiment,
    target: TARGET,
    most: 65_536,
    recommended: 5200,
    lowest: 5001,
    evidence,
  };
  assertEquals(lookCloser({ ...room, lookConfidence: 0.999, fineConfidence: 0.98 }, 9), null);
  assertEquals(runs, []);
});
