import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertLess,
  assertStringIncludes,
} from "@std/assert";
import { parseScenario } from "../../workloads/parse_scenario.ts";
import { loadProgram } from "../../workloads/recordings.ts";
import { registered } from "../../workloads/registered.ts";
import type { Scenario } from "../../workloads/scenario.ts";
import { builtinNames } from "../../workloads/scenarios/mod.ts";
import { levelsOf } from "../scenario_subject.ts";
import { skippedOf } from "../experiment.ts";
import { type Curve, pointAt } from "./curve.ts";
import { RemoteSimulator } from "./remote_simulator.ts";
import { type Request, Simulator } from "./simulator.ts";
import { cautions, floorAt, poolNames, unpredictable } from "./subject.ts";

function builtin(name: string, set: readonly string[] = []): Scenario {
  return parseScenario({ name }, { set }, registered);
}

function request(pool: string, minReserve: number, change: Partial<Request> = {}): Request {
  const look = { minReserve, longer: false };
  return { pool, policy: "five-level", limitNs: 0, look, ...change };
}

function at(curve: Curve, minReserve: number) {
  return pointAt(curve, minReserve)!;
}

Deno.test("Simulator.look() predicts what the simulation of that scenario says, by the same seed", async () => {
  for (const pressure of ["outages:up=50ms,down=5ms", "fail:atomic=0.3,blocking=0.2"]) {
    const scenario = builtin("outages", [`pressure=${pressure}`]);
    const simulator = new Simulator({ scenario, program: null });
    const point = at(await simulator.look(request("buffers", 16)), 16);
    const tasks = 2 ** 17;
    const { hits, tally } = levelsOf(scenario, { tasks, skipped: skippedOf(tasks) });
    const served = hits.reduce((sum, count) => sum + count, 0);
    assertEquals(point.rates, hits.map((count) => count / served));
    assertEquals([point.waitRate, point.tasks], [tally.waitRate, tally.tasks]);
    assert(point.missLow! <= point.missRate && point.missRate <= point.missHigh!);
  }
});

Deno.test("Simulator.look() lets fewer wait the larger the reserve, none with neverWaits, on the same tasks", async () => {
  const simulator = new Simulator({ scenario: builtin("dead"), program: null });
  let curve = await simulator.look(request("buffers", 25));
  const { neverWaits } = curve;
  for (const min of [28, 29, neverWaits!, neverWaits! - 1]) {
    curve = await simulator.look(request("buffers", min));
  }
  const misses = curve.points.map(({ missRate }) => missRate);
  assertEquals(misses, misses.toSorted((a, b) => b - a));
  assertEquals(at(curve, neverWaits!).waitRate, 0);
  assert(at(curve, neverWaits! - 1).waitRate > 0);
  assertEquals(curve.neverWaits, neverWaits);
});

Deno.test("Simulator.look() looks longer where that is asked for, and narrows the limits by it", async () => {
  const simulator = new Simulator({ scenario: builtin("outages"), program: null });
  const usual = at(await simulator.look(request("buffers", 12)), 12);
  const longer = await simulator.look(
    request("buffers", 12, { look: { minReserve: 12, longer: true } }),
  );
  const point = at(longer, 12);
  assertEquals([usual.isLongest, point.isLongest], [false, true]);
  assertEquals(point.tasks, 4 * usual.tasks);
  assertLess(point.missHigh! - point.missLow!, usual.missHigh! - usual.missLow!);
});

Deno.test("Simulator.look() knows no reserve that helps under a policy that takes from none", async () => {
  const simulator = new Simulator({ scenario: builtin("dead"), program: null });
  const curve = await simulator.look(request("buffers", 25, { policy: "backend-only" }));
  assertEquals(curve.neverWaits, null);
  assertEquals(at(curve, 25).turnedAway, 1);
});

Deno.test("Simulator.look() draws for one of several pools the share of the tasks that take from it", async () => {
  const scenario = builtin("bio", ["pressure=dead"]);
  const [all, weights] = [
    scenario.workload.takeOneOf,
    scenario.workload.takeOneOf.map((w) => w.weight),
  ];
  const share = weights[0]! / weights.reduce((sum, weight) => sum + weight, 0);
  const simulator = new Simulator({ scenario, program: null });
  const whole = await simulator.look(request("bio", 200));
  const part = await simulator.look(request(all[0]!.pool, 200));
  // In use at most: a Poisson number, about its mean and four deviations.
  const mean = 8000 * 0.004;
  assertAlmostEquals(whole.neverWaits!, mean + 4 * Math.sqrt(mean), 12);
  const less = mean * share * all[0]!.count;
  assertAlmostEquals(part.neverWaits!, less + 4 * Math.sqrt(less), 12);
});

