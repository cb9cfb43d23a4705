/**
 * Real workers that lock each other up, or only seem to. Whatever is to be found has a minute for it, so that a watchdog
 * that misses it is a test that hangs, and never a matter of how fast the machine is.
 */
import {
  assert,
  assertEquals,
  assertGreater,
  assertGreaterOrEqual,
  assertLess,
  assertRejects,
} from "@std/assert";
import { resolvePolicy } from "../pools/composition_plan.ts";
import { conserved } from "../results/conservation.ts";
import { type Outcome, runOnce } from "./coordinator.ts";
import { RunError, type RunOptions, runScenario } from "./runner.ts";
import type { Scenario, WorkloadSpec } from "./scenario.ts";
import { plenty } from "./testing/scenarios.ts";
import { compileReplay, type ReplayProgram } from "./traces/program.ts";

const DEAD = { kind: "dead" };
const MINUTE = 60e9;
const QUIETLY: RunOptions = {
  signal: new AbortController().signal,
  onProgress() {},
  revision: null,
};

/** A closed load of tasks that take k elements one by one, from a reserve of M over a dead back end. */
function taking(
  k: number,
  options: { readonly min: number } & Partial<WorkloadSpec>,
): Scenario {
  const { min, ...workload } = options;
  const take = [{ pool: "buffers", count: k, how: "each" as const }];
  const scenario = plenty({ take, inFlight: 1, warmup: 0, duration: MINUTE, ...workload });
  const pools = { buffers: { over: "page", minReserve: min, policy: "five-level" } };
  return { ...scenario, pools, pressure: DEAD };
}

/** The same with other pools over another number of pages, tried again by each waiter after `retryMs`. */
function onPages(scenario: Scenario, pages: number, retryMs: number): Scenario {
  const policy = { ...resolvePolicy("five-level"), retryMs };
  const memory = { ...scenario.memory, pages, growTo: pages };
  const watermarks = { min: 0, low: 0, high: 0 };
  const pools = Object.fromEntries(
    Object.entries(scenario.pools).map(([name, pool]) => [name, { ...pool, policy }]),
  );
  return { ...scenario, memory: { ...memory, watermarks }, pools };
}

function once(scenario: Scenario, program: ReplayProgram | null = null): Promise<Outcome> {
  return runOnce(scenario, { seed: 1, program, signal: QUIETLY.signal, onProgress() {} });
}

/** Plays recorded events, one line each, as they came. */
async function replay(scenario: Scenario, lines: readonly string[]): Promise<Outcome> {
  const trace = await Deno.makeTempFile({ suffix: ".csv" });
  try {
    await Deno.writeTextFile(trace, ["t_ns,op,id,size,worker", ...lines, ""].join("\n"));
    return await once(scenario, await compileReplay(trace));
  } finally {
    await Deno.remove(trace);
  }
}

/** Elements that all workers took from the pool "buffers". */
function allocsOf({ reports }: Outcome): number {
  return reports.reduce((sum, report) => sum + report!.pools.buffers!.counts.allocs, 0);
}

/** What each worker held, by pool, and where it waited. */
function standing({ deadlock }: Outcome) {
  return deadlock?.workers.map(({ holds, awaits }) => [
    holds.map(({ elements }) => elements),
    awaits.map(({ pool }) => pool),
  ]);
}

Deno.test("runScenario() ends with the account of a deadlock, marked partial, where there is no reserve", async () => {
  const error = await assertRejects(() => runScenario(taking(1, { min: 0 }), QUIETLY), RunError);
  assertEquals(
    error.message,
    'plenty: deadlock: no progress: workers 0 and 1 wait for an element of "buffers" and nothing is ' +
      'due to be freed: raise the reserve of "buffers" to 1',
  );
  const { partial, warnings, runs } = error.result!;
  assertEquals([partial, warnings[0]!.code], [true, "deadlock"]);
  assertEquals(
    warnings[0]!.message.replaceAll(/waited \S+ for/g, "waited for").split("; ").slice(1, 3),
    [0, 1].map((worker) => `worker ${worker} holds nothing and has waited for "buffers"`),
  );
  assert(warnings.every(({ code }) => !["abandoned", "not-steady"].includes(code)));
  assertEquals(runs[0]!.workers.map(({ exit }) => exit), ["interrupted", "interrupted"]);
  assertEquals([conserved(runs[0]!.pools.buffers!), runs[0]!.leaked], [null, 0]);
});

Deno.test("runScenario() rule 23: a single worker that waits for itself is reported as a self-deadlock", async () => {
  const scenario = taking(3, { min: 2, workers: 1 });
  const { message, result } = await assertRejects(() => runScenario(scenario, QUIETLY), RunError);
  assertEquals(
    message,
    'plenty: self-deadlock: no progress: worker 0 waits for an element of "buffers" and nobody else ' +
      'could free one: raise the reserve of "buffers" to 3',
  );
  const [warning] = result!.warnings;
  assertEquals(warning!.code, "self-deadlock");
  assert(/; worker 0 holds 2 of "buffers" and has waited \S+ for "buffers"; T = 1/.test(
    warning!.message,
  ));
});

