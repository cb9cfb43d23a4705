/**
 * Pools of a scenario sized together, against trying every combination on the same tasks.
 *
 * @module
 */
import {
  assert,
  assertEquals,
  assertGreater,
  assertGreaterOrEqual,
  assertLess,
  assertThrows,
} from "@std/assert";
import type { Target } from "../results/recommendation.ts";
import { InputError } from "../workloads/input_error.ts";
import { parseScenario } from "../workloads/parse_scenario.ts";
import { registered } from "../workloads/registered.ts";
import type { Scenario } from "../workloads/scenario.ts";
import { type JointSubject, sizeJointly } from "./joint.ts";
import { jointOf } from "./joint_report.ts";
import { JointEvidence } from "./joint_evidence.ts";
import { bytesOf } from "./joint_search.ts";
import { jointSubject } from "./joint_subject.ts";
import type { NetworkExperiment } from "./network_experiment.ts";
import { WaitTally } from "./wait_tally.ts";

const TARGET: Target = { kind: "wait-rate", below: 0.05 };
const OPTIONS = { target: TARGET, confidence: 0.99, most: 1000, looks: 1, tasks: 2 ** 14 };

/** A request, then for half of the tasks a buffer, for the others a second request. */
function pair(arrival = "poisson:rate=3000/s"): Scenario {
  const raw = {
    name: "pair",
    memory: { pages: 4096 },
    allocators: { page: { kind: "page" }, slab: { kind: "slab", objectBytes: 256 } },
    pools: {
      request: { over: "slab", minReserve: 1 },
      buffer: { over: "page", minReserve: 1 },
    },
    workload: {
      ...{ kind: "open", workers: 2, duration: "1s", take: "request" },
      takeOneOf: [{ pool: "buffer", weight: 1 }, { pool: "request", weight: 1 }],
      arrival,
      hold: "exponential:mean=1ms",
    },
    pressure: "dead",
  };
  return parseScenario({ label: "pair", raw }, {}, registered);
}

const builtin = (name: string) => parseScenario({ name }, {}, registered);

function sized(of: Scenario, options = OPTIONS) {
  const subject = jointSubject(of, { given: null, target: options.target, onLook() {} });
  const found = sizeJointly(subject, options);
  return { subject, found, joint: jointOf(subject, found, options) };
}

Deno.test("sizeJointly() finds of two pools the pair that a search through all of them finds", () => {
  const { found, subject, joint } = sized(pair());
  const { evidence, fresh, recommended, plenty } = found;
  const bytes = subject.pools.map(({ bytesPerElement }) => bytesPerElement);
  const [first, second] = subject.pools.map(({ floor }) => floor);
  let least = Infinity;
  for (let one = first!; one <= plenty[0]!; one++) {
    for (let other = second!; other <= plenty[1]!; other++) {
      const passes = evidence.meets([one, other]) && fresh!.meets([one, other]);
      if (passes) least = Math.min(least, bytesOf([one, other], bytes));
    }
  }
  assertEquals([joint.exhaustive, joint.recommended!.bytes], [true, least]);
  assertEquals(bytesOf(recommended!, bytes), least);
  assertEquals(evidence.share(plenty), 0);
  // Three tasks at once, each with a request and either a buffer or a second request.
  assertEquals(subject.pools.map(({ offered }) => offered), [4.5, 1.5]);
  // Two workers that may each hold one request and lack another.
  assertEquals([first, second], [3, 1]);
});

Deno.test("sizeJointly() begins with enough for what comes all at once", () => {
  const { found, subject } = sized(pair("batch:rate=3000/s,size=150"), {
    ...OPTIONS,
    tasks: 2 ** 12,
  });
  assertEquals(found.evidence.share(found.plenty), 0);
  const [requests] = subject.pools;
  // Of 150 that come at once all take a request, and half of them a second one.
  assertGreater(found.plenty[0]!, 150);
  assertLess(4 * requests!.offered + 32, 150);
});

