import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import jstat from "jstat";
import { parse as parseJunit, type TestSuites } from "junit2json";
import { compareResults, type Comparison } from "../comparison.ts";
import { exampleResult } from "../testdata/example.ts";
import type { ComparisonFormat } from "./format.ts";
import * as formats from "./mod.ts";

const registry: Readonly<Record<string, ComparisonFormat>> = formats;

/** A comparison with rows of every verdict, in a scenario and a pool whose names are hard to print. */
function example(name = "canonical"): Comparison {
  const pool = 'a "b"|<c>&\u0007';
  const base = exampleResult({ repeats: 6, pools: [pool] });
  const runs = base.runs.map((run, index) => {
    const result = run.pools[pool]!;
    const [first, second, ...others] = result.levels;
    const faster = { ...first!, latencyNs: { ...first!.latencyNs, p50: 48 + index / 10 } };
    const noisy = {
      ...second!,
      latencyNs: { ...second!.latencyNs, p50: 100 * (1 + index * index) },
    };
    const levels = [faster, noisy, ...others];
    return {
      ...run,
      allocsPerSecond: run.allocsPerSecond / 2,
      pools: { [pool]: { ...result, levels } },
    };
  });
  const scenario = { ...base.scenario, name };
  const options = { tQuantile: jstat.studentt.inv };
  return compareResults([{ ...base, scenario }], [{ ...base, scenario, runs }], options);
}

Deno.test("the example of comparisons has rows of every verdict", () => {
  const verdicts = new Set(example().rows.map(({ verdict }) => verdict));
  assertEquals([...verdicts].toSorted(), ["cannot tell", "faster", "same", "slower"]);
});

for (const [name, format] of Object.entries(registry)) {
  Deno.test(`${name} of comparisons has a summary, names what is slower, and ends its last line`, () => {
    assert(/^\S[^\n]{0,70}$/.test(format.summary));
    const text = format.print([example()], { color: false, columns: 80 });
    assertStringIncludes(text, "throughput");
    assertStringIncludes(text, name === "junit" ? "<failure" : "slower");
    assert(text.endsWith("\n") && !text.includes("\x1b["));
  });
}

for (const [name, format] of Object.entries(registry)) {
  Deno.test(`${name} of comparisons says that no gate can stand on it, and why`, () => {
    const message = "the results are of different machines";
    const warnings = [{ code: "other-machine", message, advice: "measure both on one" }];
    const comparison = { ...example(), comparable: false, warnings };
    const text = format.print([comparison], { color: false, columns: 200 });
    assertStringIncludes(text, message);
    assert(/not comparable|"comparable": false/.test(text), text);
  });
}

Deno.test("json of comparisons is one document of one, an array of several", () => {
  const one = JSON.parse(formats.json.print([example()], { color: false, columns: 0 }));
  assertEquals(one.schema, "mempool-bench/comparison@1");
  const two = JSON.parse(formats.json.print([example(), example()], { color: false, columns: 0 }));
  assertEquals(two.length, 2);
});

Deno.test("table of comparisons keeps to its columns", () => {
  for (const columns of [60, 80, 100, 140]) {
    const text = formats.table.print([example()], { color: false, columns });
    const widest = Math.max(...text.split("\n").map((line) => line.length));
    assert(widest <= columns, `${widest} of ${columns}`);
  }
});

Deno.test("table of comparisons gives no number to what was not shown", () => {
  const text = formats.table.print([example()], { color: false, columns: 200 });
  for (const line of text.split("\n").filter((each) => each.endsWith("  cannot tell"))) {
    assert(/\s~\s/.test(line), line);
  }
});

Deno.test("junit of comparisons is well-formed, with failures for slower and skips for cannot tell", () => {
  const comparison = example('x<y>&"z"');
  const text = formats.junit.print([comparison, comparison], { color: false, columns: 0 });
  assertEquals(XMLValidator.validate(text), true);
  const parser = new XMLParser({ ignoreAttributes: false, isArray: (name) => name === "testcase" });
  const { testsuites: { testsuite: [suite] } } = parser.parse(text);
  const count = (verdict: string) =>
    comparison.rows.filter((row) => row.verdict === verdict).length;
  assertEquals(suite["@_name"], 'x<y>&"z"');
  assertEquals(Number(suite["@_tests"]), suite.testcase.length);
  assertEquals(Number(suite["@_failures"]), count("slower"));
  const has = (key: string) => suite.testcase.filter((each: object) => key in each).length;
  assertEquals([has("failure"), has("skipped")], [count("slower"), count("cannot tell")]);
});

Deno.test("junit of comparisons is read by junit2json, row by row", async () => {
  const comparison = example();
  const text = formats.junit.print([comparison], { color: false, columns: 0 });
  const [suite, ...more] = ((await parseJunit(text)) as TestSuites).testsuite!;
  const { rows } = comparison;
  const of = (verdict: string) => rows.filter((row) => row.verdict === verdict).length;
  assertEquals([more.length, suite!.name, suite!.tests], [0, "canonical", rows.length]);
  assertEquals([suite!.failures, suite!.errors, suite!.skipped], [
    of("slower"),
    0,
    of("cannot tell"),
  ]);
  for (const [index, { failure, skipped }] of suite!.testcase!.entries()) {
    const { verdict, change } = rows[index]!;
    assertEquals(
      [failure !== undefined, skipped !== undefined],
      [verdict === "slower", verdict === "cannot tell"],
    );
    const [shown] = failure?.[0]?.message?.match(/^[+-][\d.]+(?=%)/) ?? [];
    if (verdict === "slower") assertAlmostEquals(Number(shown) / 100, change, 0.0005);
  }
});

Deno.test("markdown of comparisons lets no name become markup", () => {
  const text = formats.markdown.print([example()], { color: false, columns: 0 });
  assert(!/[^\\]<c>/.test(text) && text.includes("\\<c>"));
  assert(text.includes("**slower**"));
});

/** The example as of a session in which the sides took turns. */
function inTurns(unfit: string | null = null): Comparison {
  const comparison = example();
  const rows = comparison.rows.map((row) => ({
    ...row,
    control: { change: 0, low: -0.01, high: 0.02 },
  }));
  const session = {
    ...{ blocks: 12, blocksLeast: 9, blocksMost: 20, ended: "told", seed: 7 } as const,
    ...{ budgetNs: 30e9, spentNs: 18e9, sliceNs: 2e8, falseAlarms: 0.01, power: 0.9, unfit },
  };
  return { ...comparison, rows, session };
}

for (const [name, format] of Object.entries(registry)) {
  Deno.test(`${name} of a session says how often it is wrong, what it sees, and what is wrong with the machine`, () => {
    const print = (comparison: Comparison) =>
      format.print([comparison], { color: false, columns: 80 });
    const lines = print(inTurns("identical code differs in cpu")).replace(/\s+/g, " ");
    const sayings = name === "json"
      ? ['"falseAlarms": 0.01', '"power": 0.9', '"unfit": "identical code differs in cpu"']
      : [
        "at most 1.0% of such sessions say slower",
        "9 of 10 of them",
        "unfit: identical code differs",
      ];
    for (const saying of sayings) assertStringIncludes(lines, saying);
    assert(print(inTurns()).length > print(example()).length);
    assert(!/unfit(?!": null)/.test(print(inTurns())));
    if (name === "junit") assertEquals(XMLValidator.validate(print(inTurns('<"&'))), true);
  });
}