/** Give 4 for the whole of it: `deno test -P=test workloads/watch_test.ts -- 4`. */
const LARGEST = Number(Deno.args[0] ?? 3);
const TO_LARGEST = Array.from({ length: LARGEST - 1 }, (_, index) => index + 2);

for (const workers of TO_LARGEST) {
  for (const k of TO_LARGEST) {
    const enough = workers * (k - 1) + 1;
    Deno.test(`runOnce() rule 39: deadlocks where ${workers} workers take ${k} elements one by one of ${enough - 1}, never of ${enough}`, async () => {
      const short = await once(taking(k, { workers, min: enough - 1 }));
      assertEquals(short.ending, "deadlock");
      assertEquals(standing(short), Array(workers).fill([[k - 1], ["buffers"]]));
      const waits = short.deadlock!.workers.flatMap(({ awaits }) => awaits);
      assert(waits.every(({ callers, waitedMs }) => callers === 1 && waitedMs > 0));
      const served = await once(taking(k, { workers, min: enough, duration: 100e6 }));
      assertEquals(served.ending, "done");
      assertGreaterOrEqual(allocsOf(served), k, "a task at least had all that it needs");
    });
  }
}

/** The same k elements at once: as a bulk, or as the only part of an element that is put together. */
function takingAtOnce(k: number, how: "bulk" | "composite", workers: number): Scenario {
  const scenario = taking(k, { workers, min: k, duration: 100e6 });
  const { allocators, pools, workload } = scenario;
  if (how === "bulk") {
    const take = [{ pool: "buffers", count: k, how }];
    return { ...scenario, workload: { ...workload, take } };
  }
  const bundle = { kind: "composite", parts: [{ of: "buffers", count: k }] };
  const bundles = { over: "bundle", minReserve: 0, policy: "five-level" };
  const take = [{ pool: "bundles", count: 1, how: "each" as const }];
  return {
    ...scenario,
    allocators: { ...allocators, bundle },
    pools: { ...pools, bundles },
    workload: { ...workload, take },
  };
}

const AT_ONCE = (["bulk", "composite"] as const).flatMap((how) =>
  TO_LARGEST.flatMap((workers) => TO_LARGEST.map((k) => ({ how, workers, k })))
);

for (const { how, workers, k } of AT_ONCE) {
  Deno.test(`runOnce() rule 39: never deadlocks where ${workers} workers take ${k} elements of ${k} at once (${how})`, async () => {
    const outcome = await once(takingAtOnce(k, how, workers));
    assertEquals(outcome.ending, "done");
    assertGreaterOrEqual(allocsOf(outcome), k, "a task at least had all that it needs");
    const { composition } = outcome;
    composition.check();
    for (const { name } of composition.pools) assertEquals(composition.outstanding(name), 0);
  });
}

Deno.test("runOnce() names the worker that holds all and waits for more", async () => {
  const outcome = await once(taking(3, { min: 2 }));
  const { self, workers } = outcome.deadlock!;
  const holding = workers.map(({ holds }) => holds[0]?.elements ?? 0);
  assertEquals(self, holding.includes(2) ? holding.indexOf(2) : null);
});

Deno.test("runOnce() finds workers locked up in pools of their own", async () => {
  const { pools, ...scenario } = taking(1, { min: 2, inFlight: 5 });
  const allocators = { fresh: { kind: "heap", objectBytes: 64 } };
  const fresh = { buffers: { ...pools.buffers!, over: "fresh" } };
  const outcome = await once({ ...scenario, allocators, pools: fresh });
  assertEquals([outcome.ending, outcome.deadlock!.self], ["deadlock", 0]);
  assertEquals(standing(outcome)![0], [[2], ["buffers"]]);
});

Deno.test("runOnce() finds a deadlock of callers that wait on the event loop, while more arrive", async () => {
  const arriving = {
    kind: "open",
    arrival: { kind: "constant", rate: 500 },
    hold: { kind: "constant", time: 1e6 },
    asyncShare: 1,
  };
  const outcome = await once(taking(1, { min: 0, ...arriving }));
  assertEquals(outcome.ending, "deadlock");
  assertGreater(outcome.deadlock!.workers[0]!.awaits[0]!.callers, 1);
});

Deno.test("runOnce() finds a deadlock that came just before the end of the time", async () => {
  const outcome = await once(taking(1, { min: 0, duration: 200e6 }));
  assertEquals(outcome.ending, "deadlock");
});