Deno.test("Simulator.look() replays for each pool the recorded elements that go to it", async () => {
  const scenario = builtin("sqlite", ["pressure=dead"]);
  const program = (await loadProgram(scenario))!;
  const simulator = new Simulator({ scenario, program });
  let tasks = 0;
  for (const pool of poolNames(scenario)) {
    const curve = await simulator.look(request(pool, 1));
    tasks += at(curve, 1).tasks;
    assertEquals(at(curve, 1).isLongest, true);
    const enough = await simulator.look(request(pool, curve.neverWaits!));
    assertEquals(at(enough, curve.neverWaits!).waitRate, 0);
  }
  assertEquals(tasks, program.allocs);
});

Deno.test("RemoteSimulator.look() answers what a simulator in this thread does", async () => {
  const of = { scenario: builtin("reservation"), program: null };
  const asked = request("greedy", 24);
  using remote = new RemoteSimulator(of);
  assertEquals(await remote.look(asked), await new Simulator(of).look(asked));
});

Deno.test("unpredictable() has a sentence for every pool that nothing can be predicted of, and for no other", () => {
  const predicted: Readonly<Record<string, readonly string[]>> = {
    bio: ["bio", "bvec-1", "bvec-4", "bvec-16", "bvec-64", "bvec-128", "bvec-256"],
    canonical: ["buffers"],
    dead: ["buffers"],
    highmem: ["bounce", "isa"],
    nested: ["urgent"],
    outages: ["buffers"],
    raid1: ["r1bio", "bounce", "bio", "mirror-bio"],
    "raid1-resync": ["resync"],
    reservation: ["greedy", "modest"],
    sqlite: ["pages-0", "pages-1", "pages-2", "pages-5"],
  };
  for (const name of builtinNames()) {
    const scenario = builtin(name);
    const names = poolNames(scenario);
    assertEquals(names.toSorted(), Object.keys(scenario.pools).toSorted());
    const found = names.filter((pool) => unpredictable({ scenario, pool }) === null);
    assertEquals([name, found], [name, predicted[name] ?? []]);
  }
  const why = (name: string, pool: string, ...set: string[]) =>
    unpredictable({ scenario: builtin(name, set), pool }) ?? "";
  assertStringIncludes(why("swap-out", "swap-io"), "a swap-out load is not drawn from arrivals");
  assertStringIncludes(why("nested", "shared"), "only what urgent asks of it comes to shared");
  assertStringIncludes(why("raid1-resync", "r1bio-pool"), "tasks do not take from r1bio-pool");
  assertStringIncludes(
    why("bio", "bvec-1", "workload.arrival=constant:rate=100/s"),
    "constant arrival",
  );
  assertStringIncludes(why("sqlite", "pages-0", "workload.speed=0"), "as fast as possible");
  assertStringIncludes(
    why("outages", "buffers", "workload.hold=pareto:min=1us,alpha=1"),
    "no mean",
  );
});

Deno.test("cautions() says what a prediction leaves out", () => {
  const said = (name: string, pool: string, policy = "five-level") =>
    cautions({ scenario: builtin(name), pool }, policy).join("; ");
  assertEquals(said("outages", "buffers"), "");
  assertStringIncludes(
    said("highmem", "isa"),
    "when a hog makes the back end fail cannot be predicted",
  );
  assertStringIncludes(said("canonical", "buffers"), "when memory is short cannot be predicted");
  assertStringIncludes(said("outages", "buffers", "adaptive"), "did not follow demand");
  assertStringIncludes(said("reservation", "greedy", "allocator-reservation"), "this pool's alone");
  assertStringIncludes(said("nested", "urgent"), "as if the other pools were never short");
});

Deno.test("floorAt() is what tasks must hold of that very pool", () => {
  const scenario = builtin("highmem");
  assertEquals(floorAt({ scenario, pool: "bounce" }), 31);
  assertEquals(floorAt({ scenario, pool: "isa" }), 7);
  assertEquals(floorAt({ scenario: builtin("reservation"), pool: "greedy" }), 4);
  assertEquals(floorAt({ scenario: builtin("nested"), pool: "shared" }), 1);
});
