import { assert, assertEquals } from "@std/assert";
import { Ajv } from "ajv";
import { exampleResult } from "../testdata/example.ts";
import { bencher } from "./bencher.ts";

const OPTIONS = { color: false, columns: 80 };

/** As published, https://bencher.dev/bmf.json. */
const SCHEMA = {
  type: "object",
  patternProperties: {
    ".+": {
      type: "object",
      patternProperties: {
        ".+": {
          type: "object",
          properties: {
            value: { type: "number" },
            lower_value: { type: "number" },
            upper_value: { type: "number" },
          },
          required: ["value"],
        },
      },
    },
  },
};

Deno.test("bencher follows the published schema, with any number of runs", () => {
  const isValid = new Ajv().compile(SCHEMA);
  for (const repeats of [0, 1, 6]) {
    assert(isValid(JSON.parse(bencher.print(exampleResult({ repeats }), OPTIONS))));
  }
});

Deno.test("bencher has one benchmark for the run and one for each part of a pool", () => {
  const benchmarks = JSON.parse(bencher.print(exampleResult(), OPTIONS));
  assertEquals(Object.keys(benchmarks), [
    "canonical",
    "canonical/pages/total",
    "canonical/pages/response",
    "canonical/pages/backend-atomic",
    "canonical/pages/reserve-half",
    "canonical/pages/backend-blocking",
    "canonical/pages/reserve",
    "canonical/pages/wait",
  ]);
  assertEquals(benchmarks["canonical/pages/reserve"]["latency-p99"], { value: 44_800 });
  assertEquals(benchmarks["canonical/pages/reserve"]["latency-p99-9"], undefined);
});

Deno.test("bencher bounds values by the interval over the repeats", () => {
  const benchmarks = JSON.parse(bencher.print(exampleResult({ repeats: 6 }), OPTIONS));
  const { value, lower_value, upper_value } = benchmarks["canonical"].throughput;
  assert(lower_value < value && value < upper_value);
});
