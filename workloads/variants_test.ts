import { assertEquals, assertThrows } from "@std/assert";
import { InputError } from "./input_error.ts";
import type { Overrides } from "./overrides.ts";
import { parseVariants } from "./parse_scenario.ts";
import { registered } from "./registered.ts";
import { keyProblems } from "./variant_keys.ts";
import { parsed, refusal, SAMPLE, sampleWith } from "./testdata/sample.ts";

/** The sample with a `compare` of its own, on line 21. */
function comparing(compare: string): string {
  return sampleWith(
    '  "pressure": { "kind": "none" }',
    `  "pressure": { "kind": "none" },\n  "compare": ${compare}`,
  );
}

function variants(text: string, overrides: Overrides = {}) {
  return parseVariants({ file: "my.jsonc", text }, overrides, registered);
}

const TWO = comparing(
  '{ "small": { "pools.inner.minReserve": 4 }, "large": { "pools.inner.minReserve": 64, "workload.workers": 1 } }',
);

Deno.test("variantsOf() makes a scenario of each variant, in order, with its own keys", () => {
  const found = variants(TWO).map((
    { name, pools, workload },
  ) => [name, pools.inner!.minReserve, pools.outer!.minReserve, workload.workers]);
  assertEquals(found, [["my/small", 4, 8, 2], ["my/large", 64, 8, 1]]);
});

Deno.test("variantsOf() leaves a scenario without variants alone, and what is in common is the scenario itself", () => {
  assertEquals(variants(SAMPLE), [parsed(SAMPLE)]);
  assertEquals(parsed(TWO), parsed(SAMPLE));
});

Deno.test("variantsOf() names a scenario that has no name of its own after its file", () => {
  assertEquals(variants(TWO.replace('"name": "my",', "")).map(({ name }) => name), [
    "my/small",
    "my/large",
  ]);
});

Deno.test("applyOverrides() changes every variant, and has the last word", () => {
  const found = variants(TWO, { workers: 3, set: ["pools.inner.minReserve=9"] });
  assertEquals(found.map(({ pools, workload }) => [pools.inner!.minReserve, workload.workers]), [
    [9, 3],
    [9, 3],
  ]);
});

Deno.test("variantsOf() makes variants that are scenarios as they stand: resolved, they parse to themselves", () => {
  for (const variant of variants(TWO)) {
    assertEquals(parseVariants({ label: "resolved", raw: variant }, {}, registered), [variant]);
  }
});

Deno.test("variantsOf() has what is wrong with a variant refused where it stands", () => {
  const cases: readonly (readonly [string, string])[] = [
    ['{ "a": { "pools.inner.minReserve": -1 } }', "20: pools.inner.minReserve: -1 is not allowed"],
    [
      '{ "a": { "pools.iner.minReserve": 1 } }',
      '20: compare: pools.iner.minReserve: "iner" is not a pool',
    ],
    ['{ "a": { "workload.wrokers": 1 } }', "20: workload.wrokers: unknown key"],
    ['{ "a b": {} }', '20: compare."a b": not a name for a variant'],
    [
      '{ "a": { "compare": { "b": {} } } }',
      "20: compare.a.compare: a variant has no variants: give keys of the scenario, or variants beside this one",
    ],
    [
      '{ "a": { "compare.b.seed": 2 } }',
      '20: compare.a."compare.b.seed": a variant has no variants',
    ],
    [
      '{ "a": { "name": "x" } }',
      "20: compare.a.name: a variant is named by its key under compare: leave it out",
    ],
    [
      '{ "a": { "pools.inner.minReserve": 4, "pools.inner": { "over": "page" } } }',
      '20: compare.a."pools.inner": it sets "pools.inner.minReserve" as well, which is given before: give one',
    ],
    [
      '{ "a": { "memory": { "pages": 64 }, "memory.pages": 32 } }',
      '20: compare.a."memory.pages": "memory", which is given before, sets it as well: give one',
    ],
    ['{ "a": 1 }', "20: compare.a: 1 is not allowed: give an object from dotted keys to values"],
    ["{}", "20: compare: an empty object is not allowed: give a variant"],
    ['["five-level"]', "20: compare: a list is not allowed: give an object from names to variants"],
  ];
  for (const [compare, said] of cases) {
    const { message } = assertThrows(() => variants(comparing(compare)), InputError);
    assertEquals(message.slice(0, `my.jsonc:${said}`.length), `my.jsonc:${said}`);
  }
  assertEquals(refusal(comparing("{}")).slice(0, 20), "my.jsonc:20: compare");
});

Deno.test("keyProblems() takes keys for what they are, and not for texts that begin alike", () => {
  assertEquals(keyProblems(["pools.b", "pools.bc.minReserve", "pools.b-2", "nameless"]), []);
});

Deno.test("applyOverrides() refuses variants on the command line", () => {
  const set = ['compare={"a":{}}'];
  assertEquals(
    refusal(SAMPLE, { set }),
    "--set compare: variants are made before the command line is looked at: give them in the file",
  );
});
