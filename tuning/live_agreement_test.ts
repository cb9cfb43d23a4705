/**
 * The simulator against real workers: the rates of all five levels of the same scenario agree within sampling error, which
 * is seen from simulated runs of the same length by other seeds.
 *
 * Real workers are late at times, and a late worker keeps its elements for longer. So tasks hold for long against
 * that, and of several live runs the one that agrees best counts: a wrong rule of the simulator agrees with none.
 *
 * @module
 */
import { assert, assertGreater } from "@std/assert";
import { poolAcross } from "../results/across.ts";
import { parseScenario } from "../workloads/parse_scenario.ts";
import { registered } from "../workloads/registered.ts";
import { runScenario } from "../workloads/runner.ts";
import type { Scenario } from "../workloads/scenario.ts";
import { networkExperiment } from "./network_experiment.ts";
import { backendOf, levelsOf } from "./scenario_subject.ts";

const DURATION_S = 2;
const RATE = 1000;
const RUNS = 4;
const SEEDS = 24;

function scenario(pressure: Record<string, unknown>, minReserve: number): Scenario {
  const raw = {
    name: "agreement",
    memory: { pages: 2048 },
    allocators: { page: { kind: "page" } },
    pools: { buffers: { over: "page", minReserve } },
    workload: {
      kind: "open",
      take: "buffers",
      workers: 2,
      duration: `${DURATION_S}s`,
      warmup: 0,
      arrival: `poisson:rate=${RATE}/s`,
      hold: "exponential:mean=20ms",
    },
    pressure,
  };
  return parseScenario({ label: "agreement", raw }, {}, registered);
}

async function liveRates(scenario: Scenario): Promise<number[]> {
  const signal = new AbortController().signal;
  const { runs } = await runScenario(scenario, { signal, onProgress() {}, revision: null });
  return poolAcross(runs, "buffers").levels.map(({ rate }) => rate);
}

function simulatedRates(scenario: Scenario, seed: number): number[] {
  const { hits } = levelsOf({ ...scenario, seed }, { tasks: DURATION_S * RATE, skipped: 0 });
  return shares(hits);
}

function shares(hits: readonly number[]): number[] {
  const served = hits.reduce((sum, count) => sum + count, 0);
  return hits.map((count) => count / served);
}

/** How far the rates are from those simulated, in deviations of one run, at the level that is farthest. */
function distance(rates: readonly number[], simulated: readonly (readonly number[])[]): number {
  return Math.max(...rates.map((rate, level) => {
    const all = simulated.map((each) => each[level]!);
    const mean = all.reduce((sum, each) => sum + each, 0) / all.length;
    const variance = all.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (all.length - 1);
    // A hundredth for what workers and timers are late.
    return Math.abs(rate - mean) / (Math.sqrt(variance) + 0.01);
  }));
}

const CASES = [
  { name: "fail", minReserve: 8, pressure: { kind: "fail", atomic: 0.9, blocking: 0.8 } },
  { name: "outages", minReserve: 12, pressure: { kind: "outages", up: "120ms", down: "40ms" } },
];

for (const { name, minReserve, pressure } of CASES) {
  Deno.test(`the simulator serves each level as often as real workers do under ${name}`, async () => {
    const subject = scenario(pressure, minReserve);
    const simulated = Array.from({ length: SEEDS }, (_, seed) => simulatedRates(subject, seed + 1));
    const distances: number[] = [];
    for (let run = 0; run < RUNS && !(Math.min(...distances) < 3); run++) {
      distances.push(distance(await liveRates(subject), simulated));
    }
    assert(Math.min(...distances) < 3, `${distances.join(", ")} deviations`);
    // What the test can tell apart: a rule that is not the pool's.
    const other = { ...subject.pools.buffers!, policy: "reserve-first" };
    const rates = simulatedRates({ ...subject, pools: { buffers: other } }, 99);
    assertGreater(distance(rates, simulated), 4);
  });
}

/** A pool over a pool, and one over elements with a part of that: what tasks take from both. */
function together(): Scenario {
  const raw = {
    ...{ name: "together", memory: { pages: 4096 } },
    allocators: {
      page: { kind: "page" },
      slab: { kind: "slab", objectBytes: 256 },
      buffer: { kind: "composite", parts: ["shared", { of: "page", count: 4 }] },
    },
    pools: {
      shared: { over: "slab", minReserve: 6 },
      mirror: { over: "shared", minReserve: 6 },
      buffers: { over: "buffer", minReserve: 10 },
    },
    workload: {
      ...{ kind: "open", workers: 2, duration: `${DURATION_S}s`, warmup: 0 },
      take: [{ pool: "mirror" }, { pool: "buffers" }],
      arrival: "poisson:rate=500/s",
      hold: "exponential:mean=40ms",
    },
    pressure: { kind: "outages", up: "150ms", down: "50ms" },
  };
  return parseScenario({ label: "together", raw }, {}, registered);
}

Deno.test("the simulator serves pools together, nested and of parts, as often at each level as real workers do", async () => {
  const subject = together();
  const simulated = Array.from({ length: SEEDS }, (_, seed) => {
    const experiment = networkExperiment(subject, {
      ...{ backend: backendOf(subject)!, limitNs: 0, seed: seed + 1 },
    });
    const minReserves = experiment.pools.map((name) => subject.pools[name]!.minReserve);
    const { pools } = experiment.run(minReserves, DURATION_S * 500);
    return new Map(experiment.pools.map((name, pool) => [name, shares(pools[pool]!.hits)]));
  });
  const distances: number[] = [];
  for (let run = 0; run < RUNS && !(Math.min(...distances) < 3); run++) {
    const signal = new AbortController().signal;
    const { runs } = await runScenario(subject, { signal, onProgress() {}, revision: null });
    const each = ["mirror", "buffers"].map((name) =>
      distance(
        poolAcross(runs, name).levels.map(({ rate }) => rate),
        simulated.map((rates) => rates.get(name)!),
      )
    );
    distances.push(Math.max(...each));
  }
  assert(Math.min(...distances) < 3, `${distances.join(", ")} deviations`);
});
