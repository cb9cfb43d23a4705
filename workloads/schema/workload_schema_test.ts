import { assertEquals, assertThrows } from "@std/assert";
import { KINDS } from "../testdata/kinds.ts";
import { InputError } from "../input_error.ts";
import { parseScenario } from "../parse_scenario.ts";
import { registered } from "../registered.ts";
import type { WorkloadKind } from "../registries.ts";
import { assertRefusals, parsed, refusal, SAMPLE, sampleWith } from "../testdata/sample.ts";

Deno.test("workloadSchema() takes one pool, or a list of pools with counts", () => {
  assertEquals(parsed(SAMPLE).workload.take, [{ pool: "outer", count: 1, how: "each" }]);
  const list = '"take": [{ "pool": "inner", "count": 2, "how": "bulk" }, { "pool": "outer" }]';
  assertEquals(parsed(sampleWith('"take": "outer"', list)).workload.take, [
    { pool: "inner", count: 2, how: "bulk" },
    { pool: "outer", count: 1, how: "each" },
  ]);
});

Deno.test("workloadSchema() takes alternatives, each with a weight of 1 where none is given, and none at all", () => {
  const alternatives = (list: string) =>
    parsed(sampleWith('"take": "outer"', `"take": "outer", "takeOneOf": ${list}`)).workload
      .takeOneOf;
  assertEquals(
    alternatives(
      '[{ "pool": "inner", "weight": 2.5, "count": 3, "how": "bulk" }, { "pool": "outer" }]',
    ),
    [
      { pool: "inner", count: 3, how: "bulk", weight: 2.5 },
      { pool: "outer", count: 1, how: "each", weight: 1 },
    ],
  );
  assertEquals([alternatives("[]"), parsed(SAMPLE).workload.takeOneOf], [[], []]);
});

Deno.test("workloadSchema() refuses alternatives that cannot be drawn, and kinds of load that draw none", () => {
  const refused = (list: string, said: string): [string, string, string] => [
    '"take": "outer"',
    `"take": "outer", "takeOneOf": ${list}`,
    `14: workload.takeOneOf${said}`,
  ];
  assertRefusals([
    refused('"inner"', ': "inner" is not allowed: give a list of {"pool": ..., "weight": ...}'),
    refused(
      '[{ "pool": "iner" }]',
      '.0.pool: "iner" is not a pool of this scenario: give inner or outer (did you mean inner?)',
    ),
    refused(
      '[{ "pool": "inner", "weight": -1 }]',
      ".0.weight: -1 is out of range: give 0 to 1000000",
    ),
    refused('[{ "weight": 1 }]', ".0.pool: missing: it must be given (the pool to take from)"),
    refused(
      '[{ "pool": "inner", "weight": 0 }, { "pool": "outer", "weight": 0 }]',
      ": weights that are all 0 are not allowed: give one at least that is more",
    ),
  ]);
  const replaying = sampleWith('"kind": "open"', '"kind": "replay", "trace": "a.csv"')
    .replace(/"arrival".*\n.*"hold".*\n/, '"takeOneOf": [{ "pool": "inner" }]\n');
  assertEquals(
    refusal(replaying),
    "my.jsonc:16: workload.takeOneOf: not used by a workload of kind replay, " +
      "only by closed and open: leave it out",
  );
});

Deno.test("workloadSchema() refuses to take from what is no pool", () => {
  assertRefusals([
    [
      '"take": "outer"',
      '"take": "outr"',
      '14: workload.take: "outr" is not a pool of this scenario: give inner or outer (did you mean outer?)',
    ],
    [
      '"take": "outer"',
      '"take": "page"',
      '14: workload.take: "page" is not a pool of this scenario: give inner or outer',
    ],
    [
      '"take": "outer"',
      '"take": [{ "pool": "inner" },\n{ "pool": "oute" }]',
      '15: workload.take.1.pool: "oute" is not a pool of this scenario: give inner or outer (did you mean outer?)',
    ],
    [
      '"take": "outer"',
      '"take": []',
      "14: workload.take: an empty list is not allowed: give at least one pool to take from",
    ],
    [
      '"take": "outer"',
      '"take": 5',
      '14: workload.take: 5 is not allowed: give a pool, or a list of {"pool": ...}',
    ],
    [
      '"take": "outer"',
      '"take": [{ "pool": "inner", "count": 0 }]',
      "14: workload.take.0.count: 0 is out of range: give 1 to 1048576",
    ],
    [
      '"take": "outer"',
      '"take": [{ "pool": "inner", "how": "bluk" }]',
      '14: workload.take.0.how: "bluk" is not allowed: give each or bulk (did you mean bulk?)',
    ],
    [
      '"take": "outer",',
      "",
      "12: workload.take: missing: it must be given (what one task takes)",
    ],
  ]);
});

const TIMING = SAMPLE.slice(SAMPLE.indexOf('    "arrival"'), SAMPLE.indexOf('  },\n  "pressure'));

Deno.test("workloadSchema() wants what a kind needs", () => {
  assertRefusals([
    [
      '"arrival": { "kind": "poisson", "rate": "20000/s" },',
      "",
      "12: workload.arrival: missing: it must be given (when tasks arrive)",
    ],
    [
      '{ "kind": "poisson", "rate": "20000/s" }',
      "null",
      `16: workload.arrival: null is not allowed: give an object whose kind is ${KINDS.arrivals}`,
    ],
  ]);
  assertEquals(
    refusal(sampleWith(TIMING, "").replace('"open"', '"replay"')),
    "my.jsonc:12: workload.trace: missing: it must be given " +
      "(the recorded trace to replay, relative to this file)",
  );
});

Deno.test("workloadSchema() refuses what a kind does not use, but for its neutral value", () => {
  assertRefusals([
    [
      '"kind": "open"',
      '"kind": "closed"',
      "16: workload.arrival: not used by a workload of kind closed, only by open: leave it out",
    ],
    [
      '"kind": "open"',
      '"kind": "open", "inFlight": 9',
      "13: workload.inFlight: not used by a workload of kind open, only by burst, closed and larson: leave it out",
    ],
    [
      '"kind": "open"',
      '"kind": "open", "trace": "x.csv"',
      "13: workload.trace: not used by a workload of kind open, only by replay: leave it out",
    ],
  ]);
  const neutral = '"kind": "closed", "arrival": null, "hold": null, "trace": null, "speed": 1';
  const text = sampleWith(TIMING, "").replace('"kind": "open"', neutral);
  assertEquals(parsed(text).workload.inFlight, 64);
});

Deno.test("workloadSchema() has a workload's own options follow from its registry entry", () => {
  const burst: WorkloadKind = {
    summary: "bursts",
    options: { size: { type: "integer", summary: "tasks in a burst", min: 1 } },
    needs: ["hold"],
    allows: [],
  };
  const registries = { ...registered, workloads: { ...registered.workloads, burst } };
  const parse = (text: string) =>
    parseScenario({ file: "my.jsonc", text }, {}, registries).workload;
  const text = sampleWith('"kind": "open"', '"kind": "burst", "size": 8')
    .replace('"arrival": { "kind": "poisson", "rate": "20000/s" },', "");
  const workload = parse(text);
  assertEquals([workload.kind, Reflect.get(workload, "size")], ["burst", 8]);
  assertEquals(
    assertThrows(() => parse(text.replace('"size": 8', '"size": 0')), InputError).message,
    "my.jsonc:13: workload.size: 0 is out of range: give 1 or more",
  );
});
