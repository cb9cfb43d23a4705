import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import jstat from "jstat";
import { changesOf, type HistoryChanges } from "../changes.ts";
import { exampleHistory } from "../testdata/example_history.ts";
import type { ChangeFormat } from "./format.ts";
import * as formats from "./mod.ts";

const registry: Readonly<Record<string, ChangeFormat>> = formats;

const PLAIN = { color: false, columns: 80 };

const steps = exampleHistory({ results: 40, throughput: (index) => index < 20 ? 1 : 0.9 });

/** A history with a step, in a scenario whose name is hard to print. */
function example(results = steps, name = "a|<c>\u0007"): HistoryChanges {
  const named = results.map((each) => ({ ...each, scenario: { ...each.scenario, name } }));
  return changesOf(named, { tQuantile: jstat.studentt.inv });
}

for (const [name, format] of Object.entries(registry)) {
  Deno.test(`${name} of changes has a summary, names the revision, and ends its last line`, () => {
    assert(/^\S[^\n]{0,70}$/.test(format.summary));
    const text = format.print([example()], PLAIN);
    for (const part of ["throughput", "r20", "step", "slower"]) assertStringIncludes(text, part);
    assert(text.endsWith("\n") && !/\p{Cc}/u.test(text.replaceAll("\n", "")));
  });

  Deno.test(`${name} of changes says where it cannot tell`, () => {
    const text = format.print([example(steps.slice(0, 4))], PLAIN);
    assertStringIncludes(text, "cannot tell: 4 results, 15 needed");
    assert(!text.includes("would have been seen"));
  });
}

Deno.test("table of changes calls no revision none", () => {
  const unnamed = steps.map((result, index) => {
    const revision = index === 0 ? "r0" : null;
    return { ...result, environment: { ...result.environment, revision } };
  });
  assertStringIncludes(
    formats.table.print([example(unnamed)], PLAIN),
    "40 results of 1 revision, ",
  );
  const none = formats.table.print([example(unnamed.slice(1))], PLAIN);
  assertStringIncludes(none, "39 results of no revision, ");
});

Deno.test("json of changes is one document of one, an array of several", () => {
  assertEquals(
    JSON.parse(formats.json.print([example()], PLAIN)).schema,
    "mempool-bench/changes@1",
  );
  assertEquals(JSON.parse(formats.json.print([example(), example()], PLAIN)).length, 2);
});

Deno.test("table of changes keeps to its columns", () => {
  for (const columns of [40, 60, 80, 120]) {
    const text = formats.table.print([example()], { color: false, columns });
    const widest = Math.max(...text.split("\n").map((line) => line.length));
    assert(widest <= columns, `${widest} of ${columns}`);
  }
});

Deno.test("markdown of changes lets no name become markup", () => {
  assertStringIncludes(formats.markdown.print([example()], PLAIN), "## a\\|\\<c> : changed");
});
