/**
 * Rule 40: a worker that dies in a run, in whatever way. The others go on, what it had is theirs, the books are kept and the result says
 * so.
 */
import { assert, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { conserved } from "../results/conservation.ts";
import { type Outcome, runOnce } from "./coordinator.ts";
import { deathSentence } from "./death_text.ts";
import { runResult } from "./run_result.ts";
import type { Scenario } from "./scenario.ts";
import { compileReplay } from "./traces/program.ts";
import { HELD, type Way } from "./testing/dying_worker.ts";
import { plenty, scarce } from "./testing/scenarios.ts";
import { warningsOf } from "./warnings.ts";

const WORKER_URL = new URL("./testing/dying_worker.ts", import.meta.url);
const SHORT = { duration: 300e6, warmup: 0 };

/** Runs a scenario of which one worker dies, the first if not given; one that idles is terminated from outside. */
async function runToDeath(
  way: Way,
  base: Scenario,
  worker = 0,
): Promise<{ scenario: Scenario; outcome: Outcome }> {
  const scenario = { ...base, name: `${base.name}: ${way}@${worker}` };
  const workers: Worker[] = [];
  const { Worker: Original } = globalThis;
  globalThis.Worker = class extends Original {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      workers.push(this);
    }
  };
  const { signal } = new AbortController();
  const onProgress = () => {
    if (way === "idles") workers[worker]!.terminate();
  };
  try {
    const { trace } = base.workload;
    const program = trace === null ? null : await compileReplay(trace);
    const settings = { seed: 1, program, signal, onProgress, workerUrl: WORKER_URL };
    return { scenario, outcome: await runOnce(scenario, settings) };
  } finally {
    globalThis.Worker = Original;
  }
}

/** What any run with one death must hold. @returns the result of the run. */
function assertBuried({ scenario, outcome }: Awaited<ReturnType<typeof runToDeath>>) {
  assertEquals([outcome.ending, outcome.failures, outcome.burials.length], ["failed", [], 1]);
  outcome.composition.check();
  const run = runResult(scenario, outcome, { repeat: 0, seed: 1 });
  for (const [name, pool] of Object.entries(run.pools)) assertEquals(conserved(pool), null, name);
  assertEquals(run.leaked, 0);
  const dead = run.workers.find(({ exit }) => exit === "died");
  const others = run.workers.filter(({ exit }) => exit === "done");
  assertEquals(others.length, run.workers.length - 1);
  assertEquals(dead!.died!.recovered.unrecovered, []);
  const { kind, duration } = scenario.workload;
  const least = kind === "replay" ? 0 : duration * 0.9;
  for (const { endNs } of others) assertGreater(endNs, least, "the others went on");
  return run;
}

for (const way of ["throws", "closes", "cut off", "idles"] as const) {
  Deno.test(`runOnce() goes on when a worker ${way === "cut off" ? "is cut off" : way}, has what it had and says so`, async () => {
    const { scenario, outcome } = await runToDeath(way, plenty(SHORT));
    const { workers } = assertBuried({ scenario, outcome });
    const { during, message, recovered } = workers[0]!.died!;
    if (way !== "cut off") assertEquals(recovered.returned, { buffers: HELD });
    else assert(recovered.returned["buffers"]! >= HELD);
    assertEquals(message, way === "throws" ? "planted" : null);
    if (way === "closes") assertEquals([during, recovered.locks], ["lock", ["buffers"]]);
    assertStringIncludes(deathSentence(outcome.burials), "worker 0 died");
  });
}

Deno.test("runOnce() gives what a dead worker had to those who wait for it", async () => {
  const pressed = {
    ...scarce({ ...SHORT, workers: 3, hold: { kind: "constant", time: 1e6 } }),
    pressure: { kind: "dead" },
  };
  for (const way of ["throws", "closes"] as const) {
    const { scenario, outcome } = await runToDeath(way, pressed);
    const run = assertBuried({ scenario, outcome });
    const { code, message } = warningsOf(scenario, [run], { costNs: 1, grainNs: 1 })
      .find(({ code }) => code === "worker-died")!;
    assertEquals(code, "worker-died");
    assertStringIncludes(message, "3 elements of buffers");
    assertStringIncludes(message, "nothing is lost");
    assertEquals(run.pools["buffers"]!.levels[0]!.hits, 0);
  }
});

const HANDING: Readonly<Record<string, object>> = {
  "producer-consumer": { producers: 2, batch: 2, ring: 64 },
  larson: { round: 50, inFlight: 256 },
};

for (const [kind, options] of Object.entries(HANDING)) {
  Deno.test(`runOnce() loses nothing that ${kind} hands from a dead worker, or to one`, async () => {
    for (const worker of [0, 2]) {
      const scenario = plenty({ ...SHORT, kind, workers: 3, ...options });
      const run = assertBuried(await runToDeath("cut off", scenario, worker));
      assertGreater(run.pools["buffers"]!.frees, 0);
    }
  });
}

Deno.test("runOnce() loses nothing that a replay hands from a dead worker, or to one", async () => {
  const events = Array.from({ length: 400 }, (_, id) => [
    { at: id * 2e5, text: `a,${id},64,${id % 3}` },
    { at: id * 2e5 + 2e7, text: `f,${id},64,${(id + 1) % 3}` },
  ]).flat().toSorted((a, b) => a.at - b.at);
  const lines = events.map(({ at, text }) => `${at},${text}`);
  const trace = await Deno.makeTempFile({ suffix: ".csv" });
  await Deno.writeTextFile(trace, ["t_ns,op,id,size,worker", ...lines, ""].join("\n"));
  try {
    for (const worker of [0, 1]) {
      const base = plenty({ kind: "replay", trace, workers: 3, warmup: 0, inFlight: 1 });
      const run = assertBuried(await runToDeath("ends", base, worker));
      assertGreater(run.pools["buffers"]!.frees, 0);
    }
  } finally {
    await Deno.remove(trace);
  }
});