Deno.test("runOnce() finds memory used up once those who wait have tried again in vain", async () => {
  const scenario = { ...taking(20, { min: 1 }), pressure: { kind: "none" } };
  const outcome = await once(onPages(scenario, 24, 100));
  assertEquals([outcome.ending, outcome.deadlock!.outlook], ["deadlock", "steady"]);
  const held = outcome.deadlock!.workers.flatMap(({ holds }) => holds[0]!.elements);
  assertEquals(held.reduce((sum, elements) => sum + elements, 0), 24);
});

Deno.test("runOnce() has those who wait try again at the end of the time, which settles it", async () => {
  const scenario = { ...taking(20, { min: 1, duration: 200e6 }), pressure: { kind: "none" } };
  const outcome = await once(onPages(scenario, 24, 3600_000));
  assertEquals(outcome.ending, "deadlock");
});

Deno.test("runOnce() finds memory used up in spite of outages and failures by chance", async () => {
  for (
    const pressure of [
      { kind: "outages", up: 20e6, down: 5e6 },
      { kind: "fail", atomic: 0.5, blocking: 0.5 },
    ]
  ) {
    const outcome = await once({ ...onPages(taking(20, { min: 1 }), 24, 50), pressure });
    assertEquals([outcome.ending, outcome.deadlock!.outlook], ["deadlock", "varying"]);
  }
});

Deno.test("runOnce() raises no alarm over an outage, however often those who wait try in vain", async () => {
  const pressure = { kind: "outages", up: 5e6, down: 3600e9 };
  const scenario = onPages(taking(1, { min: 0, duration: 1.3e9 }), 64, 50);
  const outcome = await once({ ...scenario, pressure });
  assertEquals([outcome.ending, outcome.deadlock], ["done", null]);
  const waiting = outcome.reports.map((report) => report!.pools.buffers!.counts.abandoned);
  assertEquals(waiting, [1, 1], "they waited to the end");
});

Deno.test("runOnce() raises no alarm over a quiet time in a replay, be it before a free or before the end", async () => {
  const lines = {
    "what is freed late": ["0,a,1,64,0", "300000000,a,2,64,1", "1100000000,f,1,,0"],
    "what is kept by a worker that ends": [
      "0,a,1,64,0",
      "300000000,a,2,64,1",
      "1100000000,a,3,8192,0",
      "1101000000,f,3,,0",
    ],
  };
  const pools = {
    buffers: { over: "page", minReserve: 1, policy: "five-level" },
    large: { over: "pair", minReserve: 1, policy: "five-level" },
  };
  const allocators = { page: { kind: "page", order: 0 }, pair: { kind: "page", order: 1 } };
  const take = ["buffers", "large"].map((pool) => ({ pool, count: 1, how: "each" as const }));
  const scenario = { ...taking(1, { min: 1, kind: "replay", take }), allocators, pools };
  for (const [what, events] of Object.entries(lines)) {
    const { ending, reports } = await replay(scenario, events);
    assertEquals([what, ending], [what, "done"]);
    assertGreater(reports[1]!.pools.buffers!.counts.maxWaitNs, 0.5e9, "it waited all the time");
  }
});

Deno.test("runOnce() raises no alarm over few arrivals and long holds", async () => {
  const outcome = await once(taking(1, {
    min: 1,
    kind: "open",
    arrival: { kind: "constant", rate: 4 },
    hold: { kind: "constant", time: 600e6 },
    duration: 1.5e9,
  }));
  assertEquals([outcome.ending, outcome.deadlock], ["done", null]);
  const { counts } = outcome.reports[0]!.pools.buffers!;
  assertGreater(counts.hits[4] + outcome.reports[1]!.pools.buffers!.counts.hits[4], 0);
});

Deno.test("runOnce() brings a replay without time to its end in which callers wait on the event loop", async () => {
  const scenario = taking(1, { min: 1, kind: "replay", speed: 0, asyncShare: 1, workers: 1 });
  const lines = ["0,a,1,64,0", "1000,a,2,64,0", "2000,f,1,,0", "3000,f,2,,0"];
  const outcome = await replay(scenario, lines);
  assertEquals(outcome.ending, "done");
  assertEquals(outcome.reports[0]!.pools.buffers!.counts.allocs, 2);
});

Deno.test("runOnce() lets no task block the event loop on which others of its worker are handed elements", async () => {
  const outcome = await once(taking(1, {
    min: 2,
    kind: "open",
    arrival: { kind: "poisson", rate: 10_000 },
    hold: { kind: "constant", time: 1e6 },
    asyncShare: 0.5,
    duration: 300e6,
  }));
  assertEquals(outcome.ending, "done");
  const allocs = outcome.reports.map((report) => report!.pools.buffers!.counts.allocs);
  assertGreater(Math.min(...allocs), 10, "they go on to the end");
  assertLess(Math.max(...allocs), 3000);
});
