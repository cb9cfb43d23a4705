import { assert } from "@std/assert";
import { exampleResult } from "../testdata/example.ts";
import type { ResultFormat } from "./format.ts";
import * as formats from "./mod.ts";

const registry: Readonly<Record<string, ResultFormat>> = formats;

await Promise.all(Object.values(registry).map((format) => format.load?.()));

for (const [name, format] of Object.entries(registry)) {
  Deno.test(`${name} has a summary of one line`, () => {
    assert(/^\S[^\n]{0,70}$/.test(format.summary));
  });

  Deno.test(`${name} ends its last line, whatever the number of runs`, () => {
    for (const repeats of [0, 1, 2, 6]) {
      const text = format.print(exampleResult({ repeats }), { color: false, columns: 80 });
      assert(text.endsWith("\n") && !text.endsWith("\n\n"));
    }
  });

  Deno.test(`${name} gives the same text for the same result, and leaves the result alone`, () => {
    const result = exampleResult({ repeats: 2 });
    const options = { color: true, columns: 100 };
    const before = structuredClone(result);
    assert(format.print(result, options) === format.print(before, options));
    assert(JSON.stringify(result) === JSON.stringify(before));
  });

  Deno.test(`${name} uses no colour where none is wanted`, () => {
    const text = format.print(exampleResult(), { color: false, columns: 80 });
    assert(!text.includes("\x1b["));
  });
}
