import { assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import fc from "fast-check";
import { compilePolicy } from "../pools/compiled_policy.ts";
import { resolvePolicy } from "../pools/composition_plan.ts";
import * as policies from "../pools/policies/mod.ts";
import { streamOf } from "../workloads/kinds/streams.ts";
import { chainLevels } from "./birth_death.ts";
import { callersOf, independent } from "./callers.ts";
import { type PolicyCounts, runPolicyPool } from "./policy_pool.ts";
import { type Backend, scriptOf } from "./scripted_backend.ts";
import { type PlainTask, plainWaits } from "./testing/plain_fifo.ts";
import { written } from "./testing/streams.ts";
import { WaitTally } from "./wait_tally.ts";

const LOAD = {
  arrival: { kind: "poisson", rate: 10_000 },
  hold: { kind: "exponential", mean: 1e6 },
  workers: 1,
  atomicShare: 0,
  asyncShare: 1,
  elements: 1,
};

function failing(atomic: number, blocking: number): Backend {
  return {
    kind: "pressure",
    name: "fail",
    pressure: { failure: [atomic, blocking], upNs: Infinity, downNs: 0 },
  };
}

function simulate(policy: string, minReserve: number, backend: Backend, tasks: number) {
  const tally = new WaitTally({ tasks, limitNs: 0, skipped: 1000 });
  const counts = runPolicyPool({
    policy: compilePolicy(resolvePolicy(policy)),
    minReserve,
    serves: scriptOf(backend, streamOf({ seed: 3, worker: 0 }, "fault")),
    callers: callersOf(LOAD, 3),
    tasks,
    skipped: 1000,
    tally,
  });
  return { ...counts, tally };
}

function rates({ hits }: PolicyCounts, tasks: number): number[] {
  return hits.map((count) => count / (tasks - 1000));
}

Deno.test("runPolicyPool() ends where the only worker waits in outages that each retry falls into", () => {
  const { retryMs } = resolvePolicy("five-level");
  const tasks = 4000;
  const tally = new WaitTally({ tasks, limitNs: 0, skipped: 0 });
  const { hits } = runPolicyPool({
    policy: compilePolicy(resolvePolicy("five-level")),
    minReserve: 0,
    serves: (_context, nowNs) => nowNs % (retryMs * 1e6) < 40e6,
    callers: callersOf({ ...LOAD, hold: { kind: "exponential", mean: 1e3 }, asyncShare: 0 }, 3),
    tasks,
    skipped: 0,
    tally,
  });
  assertGreater(hits[0]!, 100);
  const served = hits.reduce((sum, count) => sum + count, 0);
  assertLess(served, tasks / 2);
  assertEquals(tally.unserved, tasks - served);
});

Deno.test("runPolicyPool() over a dead back end is a queue with as many servers", () => {
  const tasksOf = fc.array(
    fc.record({ gap: fc.integer({ min: 0, max: 5 }), hold: fc.integer({ min: 1, max: 30 }) }),
    { minLength: 1, maxLength: 80 },
  );
  fc.assert(fc.property(tasksOf, fc.integer({ min: 1, max: 9 }), (drafts, minReserve) => {
    let start = 0;
    const tasks: PlainTask[] = drafts.map(({ gap, hold }) => ({ start: start += gap, hold }));
    const waits = tasks.map(() => 0);
    const tally = new WaitTally({ tasks: tasks.length, limitNs: 0, skipped: 0 });
    tally.wait = (task, waitNs) => waits[task] = waitNs;
    runPolicyPool({
      policy: compilePolicy(resolvePolicy("five-level")),
      minReserve,
      serves: () => false,
      callers: [independent(written(tasks))],
      tasks: tasks.length,
      skipped: 0,
      tally,
    });
    assertEquals(waits, plainWaits(tasks, minReserve));
  }));
});

Deno.test("runPolicyPool() serves every task once, at a level or not at all", () => {
  for (const policy of Object.keys(policies)) {
    const { hits, turnedAway, tally } = simulate(policy, 5, failing(0.5, 0.5), 20_000);
    const served = hits.reduce((sum, count) => sum + count, 0);
    assertEquals(served + turnedAway, 19_000, policy);
    assertEquals(tally.waited, hits[4]! + turnedAway, policy);
  }
});

Deno.test("runPolicyPool() serves each level as often as the birth-death chain says, whatever the policy", () => {
  const tasks = 150_000;
  for (const policy of ["five-level", "linux", "linux-2.5", "reserve-first"]) {
    for (const [minReserve, atomic, blocking] of [[6, 0.6, 0.7], [3, 0.9, 0.95], [12, 0.8, 0.9]]) {
      const failure = [atomic!, blocking!] as const;
      const simulated = rates(
        simulate(policy, minReserve!, failing(...failure), tasks),
        tasks,
      );
      const chain = chainLevels({
        policy: compilePolicy(resolvePolicy(policy)),
        minReserve: minReserve!,
        offered: 10,
        failure,
      });
      assertAlmostEquals(chain.reduce((sum, share) => sum + share, 0), 1, 1e-9);
      simulated.forEach((rate, level) =>
        assertAlmostEquals(
          rate,
          chain[level]!,
          0.006 + 0.06 * chain[level]!,
          `${policy} ${level + 1}`,
        )
      );
    }
  }
});

Deno.test("runPolicyPool() bridges an outage with the reserve, and lets a sleeper try again by itself", () => {
  const outages: Backend = {
    kind: "pressure",
    name: "outages",
    pressure: { failure: [0, 0], upNs: 10, downNs: 10 },
  };
  const run = (retryMs: number) => {
    const tally = new WaitTally({ tasks: 4, limitNs: 0, skipped: 0 });
    const starts = [0, 11, 12, 13];
    const counts = runPolicyPool({
      policy: compilePolicy({ ...policies["five-level"], retryMs }),
      minReserve: 2,
      serves: scriptOf(outages, streamOf({ seed: 1, worker: 0 }, "fault")),
      callers: [independent(written(starts.map((start) => ({ start, hold: 100 }))))],
      tasks: 4,
      skipped: 0,
      tally,
    });
    return { ...counts, maxNs: tally.maxNs };
  };
  assertEquals(run(5000), { hits: [1, 2, 0, 0, 1], turnedAway: 0, lowWater: 0, maxNs: 87 });
  // At 13 + 9 ns the back end is up again.
  assertEquals(run(9e-6).maxNs, 9);
});

Deno.test("runPolicyPool() lets tasks come late whose worker waits, and turns away those that may not sleep", () => {
  const run = (asyncShare: number, atomicShare: number) => {
    const tally = new WaitTally({ tasks: 20_000, limitNs: 0, skipped: 0 });
    const counts = runPolicyPool({
      policy: compilePolicy(resolvePolicy("five-level")),
      minReserve: 14,
      serves: () => false,
      callers: callersOf({ ...LOAD, asyncShare, atomicShare }, 5),
      tasks: 20_000,
      skipped: 0,
      tally,
    });
    return { ...counts, unserved: tally.unserved, maxNs: tally.maxNs };
  };
  const blocking = run(0, 0);
  // As many wait, but those behind a worker that waits do so outside the pool.
  assertGreater(run(1, 0).maxNs, 1.5 * blocking.maxNs);
  const atomic = run(0, 1);
  assertEquals([blocking.turnedAway, atomic.hits[4], atomic.turnedAway], [0, 0, atomic.unserved]);
  assertGreater(atomic.turnedAway, 1000);
});