Deno.test("sizeJointly() recommends what meets the target though each pool sized alone does not", () => {
  const { found, joint } = sized(builtin("bio"), {
    ...OPTIONS,
    target: { kind: "wait-rate", below: 0.03 },
  });
  const { recommended, alone, confirmed, pools } = joint;
  assertGreater(alone!.missHigh!, 0.03);
  assertLess(Math.max(recommended!.missHigh!, confirmed!.missHigh!), 0.03);
  assertGreater(recommended!.bytes, alone!.bytes);
  assertEquals(pools.length, 7);
  for (const { minReserve, floor, neverWaits, oneLess } of pools) {
    assert(floor <= minReserve! && minReserve! <= neverWaits);
    assert(oneLess === null ? minReserve === floor : oneLess.missHigh! >= 0.03);
  }
  const costs = joint.frontier.map(({ bytes }) => bytes);
  assertEquals(costs, costs.toSorted((a, b) => a - b));
  const shares = joint.frontier.map(({ missRate }) => missRate);
  assertEquals(shares, shares.toSorted((a, b) => b - a));
  assertEquals(found.recommended, recommended!.minReserves);
});

Deno.test("sizeJointly() gives nothing to a pool beneath that fails whenever the whole does", () => {
  const { joint } = sized(builtin("raid1-resync"));
  assertEquals(joint.pools.map(({ pool, floor }) => [pool, floor]), [["r1bio-pool", 0], [
    "resync",
    1,
  ]]);
  assertEquals(joint.pools[0]!.minReserve, 0);
  assertGreater(joint.pools[1]!.minReserve!, 1);
});

/** Of an experiment in which each element of either pool lets fewer miss, always as many: evenly spread, so that they show no clumps. */
function evenly(share: number): NetworkExperiment {
  return {
    pools: ["one", "other"],
    run(minReserves, tasks) {
      const tally = new WaitTally({ tasks, limitNs: 0, skipped: 0 });
      const missing = minReserves.reduce((sum, min) => sum + share * Math.exp(-min / 3), 0);
      for (let task = 0; missing > 0 && task < tasks; task += 1 / Math.min(1, missing)) {
        tally.wait(Math.floor(task), 1);
      }
      tally.finish(tasks, 30);
      const pools = minReserves.map((min) => ({
        ...{ hits: [0, 0, 0, 0, 0], turnedAway: 0, lowWater: Math.max(0, min - 30) },
      }));
      return { tally, pools };
    },
  };
}

Deno.test("sizeJointly() asks tasks drawn anew as well, and takes more where these take more", () => {
  const size = (anew: number) => {
    const pool = { floor: 1, offered: 10, onlyBeneath: false, standsOnPool: false };
    const subject: JointSubject = {
      leastTasks: 0,
      pools: [
        { ...pool, name: "one", bytesPerElement: 64 },
        { ...pool, name: "other", bytesPerElement: 300 },
      ],
      evidence: ({ tasks, confidence, fresh }) =>
        new JointEvidence(evenly(fresh ? anew : 0.3), { tasks, target: TARGET, confidence }),
    };
    const found = sizeJointly(subject, OPTIONS);
    const { fresh, recommended } = found;
    assert(fresh!.meets(recommended!));
    // Whatever is cheaper is shown to fail, on whichever tasks it does.
    const { frontier } = jointOf(subject, found, OPTIONS);
    const cost = bytesOf(recommended!, [64, 300]);
    const cheaper = frontier.filter(({ bytes }) => bytes < cost);
    assertGreater(cheaper.length, 0);
    for (const { missHigh } of cheaper) assertGreaterOrEqual(missHigh!, 0.05);
    return cost;
  };
  assertGreater(size(0.5), size(0.3));
  assertEquals(size(0.1), size(0.3));
});

Deno.test("jointSubject() has its simulations hold many outages, and refuses those that are too rare for that", () => {
  const over = (upNs: number, downNs: number) =>
    jointSubject(pair(), {
      given: {
        ...{ kind: "pressure", name: "outages", pressure: { failure: [0, 0], upNs, downNs } },
      },
      target: TARGET,
      onLook() {},
    });
  // At 3000 tasks a second.
  const subject = over(5e9, 1e9);
  assertEquals(subject.leastTasks, 2 ** 20);
  const lengths: number[] = [];
  const { tasks: _, ...options } = OPTIONS;
  sizeJointly({
    ...subject,
    evidence({ confidence, tasks }) {
      lengths.push(tasks);
      return new JointEvidence(evenly(0.3), { tasks: 2 ** 14, target: TARGET, confidence });
    },
  }, options);
  assertEquals(lengths[0], 2 ** 20);
  assertThrows(() => over(60e9, 5e9), InputError, "one in 195,000 tasks");
});

Deno.test("sizeJointly() says where not even the most allowed is enough", () => {
  const { joint } = sized(builtin("raid1"), { ...OPTIONS, most: 4 });
  assertEquals([joint.recommended, joint.because], [
    null,
    "no combination of up to 4 each meets the target",
  ]);
});
