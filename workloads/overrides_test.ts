import { assertEquals } from "@std/assert";
import { resolve } from "node:path";
import type { Overrides } from "./overrides.ts";
import { parsed, refusal, SAMPLE, sampleWith } from "./testdata/sample.ts";

const ALL_BESIDE = "all that the memory holds beside the pools before it";

Deno.test("applyOverrides() sets the keys that have options of their own", () => {
  const { workload, repeat, seed, pools } = parsed(SAMPLE, {
    workers: "4",
    duration: "1s",
    warmup: 0,
    repeat: 3,
    seed: "7",
    minReserve: "16",
    policy: "five-level",
    set: [],
  });
  assertEquals([workload.workers, workload.duration, workload.warmup], [4, 1e9, 0]);
  assertEquals([repeat, seed], [3, 7]);
  assertEquals(pools.outer, { over: "inner", minReserve: 16, policy: "five-level" });
  assertEquals(pools.inner?.minReserve, 32);
});

Deno.test("applyOverrides() means the first pool that the workload takes from", () => {
  const set = ['workload.take=[{"pool": "inner"}, {"pool": "outer"}]'];
  assertEquals(parsed(SAMPLE, { set, minReserve: 5 }).pools.inner?.minReserve, 5);
  assertEquals(parsed(SAMPLE, { set, minReserve: 5 }).pools.outer?.minReserve, 8);
});

Deno.test("applyOverrides() takes policies of one's own as JSON", () => {
  assertEquals(parsed(SAMPLE, { policy: '{"steps": ["reserve", "wait"]}' }).pools.outer?.policy, {
    steps: ["reserve", "wait"],
    retryFrom: "reserve",
    retryMs: 5000,
  });
});

Deno.test("applyOverrides() takes arrivals and holds in the notation of the command line", () => {
  const { workload } = parsed(SAMPLE, {
    arrival: "batch:rate=10000/s,size=4",
    hold: "trace:app.csv,order=resampled",
  });
  assertEquals(workload.arrival, { kind: "batch", rate: 10_000, size: 4 });
  assertEquals(workload.hold, { kind: "trace", file: resolve("app.csv"), order: "resampled" });
  assertEquals(parsed(SAMPLE, { hold: "constant:1ms" }).workload.hold, {
    kind: "constant",
    time: 1e6,
  });
});

Deno.test("applyOverrides() refuses an arrival or a hold by the option that it came from", () => {
  assertEquals(
    refusal(SAMPLE, { arrival: "poison:rate=1/s" }),
    '--arrival: workload.arrival: "poison" is no known arrival: ' +
      "give batch, bursty, constant, poisson or trace (did you mean poisson?)",
  );
  assertEquals(
    refusal(SAMPLE, { hold: "pareto:alpha=2" }),
    "--hold: workload.hold: pareto needs min: give min=DURATION (the shortest)",
  );
});

Deno.test("applyOverrides() sets any key by --set, and adds what is new", () => {
  const { workload, pools } = parsed(SAMPLE, {
    set: [
      "workload.hold=exponential:mean=2ms",
      "workload.arrival.rate=5/s",
      'pools.third={"over": "page", "minReserve": 1}',
      "pools.third.minReserve=2",
    ],
  });
  assertEquals(workload.hold, { kind: "exponential", mean: 2e6 });
  assertEquals(workload.arrival, { kind: "poisson", rate: 5 });
  assertEquals(pools.third?.minReserve, 2);
});

Deno.test("applyOverrides() turns any workload into the replay of a trace", () => {
  const { workload } = parsed(SAMPLE, { trace: "t.csv", speed: "2x" });
  assertEquals(workload.trace, resolve("t.csv"));
  assertEquals([workload.kind, workload.speed, workload.arrival, workload.hold], [
    "replay",
    2,
    null,
    null,
  ]);
  assertEquals(workload.take, parsed(SAMPLE).workload.take);
  assertEquals(parsed(SAMPLE, { trace: "file:///t.csv" }).workload.trace, "file:///t.csv");
});

Deno.test("applyOverrides() has refusals begin with the option, not with a line of the file", () => {
  const cases: [overrides: Overrides, said: string][] = [
    [{ workers: "99" }, "--workers: workload.workers: 99 is out of range: give 1 to 64"],
    [
      { duration: "5 parsecs" },
      '--duration: workload.duration: "5 parsecs" is not a duration: give a number with ns, us, ms, s, m or h, such as 500us',
    ],
    [
      { minReserve: "-1" },
      `--min-reserve: pools.outer.minReserve: -1 is not allowed: give an integer from 0 to 4064, ${ALL_BESIDE}`,
    ],
    [
      { policy: "linx" },
      '--policy: pools.outer.policy: "linx" is not a policy: give adaptive, allocator-reservation, backend-only, five-level, linux, linux-2.5, reserve-first or {"steps": [...]} (did you mean linux?)',
    ],
    [{ policy: "{" }, '--policy: "{" is not JSON: give an object, a list or a text in quotes'],
    [{ repeat: 0 }, "--repeat: repeat: 0 is out of range: give 1 to 1000"],
    [
      { speed: "2x" },
      "--speed: workload.speed: not used by a workload of kind open, only by replay: leave it out",
    ],
    [
      { trace: "t.csv", speed: "fast" },
      '--speed: workload.speed: "fast" is not a number: give a finite number, such as 0.5',
    ],
    [
      { set: ["workload.durtion=5s"] },
      "--set workload.durtion: unknown key: give kind, take, takeOneOf, workers, duration, warmup, inFlight, arrival, hold, atomicShare, asyncShare, trace or speed (did you mean duration?)",
    ],
    [
      { set: ["memory.watermark.min=3"] },
      "--set memory.watermark: unknown key: give pages, pageBytes, watermarks or growTo (did you mean watermarks?)",
    ],
    [
      { set: ["pools.buffers.minReserve=3"] },
      '--set pools.buffers.minReserve: "buffers" is not a pool of this scenario: give inner or outer',
    ],
    [
      { set: ["pools.inner.minReserve=5000"] },
      "--set pools.inner.minReserve: 5000 is not allowed: give an integer from 0 to 4096, all that the memory holds",
    ],
  ];
  for (const [overrides, said] of cases) assertEquals(refusal(SAMPLE, overrides), said);
});

Deno.test("applyOverrides() has the command line refused before the file", () => {
  const text = sampleWith('"name": "my"', '"seed": -1');
  assertEquals(refusal(text), "my.jsonc:2: seed: -1 is out of range: give 0 to 4294967295");
  assertEquals(
    refusal(text, { set: ["workload.workers=0"], duration: 0 }),
    "--set workload.workers: 0 is out of range: give 1 to 64",
  );
});

Deno.test("applyOverrides() still names the file's line where the file's own value is at fault", () => {
  assertEquals(
    refusal(SAMPLE, { set: ["memory.pages=80", "memory.growTo=80"] }),
    "my.jsonc:3: memory.watermarks.high: 96 is not allowed: give an integer from 64 to 79, so that min <= low <= high < pages",
  );
});

Deno.test("applyOverrides() leaves a file that is no scenario to its own refusal", () => {
  for (const text of ["[]", '{ "workload": 5 }', "null"]) {
    const plain = refusal(text);
    assertEquals(refusal(text, { trace: "t", workers: "2", minReserve: 1 }), plain);
  }
});
